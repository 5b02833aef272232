"""
What the families of commands ask of an operating system.

The schema's types are what all systems have in common, so a value here is JSON already: it has the
shape of the type that its command returns, keys in wire spelling. What is not JSON is what a
family still works on.
"""

from collections.abc import Iterable
from typing import Protocol

from attrs import frozen

from txqga.wire import JSON


@frozen
class Session:
    """Somebody who is logged in, once."""

    user: str
    since: float  #: seconds since 1970


@frozen(kw_only=True)
class User:
    """An account."""

    name: str
    uid: int
    gid: int  #: of the primary group
    home: str  #: path of the home folder


class Platform(Protocol):
    """
    An operating system, as far as it can be read.

    Every method but the last one raises :class:`txqga.errors.CommandFailed` where the system does
    not tell, in the words of the reply.
    """

    def os_info(self) -> JSON:
        """Return a ``GuestOSInfo``."""

    def load(self) -> tuple[float, float, float]:
        """Return the load average over 1, 5 and 15 minutes."""

    def sessions(self) -> Iterable[Session]:
        """Return who is logged in, in the order of the system's records."""

    def interfaces(self) -> JSON:
        """Return a list of ``GuestNetworkInterface``."""

    def routes(self) -> JSON:
        """Return a list of ``GuestNetworkRoute``."""

    def cpus(self) -> JSON:
        """Return a list of ``GuestLogicalProcessor``."""

    def cpu_times(self) -> JSON:
        """Return a list of ``GuestCpuStats``."""

    def memory_blocks(self) -> JSON:
        """Return a list of ``GuestMemoryBlock``, empty where memory has no blocks."""

    def memory_block_size(self) -> int:
        """Return the size of each, in octets."""

    def filesystems(self) -> JSON:
        """Return a list of ``GuestFilesystemInfo``."""

    def disks(self) -> JSON:
        """Return a list of ``GuestDiskInfo``."""

    def disk_activity(self) -> JSON:
        """Return a list of ``GuestDiskStatsInfo``."""

    def user(self, name: str) -> User | None:
        """Return the account of that name, if there is one."""

    def read_as(self, user: User, path: str) -> bytes:
        """
        Return what the file at ``path`` holds, read with no more rights than ``user`` has.

        :raise OSError: it cannot be read.
        :raise CommandFailed: the rights of the user cannot be taken on.
        """
