"""An operating system in memory: it says what it was told to say, and notes what is done to it."""

import copy
import errno
import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import frozen

from txqga.agent.platform._memory_mounts import MemoryMounts
from txqga.agent.platform._platform import Mounted, Session, User
from txqga.errors import CommandFailed
from txqga.wire import JSON

#: A machine with nothing in it.
_NOTHING: Mapping[str, Any] = {
    "os_info": {},
    "load": (0.0, 0.0, 0.0),
    "memory_block_size": 1 << 27,
    "trim": {"paths": []},
    "boot_time": 0.0,
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
    :param mounts: filesystems that can be frozen.
    :param readings: what the method of that name returns; a :class:`CommandFailed` is raised, by
        methods that return nothing too. What is not given is that of a machine with nothing in it.
    """

    done: list[tuple[Any, ...]]  #: what changed it: names of methods, each with its arguments

    def __init__(
        self,
        *,
        users: Iterable[User] = (),
        files: Mapping[str, MemoryFile] | None = None,
        mounts: MemoryMounts | None = None,
        **readings: Any,
    ) -> None:
        self._users = {user.name: user for user in users}
        self._files = dict(files or {})
        self._folders = {posixpath.dirname(path) for path in self._files}
        self._folders.update(user.home for user in self._users.values())
        self._readings = copy.deepcopy(readings)  # some are changed by what is done
        self.done = []
        self._mounts = mounts or MemoryMounts()

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

    def make_folder_as(self, user: User, path: str) -> None:
        self._do("make_folder_as", user.name, path)
        if posixpath.dirname(path) not in self._folders:
            raise CommandFailed(f"failed to create directory '{path}': {os.strerror(errno.ENOENT)}")
        self._folders.add(path)

    def replace_as(self, user: User, path: str, content: bytes) -> None:
        self._do("replace_as", user.name, path)
        if posixpath.dirname(path) not in self._folders:
            step = f"Failed to create file “{path}.XXXXXX”"
            raise CommandFailed(f"failed to write to '{path}': {step}: {os.strerror(errno.ENOENT)}")
        self._files[path] = MemoryFile(content, owner=user.uid)

    def set_password(self, user: str, password: bytes, *, crypted: bool) -> None:
        self._do("set_password", user, password, crypted)

    def set_clock(self, microseconds: int) -> None:
        self._do("set_clock", microseconds)

    def clock_to_hardware(self) -> None:
        self._do("clock_to_hardware")

    def clock_from_hardware(self) -> None:
        self._do("clock_from_hardware")

    def set_cpu(self, number: int, *, online: bool) -> None:
        self._do("set_cpu", number, online)
        for cpu in self._reading("cpus"):
            if cpu["logical-id"] == number:
                if cpu["online"] and not (online or cpu["can-offline"]):
                    raise CommandFailed(f"logical processor #{number} can't be offlined")
                cpu["online"] = online
                return
        raise CommandFailed(f"no logical processor #{number}")

    def set_memory_block(self, number: int, *, online: bool) -> JSON:
        self._do("set_memory_block", number, online)
        for block in self._reading("memory_blocks"):
            if block["phys-index"] == number:
                block["online"] = online
                return {"phys-index": number, "response": "success"}
        return {"phys-index": number, "response": "not-found", "error-code": errno.ENOENT}

    def trim(self, minimum: int) -> JSON:
        self._do("trim", minimum)
        return self._reading("trim")

    def shut_down(self, mode: str) -> None:
        self._do("shut_down", mode)

    def suspend(self, mode: str) -> None:
        self._do("suspend", mode)

    def _do(self, name: str, *arguments: Any) -> None:
        self._reading(name)
        self.done.append((name, *arguments))

    def boot_time(self) -> float:
        return float(self._reading("boot_time"))

    def mounted(self) -> Sequence[Mounted]:
        self._reading("mounted")
        return self._mounts.all()

    def freeze(self, mount: Mounted) -> int | None:
        return self._mounts.freeze(mount)

    def thaw(self, held: int) -> bool:
        return self._mounts.thaw(held)

    def thaw_at(self, mount: Mounted) -> bool:
        return self._mounts.thaw_at(mount)

    def _reading(self, name: str) -> Any:
        value = self._readings.get(name, _NOTHING.get(name, []))
        if isinstance(value, CommandFailed):
            raise value
        return value


def _error(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)
