"""guest-get-users, guest-set-user-password: those who use the guest. Facts 6, 9."""

from collections.abc import Mapping

from txqga.agent._base64 import decode
from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.errors import CommandFailed
from txqga.wire import JSON


class Users:
    """Who is logged in, and by which password they may."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-users": Served(self._users),
            "guest-set-user-password": Served(self._set_password, blocking=True),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _users(self, arguments: Mapping[str, JSON]) -> JSON:
        """Return each user once, with the earliest login; the order is that of the records."""
        since: dict[str, float] = {}
        for session in self._platform.sessions():
            since[session.user] = min(session.since, since.get(session.user, session.since))
        return [{"user": user, "login-time": time} for user, time in since.items()]

    def _set_password(self, arguments: Mapping[str, JSON]) -> JSON:
        """Take what comes before a NUL, as ``qemu-ga`` does, and whoever reads it from us."""
        user = arguments["username"]
        password, _, _ = decode(arguments["password"]).partition(b"\0")
        if b"\n" in password:
            raise CommandFailed("forbidden characters in raw password")
        if "\n" in user or ":" in user:
            raise CommandFailed("forbidden characters in username")
        self._platform.set_password(user, password, crypted=arguments["crypted"])
