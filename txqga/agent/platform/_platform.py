"""
What the families of commands ask of an operating system.

The schema's types are what all systems have in common, so a value here is JSON already: it has the
shape of the type that its command returns, keys in wire spelling. What is not JSON is what a
family still works on.
"""

from collections.abc import Iterable, Sequence
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


@frozen
class Mounted:
    """A filesystem that can be frozen."""

    folder: str  #: where it is mounted
    device: str  #: what it lies on: no two have the same


class Platform(Protocol):
    """
    An operating system, as far as it can be read and changed.

    Every method but :meth:`user` and :meth:`read_as` raises :class:`txqga.errors.CommandFailed`
    where the system does not tell, or does not do, in the words of the reply. Those that change
    something, and those that act as a user, may take long: they are for the worker thread.
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

    def make_folder_as(self, user: User, path: str) -> None:
        """
        Make a folder that is the user's alone, with no more rights than he has.

        One that is there already may stay as it is.
        """

    def replace_as(self, user: User, path: str, content: bytes) -> None:
        """
        Put a file that is the user's alone in the place of whatever is at ``path``.

        It is done at one stroke, with no more rights than he has: what is there is never lost.
        """

    def set_password(self, user: str, password: bytes, *, crypted: bool) -> None:
        """
        Give an account another password; neither it nor the name holds a line feed.

        :param crypted: it is what the system keeps of a password, not the password itself.
        """

    def set_clock(self, microseconds: int) -> None:
        """Set the time of day, in microseconds since 1970."""

    def clock_to_hardware(self) -> None:
        """Set the clock that goes on when the machine is off to the time of day."""

    def clock_from_hardware(self) -> None:
        """Set the time of day to what that clock shows."""

    def set_cpu(self, number: int, *, online: bool) -> None:
        """Switch a processor on or off; nothing happens if it is so already."""

    def set_memory_block(self, number: int, *, online: bool) -> JSON:
        """
        Put a block of memory to use, or take it from it.

        :return: a ``GuestMemoryBlockResponse``: nothing is raised.
        """

    def trim(self, minimum: int) -> JSON:
        """
        Tell the disks which blocks are not needed any more.

        :param minimum: octets of the smallest extent worth the trouble.
        :return: a ``GuestFilesystemTrimResponse``.
        """

    def shut_down(self, mode: str) -> None:
        """End it all; the mode is ``powerdown``, ``halt`` or ``reboot``."""

    def suspend(self, mode: str) -> None:
        """
        Go to sleep; the mode is ``disk``, ``ram`` or ``hybrid``.

        It may return when the machine is awake again, or before it sleeps.
        """

    def boot_time(self) -> float:
        """Return the seconds since the machine was booted, those asleep too; no clock moves it."""

    def mounted(self) -> Sequence[Mounted]:
        """
        Return the filesystems that can be frozen, those first that others lie on.

        This and what follows may take long, or for ever.
        """

    def freeze(self, mount: Mounted) -> int | None:
        """
        Hold a filesystem still: what writes to it waits.

        :return: what :meth:`thaw` takes; None if it is not there, cannot be frozen or is already.
        """

    def thaw(self, held: int) -> bool:
        """
        Let a filesystem go, once, whoever froze it; tell whether it was frozen.

        :raise OSError: it stays frozen.
        """

    def thaw_at(self, mount: Mounted) -> bool:
        """
        Do the same with one that is mounted, whether it was frozen by us or not.

        :raise OSError: it stays frozen.
        """
