"""Families of commands that read a platform, or change it, asked as the dispatcher asks them."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform._interface import EXAMPLE
from txqga.agent._family import Family
from txqga.agent.platform import MemoryPlatform
from txqga.errors import CommandFailed


class AskingTests(SynchronousTestCase):
    """A test case with an example of a machine, and no tests of its own."""

    def setUp(self) -> None:
        self.blocking = False  # what is asked runs in the worker thread
        self.platform = MemoryPlatform(**{name: value for name, (_, value) in EXAMPLE.items()})

    def ask(self, family: Family, command: str, **arguments: Any) -> Any:
        """What a command returns."""
        self.addCleanup(family.close)
        served = family.commands()[command]
        self.assertEqual(served.blocking, self.blocking)
        return served.function(arguments)

    def refusal(self, family: Family, command: str, **arguments: Any) -> str:
        """Why a command fails."""
        return str(self.assertRaises(CommandFailed, self.ask, family, command, **arguments).desc)
