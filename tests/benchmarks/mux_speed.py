"""
What a mux costs: a client of its socket beside a client of the agent itself.

::

    python tests/benchmarks/mux_speed.py [--quick] [--peer /usr/sbin/qemu-ga]
    python tests/benchmarks/mux_speed.py [--quick] [--peer /usr/sbin/qemu-ga] --relay
    python tests/benchmarks/mux_speed.py [--quick] --vm {qemu-ga,txqga-agent}

An agent serves one client of its socket, so there are two of the same kind: one that is asked
directly, and one behind the mux. They run on this machine, ours or, with ``--peer``, that qemu-ga;
or, with ``--vm``, in a virtual machine, each at a virtio port. That needs root, and what the tests
in ``tests/vm`` need.

``--relay`` measures a process that passes octets on unseen in place of the mux: how much of what
the mux costs is that there is one process more.
"""

import functools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias
from unittest import SkipTest

from attrs import frozen

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._harness import Effort, Line
from tests.benchmarks._lean_client import LeanClient
from tests.benchmarks._relay import Relay
from tests.benchmarks._workloads import KIB, MIB, Workload, calls, programs, reading, writing
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V10_0, AgentProcess, Program, named, require
from tests.vm._agents import OURS_FAST, start
from tests.vm._machine import machine

#: Puts something in front of an agent; gives a client of that.
Between: TypeAlias = Callable[[Path], AbstractContextManager[LeanClient]]

_SIZE = 16 * MIB  #: of what is read

#: Agents in the guest, by what they are called.
_IN_A_GUEST = {"qemu-ga": V10_0, "txqga-agent": OURS_FAST}


@frozen
class Places:
    """Where the agents are, and files that they can reach."""

    alone: Path  #: the socket of the one that is asked directly
    behind: Path  #: of the one behind the mux
    source: Path  #: to be read, of 16 MiB
    target: Path


@contextmanager
def on_this_machine(program: Program) -> Iterator[Places]:
    """Two agents as processes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")))
        alone, behind = (stack.enter_context(AgentProcess(program)) for _ in range(2))
        source = folder / "source"
        source.write_bytes(os.urandom(_SIZE))
        yield Places(alone.socket, behind.socket, source, folder / "target")


@contextmanager
def in_a_guest(series: str) -> Iterator[Places]:
    """Two agents at ports of a virtual machine; their files are on a tmpfs."""
    guest = machine()
    folder = Path("/run/bed")
    guest.side.check(f"head -c {_SIZE} /dev/urandom > {folder / 'source'}")
    with ExitStack() as stack:
        for port in ("agent", "oracle"):
            agent = start(guest, series, port=port)
            stack.callback(agent.stop)
            agent.connect().close()
        sockets = guest.socket("agent"), guest.socket("oracle")
        yield Places(*sockets, folder / "source", folder / "target")


def workloads(places: Places) -> Iterator[tuple[str, str, Workload, float | None]]:
    """What is measured, its unit, and the ratio that we want."""
    yield "guest-ping", "calls/s", calls("guest-ping"), 0.5
    yield "guest-info", "calls/s", calls("guest-info"), None
    sizes = ((4 * KIB, "4 KiB"), (64 * KIB, "64 KiB"), (MIB, "1 MiB"), (4 * MIB, "4 MiB"))
    for chunk, text in sizes:
        goal = None if chunk == 4 * KIB else 0.8
        yield f"guest-file-read, {text}", "MB/s", reading(places.source, chunk, _SIZE), goal
    for chunk, text in sizes[1:]:
        yield f"guest-file-write, {text}", "MB/s", writing(places.target, chunk), None
    yield "guest-exec and -status", "programs/s", programs, None


@contextmanager
def a_mux(agent: Path) -> Iterator[LeanClient]:
    """A client of a mux in front of an agent."""
    with MuxProcess({"guest": agent}) as mux:
        yield LeanClient(mux.socket("guest"))


@contextmanager
def a_relay(agent: Path) -> Iterator[LeanClient]:
    """A client of a relay in front of an agent."""
    with (
        tempfile.TemporaryDirectory(prefix="qga", dir="/tmp") as folder,
        Relay(Path(folder) / "relay", agent) as relay,
    ):
        yield LeanClient.when_there(relay.path)


def measure(effort: Effort, places: Places, between: Between) -> Iterator[Line]:
    """Measure everything."""
    with ExitStack() as stack:
        through, direct = stack.enter_context(between(places.behind)), LeanClient(places.alone)
        stack.callback(through.close)
        stack.callback(direct.close)
        for what, unit, workload, goal in workloads(places):
            harness.progress(what)
            found = harness.alternate(
                effort.rounds,
                {
                    "ours": functools.partial(workload, through, effort.seconds),
                    "peer": functools.partial(workload, direct, effort.seconds),
                },
            )
            harness.done()
            yield Line(what=what, unit=unit, ours=found["ours"], peer=found["peer"], goal=goal)


def main() -> None:
    """Measure, and print."""
    parser = harness.parser("What a mux costs.")
    parser.add_argument("--peer", metavar="PATH", help="a qemu-ga, instead of our agent")
    parser.add_argument("--vm", choices=_IN_A_GUEST, help="such agents in a virtual machine")
    parser.add_argument("--relay", action="store_true", help="a bare relay, instead of the mux")
    options = parser.parse_args()
    between, what = (a_relay, "relay") if options.relay else (a_mux, "mux")
    effort = harness.effort(options)
    if options.vm:
        name, where = f"{options.vm}, at a virtio port", in_a_guest(_IN_A_GUEST[options.vm])
    else:
        program = named(options.peer) if options.peer else require(OURS)
        name = "txqga-agent" if program.series == OURS else f"qemu-ga {program.version}"
        where = on_this_machine(program)
    print(f"A client of a {what} beside a client of the agent itself; the agent is {name}.")
    print(f"{harness.surroundings()}; medians of {effort.rounds} rounds.\n")
    try:
        with where as places:
            lines = list(measure(effort, places, between))
    except SkipTest as why:
        print(f"There is no virtual machine here: {why}.")
    else:
        print(harness.table(f"through the {what}", "direct", lines))


if __name__ == "__main__":
    main()
