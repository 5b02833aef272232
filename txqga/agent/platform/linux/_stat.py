"""``/proc/stat``: what each processor spent its time on. Facts 6.4."""

import re
from collections.abc import Iterator, Mapping

from txqga.agent.platform.linux._columns import leading_numbers
from txqga.wire import JSON

FILE = "/proc/stat"
_CPU = re.compile(rb"cpu(\d+)")

#: members of ``GuestLinuxCpuStats``, and how many columns a line has that tells them
_COLUMNS = (
    ("user", 4),
    ("nice", 4),
    ("system", 4),
    ("idle", 4),
    ("iowait", 5),
    ("irq", 6),
    ("softirq", 6),
    ("steal", 8),
    ("guest", 9),
    ("guestnice", 10),
)


def cpu_times(octets: bytes, ticks: int) -> Iterator[JSON]:
    """
    Yield a ``GuestCpuStats`` for each processor that runs, in milliseconds.

    A line without the first four columns ends the list.

    :param ticks: how many of the file's units make a second.
    """
    for line in octets.splitlines():
        name, *columns = line.split() or [b""]
        cpu = _CPU.match(name)
        if cpu is None:
            continue
        numbers = leading_numbers(columns)
        if len(numbers) < 4:
            return
        times = _times([number * 1000 // ticks for number in numbers])
        yield {"type": "linux", "cpu": int(cpu[1]), **times}


def _times(columns: list[int]) -> Mapping[str, int]:
    """Name the columns; the one of irq without the one of softirq means that there was none."""
    named = zip(_COLUMNS, [*columns, 0], strict=False)
    return {name: time for (name, least), time in named if len(columns) >= least}
