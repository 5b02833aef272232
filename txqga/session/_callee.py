"""What can be asked to run commands: a session, and all that stands for one."""

from collections.abc import Mapping
from typing import Protocol

from twisted.internet.defer import Deferred

from txqga.wire import JSON


class Callee(Protocol):
    """A guest: a :class:`txqga.session.Session`, a :class:`txqga.Guest`, or alike."""

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """Ask the agent; fails as :meth:`txqga.session.Session.call` does."""
