"""Filesystems, and the disks below them."""

from txqga.monitor import _figures as figures
from txqga.monitor._draft import Draft
from txqga.monitor._said import entries, lines, member, number
from txqga.wire import JSON

_SECTOR = 512.0
_MILLISECOND = 0.001

#: Each figure of a disk: the agent's name, its place in a line of ``/proc/diskstats``, the scale.
_DISK = (
    (figures.DISK_READS, "read-ios", 3, 1.0),
    (figures.DISK_READ_BYTES, "read-sectors", 5, _SECTOR),
    (figures.DISK_READ_TIME, "read-ticks", 6, _MILLISECOND),
    (figures.DISK_WRITES, "write-ios", 7, 1.0),
    (figures.DISK_WRITTEN_BYTES, "write-sectors", 9, _SECTOR),
    (figures.DISK_WRITE_TIME, "write-ticks", 10, _MILLISECOND),
    (figures.DISK_IO_NOW, "ios-pgr", 11, 1.0),
    (figures.DISK_IO_TIME, "total-ticks", 12, _MILLISECOND),
)

#: Devices of ``/proc/diskstats`` of which the agent does not tell either.
_PASSED_OVER = ("loop", "ram")


def filesystems(said: JSON, draft: Draft) -> None:
    """
    Read ``guest-get-fsinfo``.

    ``total-bytes`` is without what is reserved for root, so it less ``used-bytes`` is what users
    can still write; the whole size is ``total-bytes-privileged``, which agents tell since 9.1.
    """
    for each in entries(said):
        where = each.get("name"), each.get("mountpoint"), each.get("type")
        total, used = each.get("total-bytes"), each.get("used-bytes")
        whole = each.get("total-bytes-privileged")
        draft.add(figures.FILESYSTEM_SIZE, total if whole is None else whole, *where)
        draft.add(figures.FILESYSTEM_USED, used, *where)
        if type(total) is int and type(used) is int and min(total, used) >= 0:
            draft.add(figures.FILESYSTEM_AVAILABLE, max(0, total - used), *where)


def disks(said: JSON, draft: Draft) -> None:
    """Read ``guest-get-diskstats``."""
    for each in entries(said):
        for figure, name, _, scale in _DISK:
            draft.add(figure, member(each.get("stats"), name), each.get("name"), scale=scale)


def diskstats(text: str, draft: Draft) -> None:
    """Read ``/proc/diskstats``."""
    for words in lines(text):
        if len(words) < 14 or words[2].startswith(_PASSED_OVER):
            continue
        for figure, _, place, scale in _DISK:
            draft.add(figure, number(words[place]), words[2], scale=scale)
