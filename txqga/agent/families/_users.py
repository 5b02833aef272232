"""guest-get-users: who is logged in."""

from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.wire import JSON


class Users:
    """Those who use the guest."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {"guest-get-users": Served(self._users)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _users(self, arguments: Mapping[str, JSON]) -> JSON:
        """Return each user once, with the earliest login; the order is that of the records."""
        since: dict[str, float] = {}
        for session in self._platform.sessions():
            since[session.user] = min(session.since, since.get(session.user, session.since))
        return [{"user": user, "login-time": time} for user, time in since.items()]
