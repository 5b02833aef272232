"""An operating system in memory: it says what it was told to say."""

import errno
import os
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from txqga.agent.platform._platform import Session, User
from txqga.errors import CommandFailed
from txqga.wire import JSON

#: A machine with nothing in it.
_NOTHING: Mapping[str, Any] = {
    "os_info": {},
    "load": (0.0, 0.0, 0.0),
    "memory_block_size": 1 << 27,
}


@frozen
class MemoryFile:
    """A file that :meth:`MemoryPlatform.read_as` finds."""

    octets: bytes
    owner: int | None = None  #: uid of the one user who may read it; None: everybody may


class MemoryPlatform:
    """
    A :class:`Platform` for what lies above one: tests, and agents of machines that do not exist.

    :param users: the accounts.
    :param files: by path.
    :param readings: what the method of that name returns; a :class:`CommandFailed` is raised. What
        is not given is that of a machine with nothing in it.
    """

    def __init__(
        self,
        *,
        users: Iterable[User] = (),
        files: Mapping[str, MemoryFile] | None = None,
        **readings: Any,
    ) -> None:
        self._users = {user.name: user for user in users}
        self._files = dict(files or {})
        self._readings = readings

    def tell(self, **readings: Any) -> None:
        """Change what the methods return from now on."""
        self._readings.update(readings)

    def os_info(self) -> JSON:
        return self._reading("os_info")

    def load(self) -> tuple[float, float, float]:
        one, five, fifteen = self._reading("load")
        return one, five, fifteen

    def sessions(self) -> Iterable[Session]:
        return tuple(self._reading("sessions"))

    def interfaces(self) -> JSON:
        return self._reading("interfaces")

    def routes(self) -> JSON:
        return self._reading("routes")

    def cpus(self) -> JSON:
        return self._reading("cpus")

    def cpu_times(self) -> JSON:
        return self._reading("cpu_times")

    def memory_blocks(self) -> JSON:
        return self._reading("memory_blocks")

    def memory_block_size(self) -> int:
        return int(self._reading("memory_block_size"))

    def filesystems(self) -> JSON:
        return self._reading("filesystems")

    def disks(self) -> JSON:
        return self._reading("disks")

    def disk_activity(self) -> JSON:
        return self._reading("disk_activity")

    def user(self, name: str) -> User | None:
        return self._users.get(name)

    def read_as(self, user: User, path: str) -> bytes:
        file = self._files.get(path)
        if file is None:
            raise _error(errno.ENOENT, path)
        if file.owner not in (None, user.uid) and user.uid != 0:
            raise _error(errno.EACCES, path)
        return file.octets

    def _reading(self, name: str) -> Any:
        value = self._readings.get(name, _NOTHING.get(name, []))
        if isinstance(value, CommandFailed):
            raise value
        return value


def _error(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)
