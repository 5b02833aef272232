"""The plug-ins that come with txqga, loaded as an agent loads them."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from txqga.agent.plugins import load_plugins
from txqga.schema import extended


class AskingTests(SynchronousTestCase):
    """A test case with all of them, and no tests of its own."""

    def setUp(self) -> None:
        self.plugins = load_plugins([str(ROOT / "plugins")], extended())
        self.addCleanup(self.plugins.close)

    def ask(self, command: str, **arguments: Any) -> Any:
        """What a command returns."""
        return self.plugins.commands()[command].function(arguments)
