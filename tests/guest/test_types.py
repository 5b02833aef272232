"""What commands take and return."""

from attrs import has
from twisted.trial.unittest import SynchronousTestCase

from txqga.guest import types
from txqga.schema import attrs_type, extended


class TypesTests(SynchronousTestCase):
    def test_all(self) -> None:
        """
        Each name of the module is the class of that name, which replies are made of.
        """
        self.assertIs(types.GuestUser, attrs_type(extended(), "GuestUser"))
        self.assertIs(types.GuestCpuStatsLinux, attrs_type(extended(), "GuestCpuStats", "linux"))
        self.assertTrue(has(types.GuestUser))
        for name in dir(types):
            self.assertIsNot(getattr(types, name), None, name)
        self.assertIn("GuestUser", dir(types))

    def test_unknown(self) -> None:
        """
        What the schema does not have is not there.
        """
        self.assertRaises(AttributeError, getattr, types, "GuestFoo")
