"""
How fast our agent is, beside QEMU's own on the same machine, in the same minute.

::

    python tests/benchmarks/agent_speed.py [--quick] [--peer /usr/sbin/qemu-ga]
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._harness import Effort, Line, Measure, Samples
from tests.benchmarks._lean_client import LeanClient
from tests.benchmarks._workloads import KIB, MIB, Workload, calls, programs, reading, writing
from tests.functional._client import request
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, Program, find, named, require

OURS_NAME = "txqga-agent"


class Contender:
    """One of the agents, and the client that measures it."""

    def __init__(self, program: Program, stack: ExitStack) -> None:
        self.program = program
        self.process = stack.enter_context(AgentProcess(program))
        self.client = LeanClient(self.process.socket)
        stack.callback(self.client.close)

    def measure(self, workload: Workload, seconds: float) -> Measure:
        """What :func:`harness.alternate` calls once a round."""
        return lambda: workload(self.client, seconds)

    def start_to_first_reply(self) -> float:
        """Milliseconds from the start of another process to its first reply."""
        process = AgentProcess(self.program)
        try:
            began = time.perf_counter()
            process.spawn()
            client = LeanClient.when_there(process.socket)
            client.ask(request("guest-ping"))
            elapsed = time.perf_counter() - began
            client.close()
        finally:
            process.remove()
        return elapsed * 1e3

    def memory_at_first(self) -> float:
        """MiB resident after the first reply."""
        with AgentProcess(self.program) as process:
            return process.memory() / MIB

    def memory_at_last(self) -> float:
        """MiB resident after all that it had to do here."""
        return self.process.memory() / MIB


def workloads(folder: Path) -> Iterator[tuple[str, str, Workload, float | None]]:
    """What is measured, its unit, and the ratio that we want."""
    yield "guest-ping", "calls/s", calls("guest-ping"), 0.7
    yield "guest-info", "calls/s", calls("guest-info"), 2
    source = folder / "source"
    source.write_bytes(os.urandom(32 * MIB))
    for chunk, text in ((64 * KIB, "64 KiB"), (MIB, "1 MiB"), (8 * MIB, "8 MiB")):
        yield f"guest-file-read, {text}", "MB/s", reading(source, chunk, 32 * MIB), 4
    for chunk, text in ((64 * KIB, "64 KiB"), (MIB, "1 MiB"), (8 * MIB, "8 MiB")):
        yield f"guest-file-write, {text}", "MB/s", writing(folder / "target", chunk), 6
    yield "guest-exec and -status", "programs/s", programs, None


def measure(effort: Effort, peer: Program | None, folder: Path) -> Iterator[Line]:
    """Measure everything."""
    with ExitStack() as stack:
        sides = {"ours": Contender(require(OURS), stack)}
        if peer is not None:
            sides["peer"] = Contender(peer, stack)

        def line(
            what: str,
            unit: str,
            measures: dict[str, Measure],
            goal: float | None = None,
            *,
            rounds: int = effort.rounds,
            less_is_better: bool = False,
        ) -> Line:
            harness.progress(what)
            found: dict[str, Samples] = harness.alternate(rounds, measures)
            harness.done()
            return Line(
                what=what,
                unit=unit,
                ours=found["ours"],
                peer=found.get("peer"),
                goal=goal,
                less_is_better=less_is_better,
            )

        for what, unit, workload, goal in workloads(folder):
            measures = {
                name: side.measure(workload, effort.seconds) for name, side in sides.items()
            }
            yield line(what, unit, measures, goal)
        yield line(
            "start to first reply",
            "ms",
            {name: side.start_to_first_reply for name, side in sides.items()},
            less_is_better=True,
        )
        yield line(
            "resident after it",
            "MiB",
            {name: side.memory_at_first for name, side in sides.items()},
            rounds=min(3, effort.rounds),
            less_is_better=True,
        )
        yield line(
            "resident after all this",
            "MiB",
            {name: side.memory_at_last for name, side in sides.items()},
            rounds=1,
            less_is_better=True,
        )


def main() -> None:
    """Measure, and print."""
    parser = harness.parser("How fast our agent is, beside QEMU's own.")
    parser.add_argument("--peer", metavar="PATH", help="the qemu-ga to compare with")
    options = parser.parse_args()
    effort = harness.effort(options)
    peer = named(options.peer) if options.peer else find(V7_2) or find(V10_0)
    peer_name = "qemu-ga" if peer is None else f"qemu-ga {peer.version}"
    print(f"{OURS_NAME} beside {peer_name}, each on a UNIX socket, one call at a time.")
    print(f"{harness.surroundings()}; medians of {effort.rounds} rounds.\n")
    with tempfile.TemporaryDirectory(prefix="qga", dir="/tmp") as folder:
        lines = list(measure(effort, peer, Path(folder)))
    print(harness.table(OURS_NAME, peer_name, lines))
    if peer is None:
        print("There is no qemu-ga here: install qemu-guest-agent, or name one with --peer.")


if __name__ == "__main__":
    main()
