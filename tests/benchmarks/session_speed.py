"""
How fast our session is, beside QEMU's own library ``qemu.qmp``, with the same real agent.

::

    python tests/benchmarks/session_speed.py [--quick] [--peer /usr/sbin/qemu-ga]

Each measure is a process of its own, so that Twisted and asyncio do not meet. The agent is the
same for both sides, and its own speed is the limit for both: it is shown too, as the rate that a
socket reaches which does not even look at the replies.
"""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._harness import Line, Measure
from tests.benchmarks._lean_client import LeanClient
from tests.benchmarks._workloads import calls
from tests.functional._client import PATIENCE
from tests.functional._oracle import (
    V7_2,
    V10_0,
    AgentProcess,
    Program,
    find,
    named,
)
from tests.functional._process import environment

GOAL = 1.5
MISSING = "There is no qemu.qmp here: pip install qemu.qmp==0.0.6"


def in_a_process(side: str, agent: AgentProcess, in_flight: int, seconds: float) -> Measure:
    """Measure one side; see :mod:`tests.benchmarks._session_client`."""
    argv = [sys.executable, "-m", "tests.benchmarks._session_client"]
    argv += [side, str(agent.socket), str(in_flight), str(seconds)]

    def measure() -> float:
        done = subprocess.run(
            argv, env=environment(), capture_output=True, timeout=PATIENCE + seconds, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode(errors="replace"))
        return float(done.stdout)

    return measure


def bare(agent: AgentProcess, seconds: float) -> Measure:
    """What the agent can do."""

    def measure() -> float:
        client = LeanClient(agent.socket)
        found = calls("guest-ping")(client, seconds)
        client.close()
        return found

    return measure


def peer_version() -> str | None:
    """The version of ``qemu.qmp``, or None."""
    try:
        return version("qemu.qmp")
    except PackageNotFoundError:
        return None


def run(effort: harness.Effort, agent: AgentProcess, *, with_peer: bool) -> list[Line]:
    """Measure everything."""
    lines = []
    harness.progress("a bare socket")
    limit = harness.alternate(effort.rounds, {"ours": bare(agent, effort.seconds)})["ours"]
    harness.done()
    for in_flight, what in ((1, "ping, one at a time"), (32, "ping, 32 in flight")):
        harness.progress(what)
        sides = {"ours": in_a_process("ours", agent, in_flight, effort.seconds)}
        if with_peer:
            sides["peer"] = in_a_process("qemu.qmp", agent, in_flight, effort.seconds)
        found = harness.alternate(effort.rounds, sides)
        harness.done()
        lines.append(
            Line(
                what=what,
                unit="calls/s",
                ours=found["ours"],
                peer=found.get("peer"),
                goal=GOAL,
            )
        )
    print(f"A bare socket pings this agent {harness.number(limit.median)} times a second.\n")
    return lines


def main() -> None:
    """Measure, and print."""
    parser = harness.parser("How fast our session is, beside qemu.qmp.")
    parser.add_argument("--peer", metavar="PATH", help="the qemu-ga that both talk to")
    options = parser.parse_args()
    effort = harness.effort(options)
    program: Program | None = named(options.peer) if options.peer else find(V7_2) or find(V10_0)
    if program is None:
        print("There is no qemu-ga here: install qemu-guest-agent, or name one with --peer.")
        return
    library = peer_version()
    peer_name = "qemu.qmp" if library is None else f"qemu.qmp {library}"
    print(f"txqga.session beside {peer_name}, both with qemu-ga {program.version}.")
    print(f"{harness.surroundings()}; medians of {effort.rounds} rounds.\n")
    with AgentProcess(program) as agent:
        lines = run(effort, agent, with_peer=library is not None)
    print(harness.table("txqga.session", peer_name, lines))
    if library is None:
        print(MISSING)


if __name__ == "__main__":
    main()
