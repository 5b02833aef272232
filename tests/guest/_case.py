"""A guest and a scripted agent on one clock."""

from random import Random
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.guest import Guest
from txqga.session import Session
from txqga.testing import ScriptedAgent
from txqga.wire import JSON


def info(*commands: str, disabled: str = "", version: str = "9.2.0") -> JSON:
    """Make a reply to ``guest-info``."""
    return {
        "version": version,
        "supported_commands": [
            {"name": each, "enabled": each != disabled, "success-response": True}
            for each in commands
        ],
    }


class GuestCase(SynchronousTestCase):
    """A guest that is connected to a scripted agent."""

    made: type[Guest] = Guest

    def setUp(self) -> None:
        self.clock = Clock()
        self.agent = ScriptedAgent()
        self.session = Session(self.clock, self.agent, name="db1", random=Random(7))
        self.guest = self.made.of_session(self.clock, self.session)
        self.session.start()
        self.agent.flush()

    def result(self, asked: Deferred[Any]) -> Any:
        """Give what comes of a call that is answered at once."""
        self.agent.flush()
        return self.successResultOf(asked)

    def failure(self, asked: Deferred[Any], *kinds: type[Exception]) -> Any:
        """Give what a call fails with that is answered at once."""
        self.agent.flush()
        return self.failureResultOf(asked, *kinds).value
