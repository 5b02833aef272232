"""Tests for what a schema says, as values."""

from attrs.exceptions import FrozenInstanceError
from twisted.trial.unittest import SynchronousTestCase

from txqga.schema import ArrayOf, Command, Member
from txqga.schema._model import BUILTINS, KINDS


class ModelTests(SynchronousTestCase):
    def test_values(self) -> None:
        """
        Definitions that say the same are equal, and none can be changed.
        """
        command = Command(name="x", arguments=(Member(name="a", type=ArrayOf("str")),))
        self.assertEqual(
            command, Command(name="x", arguments=(Member(name="a", type=ArrayOf("str")),))
        )
        self.assertNotEqual(command, Command(name="x", arguments=(Member(name="a", type="str"),)))
        self.assertRaises(FrozenInstanceError, setattr, command, "name", "y")

    def test_array(self) -> None:
        """
        The list of a type can be looked up, as its name can.
        """
        self.assertEqual({ArrayOf("a"): 1, "a": 2}[ArrayOf("a")], 1)

    def test_allowed_while_frozen(self) -> None:
        """
        A command is answered while the filesystems are frozen only if its features say so.
        """
        self.assertFalse(Command(name="x").allowed_while_frozen)
        self.assertTrue(Command(name="x", features=("allowed-while-frozen",)).allowed_while_frozen)

    def test_base64(self) -> None:
        """
        A string that holds octets says so in its features; nothing else can.
        """
        self.assertFalse(Member(name="a", type="str").is_base64)
        self.assertTrue(Member(name="a", type="str", features=("base64",)).is_base64)
        self.assertFalse(Member(name="a", type="int", features=("base64",)).is_base64)

    def test_builtins(self) -> None:
        """
        Each builtin type is a kind that decoded JSON has; any is all of them.
        """
        self.assertEqual(set(BUILTINS.values()) - set(KINDS.values()), {"any"})
