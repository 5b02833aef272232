"""
How fast files are copied through our mux, beside QEMU's own library at the agent itself.

::

    python tests/benchmarks/file_speed.py [--quick] [--peer /usr/sbin/qemu-ga] [--size MIB]

``Guest.push`` and ``Guest.pull`` copy a file of 1 GiB through a mux, with our agent and with the
real one; the peer is a program with ``qemu.qmp`` that copies it in pieces of 1 MiB, as the
documentation of the file commands has it, and is connected to the real ``qemu-ga`` without a mux
between. What is copied is compared in the end. All files are in memory: the disks are not what is
measured. Each copy is made by a process of its own.
"""

import filecmp
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from attrs import evolve, frozen

from tests.benchmarks import _harness as harness
from tests.benchmarks._harness import Line, Measure
from tests.benchmarks.session_speed import MISSING, peer_version
from tests.functional._client import PATIENCE
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, find, named, require
from tests.functional._process import environment

MIB = 1 << 20
SIZE, QUICK_SIZE = 1024, 64  #: MiB
ROUNDS = 3  #: a round takes a minute
#: octets per second that the slowest contender makes, to bound the waiting
SLOWEST = 2 * MIB

#: A folder in memory, where there is one.
MEMORY = "/dev/shm"


@frozen
class Bed:
    """The files that are copied."""

    folder: Path
    size: int  #: octets

    @property
    def source(self) -> Path:
        """What is copied, on either side."""
        return self.folder / "source"

    def fill(self) -> None:
        """Make it."""
        piece = os.urandom(16 * MIB)
        with self.source.open("wb") as file:
            for begin in range(0, self.size, len(piece)):
                file.write(piece[: self.size - begin])

    def copying(self, side: str, socket: Path, copies: str) -> Measure:
        """Copy it, see whether it is good, and give MB/s."""
        copy = self.folder / "copy"
        here, there = (self.source, copy) if copies == "push" else (copy, self.source)
        argv = [sys.executable, "-m", "tests.benchmarks._file_client"]
        argv += [side, str(socket), copies, str(here), str(there)]

        def measure() -> float:
            done = subprocess.run(
                argv,
                env=environment(),
                capture_output=True,
                timeout=PATIENCE + self.size / SLOWEST,
                check=False,
            )
            if done.returncode != 0:
                raise RuntimeError(done.stderr.decode(errors="replace"))
            if not filecmp.cmp(self.source, copy, shallow=False):
                raise RuntimeError(f"{side}: the copy differs")
            copy.unlink()
            return float(done.stdout) / 1e6

        return measure


def run(rounds: int, bed: Bed, mux: MuxProcess, agent: AgentProcess) -> Iterator[Line]:
    """
    Measure everything.

    :param agent: the real one.
    """
    has_peer = peer_version() is not None
    for copies in ("push", "pull"):
        contenders = {
            "our agent": bed.copying("ours", mux.socket("ours"), copies),
            "our agent, compared": bed.copying("checked", mux.socket("ours"), copies),
            "qemu-ga": bed.copying("ours", mux.socket("real"), copies),
            "qemu-ga, compared": bed.copying("checked", mux.socket("real"), copies),
        }
        if has_peer:
            contenders["peer"] = bed.copying("qemu.qmp", agent.socket, copies)
        goals = {"our agent": 5.0, "qemu-ga": 1.0}
        harness.progress(copies)
        found = harness.alternate(rounds, contenders)
        harness.done()
        peer = found.pop("peer", None)
        for name, samples in found.items():
            yield Line(
                what=f"{copies}, {name}", unit="MB/s", ours=samples, peer=peer, goal=goals.get(name)
            )


def main() -> None:
    """Measure, and print."""
    parser = harness.parser("How fast files are copied, beside qemu.qmp.")
    parser.add_argument("--peer", metavar="PATH", help="the real qemu-ga")
    parser.add_argument("--size", metavar="MIB", type=int, help="of the file that is copied")
    options = parser.parse_args()
    effort = evolve(harness.effort(options), rounds=1 if options.quick else ROUNDS)
    size = options.size or (QUICK_SIZE if options.quick else SIZE)
    real = named(options.peer) if options.peer else find(V7_2) or find(V10_0)
    if real is None:
        print("There is no qemu-ga here: install qemu-guest-agent, or name one with --peer.")
        return
    library = peer_version()
    peer_name = "qemu.qmp" if library is None else f"qemu.qmp {library}"
    print(f"A file of {size} MiB through our mux, beside {peer_name} with qemu-ga {real.version}.")
    print(f"{harness.surroundings()}; medians of {effort.rounds} rounds.\n")
    memory = MEMORY if Path(MEMORY).is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=memory) as folder,
        AgentProcess(require(OURS)) as ours,
        AgentProcess(real) as agent,
        AgentProcess(real) as alone,
    ):
        bed = Bed(Path(folder), size * MIB)
        bed.fill()
        mux = MuxProcess({"ours": ours.socket, "real": agent.socket})
        try:
            mux.start()
            lines = list(run(effort.rounds, bed, mux, alone))
        finally:
            mux.remove()
    print(harness.table("txqga", peer_name, lines))
    if library is None:
        print(MISSING)


if __name__ == "__main__":
    main()
