"""
What is asked of every guest, how often, and where it comes from: the first source that the guest
has is used.
"""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from txqga.monitor._draft import Draft
from txqga.monitor._source import Answer, Command, File, Read, Source
from txqga.monitor.collectors import _memory, _network, _processors, _storage, _system


@frozen
class Datum:
    """Something that is asked of guests again and again."""

    name: str  #: a word of ours
    period: float  #: seconds from one time to the next
    sources: tuple[Source, ...]  #: the best one first


def _plain(read: Callable[[Any, Draft], None]) -> Read:
    return lambda answer, draft: read(answer.said, draft)


def _clock(answer: Answer, draft: Draft) -> None:
    _system.clock(answer.said, draft, answer.sent, answer.received)


def _uptime(answer: Answer, draft: Draft) -> None:
    _system.uptime(str(answer.said), draft, answer.received)


def _command(name: str, read: Callable[[Any, Draft], None]) -> Command:
    return Command(name, _plain(read))


def _file(path: str, read: Callable[[str, Draft], None]) -> File:
    return File(path, _plain(read))


#: In the order in which a guest is asked that has just come.
DATA = (
    Datum("agent", 300.0, (_command("guest-info", _system.agent),)),
    Datum("os", 120.0, (_command("guest-get-osinfo", _system.system),)),
    Datum(
        "load",
        15.0,
        (
            _command("guest-get-load", _processors.load),
            _file("/proc/loadavg", _processors.loadavg),
        ),
    ),
    Datum(
        "cpu",
        15.0,
        (
            _command("guest-get-cpustats", _processors.cpu_times),
            _file("/proc/stat", _processors.stat),
        ),
    ),
    Datum(
        "memory",
        15.0,
        (
            _command("txqga-get-meminfo", _memory.meminfo),
            _file("/proc/meminfo", _memory.meminfo_file),
        ),
    ),
    Datum(
        "disks",
        30.0,
        (
            _command("guest-get-diskstats", _storage.disks),
            _file("/proc/diskstats", _storage.diskstats),
        ),
    ),
    Datum(
        "network",
        30.0,
        (
            _command("guest-network-get-interfaces", _network.interfaces),
            _file("/proc/net/dev", _network.net_dev),
        ),
    ),
    Datum("filesystems", 60.0, (_command("guest-get-fsinfo", _storage.filesystems),)),
    Datum("vcpus", 60.0, (_command("guest-get-vcpus", _processors.vcpus),)),
    Datum("users", 60.0, (_command("guest-get-users", _system.users),)),
    Datum("clock", 60.0, (Command("guest-get-time", _clock),)),
    Datum("uptime", 120.0, (File("/proc/uptime", _uptime),)),
    Datum("boot", 120.0, (_file("/proc/sys/kernel/random/boot_id", _system.boot_id),)),
)
