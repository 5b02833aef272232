"""Linux as a :class:`txqga.agent.platform.Platform`."""

import errno
import os
from collections.abc import Iterable, Mapping, Sequence

from txqga.agent._failing import failing
from txqga.agent._octets import octets
from txqga.agent.platform._platform import Mounted, Session, User
from txqga.agent.platform.linux import _diskstats, _freezing, _net_dev, _stat, _utmp
from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._cpus import cpus, set_cpu
from txqga.agent.platform.linux._disks import disks
from txqga.agent.platform.linux._filesystems import filesystems
from txqga.agent.platform.linux._identity import acting_as
from txqga.agent.platform.linux._ifaddrs import addresses, interfaces, links
from txqga.agent.platform.linux._keeping import make_folder, replace
from txqga.agent.platform.linux._memory_blocks import (
    block_size,
    memory_blocks,
    set_memory_block,
)
from txqga.agent.platform.linux._os_release import FILES, members
from txqga.agent.platform.linux._plain_path import open_plain
from txqga.agent.platform.linux._routes import IPV4_FILE, IPV6_FILE, ipv4_routes, ipv6_routes
from txqga.agent.platform.linux._rtnetlink import ADDRESSES, LINKS
from txqga.agent.platform.linux._suspend import suspend
from txqga.agent.platform.linux._tree import Tree
from txqga.agent.platform.linux._trim import trim
from txqga.wire import JSON

_OS_RELEASE = "QGA_OS_RELEASE"  #: the variable that names another file, and no second one
_SHUTDOWN = {"powerdown": "-P", "halt": "-H", "reboot": "-r"}
_LONGEST = 1 << 24  #: octets of a user's file: he shall not fill the agent's memory


class Linux:
    """
    The Linux that this process runs on.

    :param tree: where its files are.
    :param calls: what is not in files.
    :param environment: this process's variables.
    """

    def __init__(
        self,
        tree: Tree | None = None,
        calls: Calls | None = None,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._tree = tree or Tree()
        self._calls = calls or Calls()
        self._environment = environment

    def os_info(self) -> JSON:
        kernel = self._calls.uname()
        return {
            "kernel-release": kernel.release,
            "kernel-version": kernel.version,
            "machine": kernel.machine,
            **members(self._os_release()),
        }

    def load(self) -> tuple[float, float, float]:
        with failing("cannot query load average"):
            return self._calls.load()

    def sessions(self) -> Iterable[Session]:
        try:
            octets = self._tree.read(_utmp.FILE)
        except OSError:  # many systems keep no such file any more
            return ()
        return tuple(_utmp.sessions(octets, self._calls.uname().machine))

    def interfaces(self) -> JSON:
        with failing("getifaddrs failed"):
            found = list(links(self._calls.netlink(LINKS)))
            known = {link.index: link for link in found}
            told = list(addresses(self._calls.netlink(ADDRESSES), known))
        try:
            statistics = _net_dev.statistics(self._tree.read(_net_dev.FILE))
        except OSError:
            statistics = {}
        return interfaces(found, told, statistics)

    def routes(self) -> JSON:
        """
        Return a list of ``GuestNetworkRoute``; a kernel without IPv6 has no table of it.
        """
        tables: list[JSON] = []
        for file, parse in ((IPV4_FILE, ipv4_routes), (IPV6_FILE, ipv6_routes)):
            with failing(f'open("{file}")'):
                try:
                    tables += parse(self._tree.read(file))
                except FileNotFoundError:
                    continue
        return tables

    def cpus(self) -> JSON:
        return list(cpus(self._tree))

    def cpu_times(self) -> JSON:
        with failing(f'open("{_stat.FILE}")'):
            octets = self._tree.read(_stat.FILE)
        return list(_stat.cpu_times(octets, self._calls.ticks()))

    def memory_blocks(self) -> JSON:
        return memory_blocks(self._tree)

    def memory_block_size(self) -> int:
        return block_size(self._tree)

    def filesystems(self) -> JSON:
        return filesystems(self._tree, self._calls)

    def disks(self) -> JSON:
        return disks(self._tree, self._calls.smart_log)

    def disk_activity(self) -> JSON:
        with failing(f'open("{_diskstats.FILE}")'):
            octets = self._tree.read(_diskstats.FILE)
        return list(_diskstats.disk_activity(octets))

    def user(self, name: str) -> User | None:
        try:
            found = self._calls.account(name)
        except (KeyError, ValueError):  # ValueError: no name of any user could be so
            return None
        return User(name=name, uid=found.pw_uid, gid=found.pw_gid, home=found.pw_dir)

    def read_as(self, user: User, path: str) -> bytes:
        flags = os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK  # it may be a FIFO
        with acting_as(user, self._calls.ids):
            file = open_plain(self._tree.real(path), flags)
            try:
                return _content(file)
            finally:
                os.close(file)

    def make_folder_as(self, user: User, path: str) -> None:
        with acting_as(user, self._calls.ids):
            make_folder(self._tree, self._calls, user, path)

    def replace_as(self, user: User, path: str, content: bytes) -> None:
        with acting_as(user, self._calls.ids):
            replace(self._tree, self._calls, user, path, content)

    def set_password(self, user: str, password: bytes, *, crypted: bool) -> None:
        argv = ["chpasswd", "-e"] if crypted else ["chpasswd"]
        data = b"%b:%b\n" % (octets(user), password)
        self._calls.programs.run(argv, "set user password", data=data)

    def set_clock(self, microseconds: int) -> None:
        with failing("Failed to set time to guest"):
            self._calls.set_clock(microseconds * 1000)

    def clock_to_hardware(self) -> None:
        self._hwclock("-w")

    def clock_from_hardware(self) -> None:
        self._hwclock("-s")

    def set_cpu(self, number: int, *, online: bool) -> None:
        set_cpu(self._tree, self._calls, number, online=online)

    def set_memory_block(self, number: int, *, online: bool) -> JSON:
        return set_memory_block(self._tree, self._calls, number, online=online)

    def trim(self, minimum: int) -> JSON:
        return trim(self._tree, self._calls, minimum)

    def shut_down(self, mode: str) -> None:
        words = ["-h", _SHUTDOWN[mode], "+0", "hypervisor initiated shutdown"]
        self._calls.programs.run(["/sbin/shutdown", *words], "shutdown")

    def suspend(self, mode: str) -> None:
        suspend(self._tree, self._calls, mode)

    def _hwclock(self, word: str) -> None:
        self._calls.programs.run(["/sbin/hwclock", word], "set hardware clock to system time")

    def boot_time(self) -> float:
        return self._calls.boot_time()

    def mounted(self) -> Sequence[Mounted]:
        return _freezing.mounted(self._tree, self._calls)

    def freeze(self, mount: Mounted) -> int | None:
        return _freezing.freeze(self._tree, self._calls, mount)

    def thaw(self, held: int) -> bool:
        return _freezing.thaw(self._calls, held)

    def thaw_at(self, mount: Mounted) -> bool:
        return _freezing.thaw_at(self._tree, self._calls, mount)

    def _os_release(self) -> bytes:
        """Return the description of the distribution; nothing where there is none."""
        named = self._environment.get(_OS_RELEASE)
        for file in FILES if named is None else (named,):
            try:
                return self._tree.read(file)
            except OSError:
                continue
        return b""


def _content(file: int) -> bytes:
    """Return what an open file holds."""
    pieces = []
    left = _LONGEST + 1
    while left > 0 and (piece := os.read(file, min(left, 1 << 16))):
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return b"".join(pieces)
