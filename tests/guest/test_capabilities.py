"""What an agent can do, by what it says of itself."""

from twisted.trial.unittest import SynchronousTestCase

from tests.guest._case import info
from txqga.errors import CommandNotFound, Misfit
from txqga.guest._capabilities import LONGEST, MOST, Capabilities, read_capabilities
from txqga.schema import extended


class CapabilitiesTests(SynchronousTestCase):
    def test_read(self) -> None:
        """
        What is disabled, the agent cannot do.
        """
        found = read_capabilities(extended(), info("a", "b", disabled="b"))
        self.assertEqual(found, Capabilities("9.2.0", frozenset({"a"})))
        self.assertEqual(found.missing(["b", "a", "c"]), ["b", "c"])

    def test_require(self) -> None:
        """
        What is missing is named.
        """
        found = Capabilities("9.2.0", frozenset({"a"}))
        found.require("a")
        wrong = self.assertRaises(CommandNotFound, found.require, "a", "b")
        self.assertEqual(wrong.command, "b")
        self.assertIn("9.2.0", wrong.desc)

    def test_hostile(self) -> None:
        """
        Of an agent that says more than any agent has, no more is kept than that.
        """
        found = read_capabilities(extended(), info(*map(str, range(MOST + 1)), "x"))
        self.assertEqual(len(found.commands), MOST)
        found = read_capabilities(extended(), info("a" * (LONGEST + 1), "b"))
        self.assertEqual(found.commands, {"b"})
        too_long = info(version="1" * (LONGEST + 1))
        self.assertRaises(Misfit, read_capabilities, extended(), too_long)
        self.assertRaises(Misfit, read_capabilities, extended(), {})
