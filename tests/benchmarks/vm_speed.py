"""
How fast our agent is through a virtual machine's port, beside QEMU's own in the same guest.

::

    python tests/benchmarks/vm_speed.py [--quick]

Needs root, and what the tests in ``tests/vm`` need. QEMU emulates the guest's processors, so all
is slower than where there is KVM; the ratio is what counts.
"""

import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import SkipTest

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._harness import Effort, Line
from tests.benchmarks._lean_client import LeanClient
from tests.benchmarks._workloads import KIB, MIB, Workload, calls, reading, writing
from tests.functional._oracle import OURS, V10_0
from tests.vm._agents import OURS_FAST, start
from tests.vm._machine import Machine, machine

#: Where both read and write: the disks are not what is measured.
_FOLDER = Path("/run/bed")
_SIZE = 16 * MIB


def workloads() -> Iterator[tuple[str, str, Workload, float | None]]:
    """What is measured, its unit, and the ratio that we want."""
    yield "guest-ping", "calls/s", calls("guest-ping"), None
    for chunk, text in ((64 * KIB, "64 KiB"), (MIB, "1 MiB"), (4 * MIB, "4 MiB")):
        workload = reading(_FOLDER / "source", chunk, _SIZE)
        yield f"guest-file-read, {text}", "MB/s", workload, 5
    for chunk, text in ((64 * KIB, "64 KiB"), (MIB, "1 MiB"), (4 * MIB, "4 MiB")):
        yield f"guest-file-write, {text}", "MB/s", writing(_FOLDER / "target", chunk), 5


def measure(effort: Effort, guest: Machine, series: str) -> Iterator[Line]:
    """Measure everything with one of our two ways to be installed."""
    agents = {
        "ours": start(guest, series, port="agent"),
        "peer": start(guest, V10_0, port="oracle"),
    }
    clients = {}
    try:
        for name, agent in agents.items():
            agent.connect().close()
            clients[name] = LeanClient(guest.socket(agent.port))
        for what, unit, workload, goal in workloads():
            harness.progress(what)
            measures = {
                name: functools.partial(workload, client, effort.seconds)
                for name, client in clients.items()
            }
            found = harness.alternate(effort.rounds, measures)
            harness.done()
            yield Line(what=what, unit=unit, ours=found["ours"], peer=found["peer"], goal=goal)
    finally:
        for client in clients.values():
            client.close()
        for agent in agents.values():
            agent.stop()


def main() -> None:
    """Measure, and print."""
    options = harness.parser("How fast our agent is in a virtual machine.").parse_args()
    effort = harness.effort(options)
    try:
        guest = machine()
    except SkipTest as why:
        print(f"There is no virtual machine here: {why}.")
        return
    guest.side.check(f"head -c {_SIZE} /dev/urandom > {_FOLDER / 'source'}")
    print(f"{harness.surroundings()}; medians of {effort.rounds} rounds.")
    for name, series in (("txqga-agent", OURS), ("txqga-agent, txqga[fast]", OURS_FAST)):
        print(f"\n{name} beside qemu-ga 10.0, each on a virtio port, one call at a time.\n")
        print(harness.table("txqga-agent", "qemu-ga", measure(effort, guest, series)))


if __name__ == "__main__":
    main()
