"""
What many guests cost: a mux in front of two thousand agents.

::

    python tests/benchmarks/mux_scale.py [--quick] [--guests 2000]

The agents are scripted, in a process of their own. How much memory a guest takes is what the mux
grew by from a tenth of the guests to all of them. A poll is the five commands that monitoring asks
for, by a client that connects to a guest's socket and goes again; the share of a core is what
polls of all guests would take every 30 seconds, and the mux while nobody asks for anything.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._lean_client import LeanClient
from tests.benchmarks._many_agents import ANSWERS, ManyAgents
from tests.functional._client import request
from tests.functional._mux_process import MuxProcess

PERIOD = 30.0  #: seconds between two polls of a guest
KIB = 1 << 10

_TICK = os.sysconf("SC_CLK_TCK")
_POLL = tuple(request(command) for command in ANSWERS)


@frozen
class Goal:
    """What was measured, and what we want it to be at most."""

    what: str
    unit: str
    value: float
    most: float | None = None


def resident(pid: int) -> int:
    """Octets of memory that are a process's own."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) * KIB
    raise AssertionError("no Private_Dirty")


def used(pid: int) -> float:
    """Seconds of a processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


@contextmanager
def serving(count: int) -> Iterator[tuple[MuxProcess, ManyAgents]]:
    """A mux that watches the folder of so many agents, and serves them all."""
    names = [str(number) for number in range(count)]
    with (
        tempfile.TemporaryDirectory(prefix="qga", dir="/tmp") as folder,
        ManyAgents(Path(folder), count) as agents,
        MuxProcess({}, "--watch", f"{folder}/{{name}}.sock", wait_for=names) as mux,
    ):
        yield mux, agents


def poll(path: Path) -> None:
    """Ask one guest everything once."""
    client = LeanClient(path)
    for octets in _POLL:
        client.ask(octets)
    client.close()


def appearing(mux: MuxProcess, agents: ManyAgents, times: int) -> Iterator[float]:
    """Seconds from a new socket of an agent to an answer from it through the mux."""
    for number in range(times):
        name = f"new{number}"
        began = time.perf_counter()
        agents.add(name)
        while not mux.serves(name):
            time.sleep(0.002)
        yield time.perf_counter() - began


def measure(guests: int, polls: int) -> Iterator[Goal]:
    """Measure everything."""
    few = guests // 10
    with serving(few) as (mux, _):
        before = resident(mux.pid)
    with serving(guests) as (mux, agents):
        grown = (resident(mux.pid) - before) / (guests - few)
        yield Goal("memory of a guest", "KiB", grown / KIB, 64)
        began, ticks = time.perf_counter(), used(mux.pid)
        time.sleep(10)
        idle = (used(mux.pid) - ticks) / (time.perf_counter() - began)
        yield Goal("share of a core, when nothing is asked", "%", idle * 100)
        ticks = used(mux.pid)
        for number in range(polls):
            poll(mux.socket(str(number % guests)))
        each = (used(mux.pid) - ticks) / polls
        yield Goal("a poll of five commands", "us", each * 1e6)
        share = each * guests / PERIOD + idle
        yield Goal(f"share of a core, all polled every {PERIOD:.0f} s", "%", share * 100, 25)
        seconds = list(appearing(mux, agents, 10))
        yield Goal("until a new socket is served, median", "s", statistics.median(seconds), 1)
        yield Goal("until a new socket is served, longest of ten", "s", max(seconds), 1)


def show(goals: Iterable[Goal]) -> None:
    """Print each as it is found."""
    for found in goals:
        goal = "" if found.most is None else f"at most {found.most:g}"
        verdict = "" if found.most is None else "reached" if found.value <= found.most else "MISSED"
        number = harness.number(found.value)
        print(
            f"{found.what:50} {number:>8} {found.unit:4} {goal:12} {verdict}".rstrip(), flush=True
        )


def main() -> None:
    """Measure, and print."""
    parser = harness.parser("What many guests cost.")
    parser.add_argument("--guests", type=int, default=2000)
    options = parser.parse_args()
    polls = options.guests if options.quick else 3 * options.guests
    print(f"A mux in front of {options.guests} scripted agents.\n{harness.surroundings()}.\n")
    show(measure(options.guests, polls))


if __name__ == "__main__":
    main()
