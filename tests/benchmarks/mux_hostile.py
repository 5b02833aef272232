"""
What a hostile guest costs its neighbours: how long a ping of another guest takes meanwhile.

::

    python tests/benchmarks/mux_hostile.py [--quick]

A client pings a guest through the mux, while another guest of the same mux floods it, drips, lies,
or answers with brackets by the million, again and again; beside the same pings while that guest is
quiet. The hostile one takes a processor for itself, as a virtual machine would.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._evil_guest import KINDS, EvilGuest
from tests.benchmarks._harness import Effort, Line, Samples
from tests.benchmarks._lean_client import LeanClient
from tests.functional._client import request
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, AgentProcess, require

_PING = request("guest-ping")

Latencies = list[float]


def pings(client: LeanClient, seconds: float) -> Latencies:
    """How long pings take for so many seconds, in microseconds."""
    found = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        client.ask(_PING)
        found.append((time.perf_counter() - began) * 1e6)
    return found


def attacked(client: LeanClient, seconds: float, evil: EvilGuest) -> Latencies:
    """The same while a neighbour is hostile."""
    evil.go()
    found = pings(client, seconds)
    evil.stop()
    return found


def shares(latencies: Latencies) -> tuple[float, float]:
    """The median, and what one in a hundred exceeds."""
    cuts = statistics.quantiles(latencies, n=100)
    return cuts[49], cuts[98]


def measure(effort: Effort, folder: Path) -> Iterator[Line]:
    """Measure every kind."""
    for number, kind in enumerate(KINDS):
        harness.progress(kind)
        with ExitStack() as stack:
            good = stack.enter_context(AgentProcess(require(OURS)))
            channel = folder / f"evil{number}"
            mux = MuxProcess({"good": good.socket, "evil": channel})
            evil = stack.enter_context(EvilGuest(channel, mux.socket("evil"), kind))
            stack.enter_context(mux)
            client = LeanClient(mux.socket("good"))
            stack.callback(client.close)
            quiet, loud = [], []
            for _ in range(effort.rounds):
                quiet.append(shares(pings(client, effort.seconds)))
                evil.go()
                loud.append(shares(pings(client, effort.seconds)))
                evil.stop()
        harness.done()
        for which, what in enumerate((kind, "    one ping in a hundred")):
            yield Line(
                what=what,
                unit="us",
                ours=Samples([each[which] for each in loud]),
                peer=Samples([each[which] for each in quiet]),
                goal=None if which else 2,
                less_is_better=True,
            )


def main() -> None:
    """Measure, and print."""
    options = harness.parser("What a hostile guest costs its neighbours.").parse_args()
    effort = harness.effort(options)
    effort = Effort(effort.rounds, 10 * effort.seconds)  # longer than the pause after a flood
    print("A guest is pinged through a mux, while a neighbour is hostile, and while it is quiet.")
    print(f"{harness.surroundings()}; medians of {effort.rounds} rounds.\n")
    with tempfile.TemporaryDirectory(prefix="qga", dir="/tmp") as folder:
        lines = list(measure(effort, Path(folder)))
    print(harness.table("hostile", "quiet", lines))


if __name__ == "__main__":
    main()
