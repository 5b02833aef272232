"""The interfaces that embedders provide or receive."""

import inspect

from twisted.trial.unittest import SynchronousTestCase
from zope.interface.interface import InterfaceClass, Method

from txqga import interfaces


class InterfacesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.interfaces = [
            value
            for value in vars(interfaces).values()
            if isinstance(value, InterfaceClass) and value.__module__ == interfaces.__name__
        ]

    def test_named(self) -> None:
        """
        An interface is told by its name: ``I`` and what it is.
        """
        self.assertNotEqual(self.interfaces, [])
        for each in self.interfaces:
            self.assertRegex(each.__name__, r"\AI[A-Z][A-Za-z]+\Z")

    def test_documented(self) -> None:
        """
        Each interface, and each of its methods, says what is promised.
        """
        for each in self.interfaces:
            self.assertTrue(inspect.getdoc(each), each.__name__)
            for name, member in each.namesAndDescriptions():
                self.assertTrue(member.getDoc(), f"{each.__name__}.{name}")

    def test_no_self(self) -> None:
        """
        Methods are written as they are called, so that ``verifyObject`` can compare them.
        """
        for each in self.interfaces:
            for name, member in each.namesAndDescriptions():
                if isinstance(member, Method):
                    self.assertNotIn("self", member.positional, f"{each.__name__}.{name}")
