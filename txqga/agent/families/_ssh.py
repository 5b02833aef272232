"""guest-ssh-get-authorized-keys: which keys may log in as a user. Facts 9."""

import errno
from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.agent._octets import text
from txqga.agent.platform import Platform
from txqga.errors import CommandFailed
from txqga.wire import JSON

_BLANKS = b" \t\n\r\f"  #: what ``g_ascii_isspace`` takes for white space


class Ssh:
    """
    The file ``.ssh/authorized_keys`` of users.

    It is the user's, and so is the folder: it is read with his rights, never with root's, or he
    could have the agent show him any file by a symbolic link.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {"guest-ssh-get-authorized-keys": Served(self._get)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _get(self, arguments: Mapping[str, JSON]) -> JSON:
        name = arguments["username"]
        user = self._platform.user(name)
        if user is None:
            raise CommandFailed(f"failed to lookup user '{name}': Success")
        path = f"{user.home.rstrip('/')}/.ssh/authorized_keys"
        try:
            octets = self._platform.read_as(user, path)
        except OSError as why:
            step = "Error reading" if why.errno == errno.EISDIR else "Failed to open"
            desc = f"failed to read '{path}': {step} file “{path}”: {why.strerror}"
            raise CommandFailed(desc) from why
        return {"keys": [text(key) for key in reversed(authorized_keys(octets))]}


def authorized_keys(octets: bytes) -> list[bytes]:
    """
    Return the keys in a file, in its order; what comes after a NUL is no part of it.
    """
    lines = [line.strip(_BLANKS) for line in octets.partition(b"\0")[0].split(b"\n")]
    return [line for line in lines if line and not line.startswith(b"#")]
