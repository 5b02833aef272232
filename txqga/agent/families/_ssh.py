"""
guest-ssh-get-authorized-keys, -add- and -remove-: which keys may log in as a user. Facts 9.
"""

import errno
from collections.abc import Iterable, Mapping, Sequence

from txqga.agent._family import Served
from txqga.agent._octets import octets, text
from txqga.agent.platform import Platform, User
from txqga.errors import CommandFailed
from txqga.wire import JSON

_BLANKS = b" \t\n\r\f"  #: what ``g_ascii_isspace`` takes for white space


class Ssh:
    """
    The file ``.ssh/authorized_keys`` of users.

    It is the user's, and so is the folder: it is read and written with his rights, never with
    root's, or he could have the agent show him any file by a symbolic link, or change it. All of
    it is *blocking*: his home may be one that never answers. And since the whole process has his
    rights for a moment, nothing may run that needs others: the one worker thread sees to that.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-ssh-get-authorized-keys": Served(self._get, blocking=True),
            "guest-ssh-add-authorized-keys": Served(self._add, blocking=True),
            "guest-ssh-remove-authorized-keys": Served(self._remove, blocking=True),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _get(self, arguments: Mapping[str, JSON]) -> JSON:
        user = self._user(arguments["username"])
        try:
            content = self._platform.read_as(user, _file(user))
        except OSError as why:
            raise _unreadable(_file(user), why) from why
        return {"keys": [text(key) for key in reversed(authorized_keys(content))]}

    def _add(self, arguments: Mapping[str, JSON]) -> JSON:
        keys = _checked(arguments["keys"])
        user = self._user(arguments["username"])
        lines = None if arguments.get("reset", False) else self._lines(user)
        if lines is None:
            self._platform.make_folder_as(user, _folder(user))
        known = dict.fromkeys(lines or ())
        new = [key for key in dict.fromkeys(keys) if key not in known]
        self._write(user, [*(lines or ()), *new])

    def _remove(self, arguments: Mapping[str, JSON]) -> JSON:
        gone = frozenset(_checked(arguments["keys"]))
        user = self._user(arguments["username"])
        lines = self._lines(user)
        if lines is not None:
            self._write(user, [line for line in lines if line not in gone])

    def _user(self, name: str) -> User:
        user = self._platform.user(name)
        if user is None:
            raise CommandFailed(f"failed to lookup user '{name}': Success")
        return user

    def _lines(self, user: User) -> Sequence[bytes] | None:
        """
        Return the lines of a file that is to be changed; None if there is none.

        What cannot be read is not to be lost.
        """
        try:
            content = self._platform.read_as(user, _file(user))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as why:
            raise _unreadable(_file(user), why) from why
        return content.split(b"\n") if content else []

    def _write(self, user: User, lines: Iterable[bytes]) -> None:
        self._platform.replace_as(user, _file(user), b"\n".join(lines))


def _folder(user: User) -> str:
    return f"{user.home.rstrip('/')}/.ssh"


def _file(user: User) -> str:
    return f"{_folder(user)}/authorized_keys"


def _checked(keys: Iterable[str]) -> list[bytes]:
    """Return keys that can be told from comments, and from each other."""
    for key in keys:
        if key.startswith("#") or "\n" in key:
            raise CommandFailed(f"invalid OpenSSH public key: '{key}'")
    return [octets(key) for key in keys]


def _unreadable(path: str, why: OSError) -> CommandFailed:
    step = "Error reading" if why.errno == errno.EISDIR else "Failed to open"
    return CommandFailed(f"failed to read '{path}': {step} file “{path}”: {why.strerror}")


def authorized_keys(octets: bytes) -> list[bytes]:
    """
    Return the keys in a file, in its order; what comes after a NUL is no part of it.
    """
    lines = [line.strip(_BLANKS) for line in octets.partition(b"\0")[0].split(b"\n")]
    return [line for line in lines if line and not line.startswith(b"#")]
