"""
What a mux costs: a client of its socket beside a client of the agent itself.

::

    python tests/benchmarks/mux_speed.py [--quick] [--peer /usr/sbin/qemu-ga]

An agent serves one client of its socket, so there are two of the same kind: one that is asked
directly, and one behind the mux. ``--peer`` takes that qemu-ga instead of our agent for both.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._harness import Effort, Line
from tests.benchmarks._lean_client import LeanClient
from tests.benchmarks._workloads import KIB, MIB, Workload, calls, programs, reading, writing
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, AgentProcess, Program, named, require


def workloads(folder: Path) -> Iterator[tuple[str, str, Workload]]:
    """What is measured, and its unit."""
    yield "guest-ping", "calls/s", calls("guest-ping")
    yield "guest-info", "calls/s", calls("guest-info")
    source = folder / "source"
    source.write_bytes(os.urandom(16 * MIB))
    sizes = ((4 * KIB, "4 KiB"), (64 * KIB, "64 KiB"), (MIB, "1 MiB"), (4 * MIB, "4 MiB"))
    for chunk, text in sizes:
        yield f"guest-file-read, {text}", "MB/s", reading(source, chunk, 16 * MIB)
    for chunk, text in sizes[1:]:
        yield f"guest-file-write, {text}", "MB/s", writing(folder / "target", chunk)
    yield "guest-exec and -status", "programs/s", programs


def measure(effort: Effort, program: Program, folder: Path) -> Iterator[Line]:
    """Measure everything."""
    with ExitStack() as stack:
        alone = stack.enter_context(AgentProcess(program))
        behind = stack.enter_context(AgentProcess(program))
        mux = stack.enter_context(MuxProcess({"guest": behind.socket}))
        through, direct = LeanClient(mux.socket("guest")), LeanClient(alone.socket)
        stack.callback(through.close)
        stack.callback(direct.close)
        for what, unit, workload in workloads(folder):
            harness.progress(what)
            found = harness.alternate(
                effort.rounds,
                {
                    "ours": lambda workload=workload: workload(through, effort.seconds),  # type: ignore[misc]
                    "peer": lambda workload=workload: workload(direct, effort.seconds),  # type: ignore[misc]
                },
            )
            harness.done()
            yield Line(what=what, unit=unit, ours=found["ours"], peer=found["peer"])


def main() -> None:
    """Measure, and print."""
    parser = harness.parser("What a mux costs.")
    parser.add_argument("--peer", metavar="PATH", help="a qemu-ga, instead of our agent")
    options = parser.parse_args()
    effort = harness.effort(options)
    program = named(options.peer) if options.peer else require(OURS)
    name = "txqga-agent" if program.series == OURS else f"qemu-ga {program.version}"
    print(f"A client of a mux beside a client of the agent itself; the agent is {name}.")
    print(f"{harness.surroundings()}; medians of {effort.rounds} rounds.\n")
    with tempfile.TemporaryDirectory(prefix="qga", dir="/tmp") as folder:
        lines = list(measure(effort, program, Path(folder)))
    print(harness.table("through the mux", "direct", lines))


if __name__ == "__main__":
    main()
