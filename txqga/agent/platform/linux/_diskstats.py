"""``/proc/diskstats``: what each disk and partition did. Facts 6.4."""

from collections.abc import Iterator

from txqga.agent._octets import text
from txqga.agent.platform.linux._columns import leading_numbers
from txqga.wire import JSON

FILE = "/proc/diskstats"

#: columns of a line with four numbers: a partition of an old kernel
_FOUR = ("read-ios", "read-sectors", "write-ios", "write-sectors")

#: columns of a line with 11 numbers and more; a kernel that has more has the whole group of them
_COLUMNS = (
    (
        *("read-ios", "read-merges", "read-sectors", "read-ticks"),
        *("write-ios", "write-merges", "write-sectors", "write-ticks"),
        *("ios-pgr", "total-ticks", "weight-ticks"),
    ),
    ("discard-ios", "discard-merges", "discard-sectors", "discard-ticks"),
    ("flush-ios", "flush-ticks"),
)


def disk_activity(octets: bytes) -> Iterator[JSON]:
    """Yield a ``GuestDiskStatsInfo`` for each line, in the order of the file."""
    for line in octets.splitlines():
        major, minor, name, *columns = [*line.split(), b"", b"", b""]
        numbers = leading_numbers(columns)
        if major.isdigit() and minor.isdigit() and len(numbers) >= 4:
            yield {
                "name": text(name),
                "major": int(major),
                "minor": int(minor),
                "stats": _statistics(numbers),
            }


def _statistics(numbers: list[int]) -> JSON:
    if len(numbers) == 4:
        return dict(zip(_FOUR, numbers, strict=True))
    told: dict[str, JSON] = {}
    for group in _COLUMNS:
        values = numbers[len(told) : len(told) + len(group)]
        if len(values) < len(group):
            break
        told.update(zip(group, values, strict=True))
    return told
