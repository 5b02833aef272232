"""
What it costs to ask many guests how they are: five hundred, of which one hangs.

::

    python tests/benchmarks/monitor_scale.py [--quick] [--guests 500]

The agents are scripted, in a process of their own, and write down when they are asked what. The
mux asks with its own monitor, for all that it knows to ask for, every 30 seconds. A guest that has
just come is asked every five seconds for two minutes, which is measured apart. Then one guest
answers nothing any more, and for three minutes it is measured what the mux takes, and how late each
question is: behind the one of its kind to the same guest that was the earliest, by whole periods.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from typing_extensions import Self

if not __package__:  # run as a script
    sys.path[0] = str(Path(__file__).parents[2])

from tests.benchmarks import _harness as harness
from tests.benchmarks._many_agents import ALL, ManyAgents
from tests.benchmarks.mux_scale import KIB, Goal, resident, show, used
from tests.functional._mux_process import MuxProcess
from txqga.monitor import DATA, Command

PERIOD = 30.0  #: seconds from one question to the next of its kind

BURST = 135.0  #: seconds for which guests that have come are asked more often, and a little more

HANGS = "0"

#: Commands of which each is a question by itself.
_QUESTIONS = {
    source.name
    for datum in DATA
    for source in datum.sources[:1]
    if isinstance(source, Command) and source.name in ALL
}


class Shares:
    """Shares of a core that a process takes, from one time of asking to the next."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._then = time.monotonic(), used(pid)

    def since(self) -> float:
        """Percent of a core, since this was asked last."""
        before, self._then = self._then, (time.monotonic(), used(self._pid))
        return 100 * (self._then[1] - before[1]) / (self._then[0] - before[0])


@frozen
class Asked:
    """What was asked while it was measured."""

    commands: int  #: of all guests
    late: list[float]  #: how late each question was, in seconds; the earliest first

    @classmethod
    def read(cls, log: Path, began: float, ended: float) -> Self:
        """
        Read what the agents have written down.

        :param log: lines with a guest, a command, and seconds.
        """
        commands = 0
        asked: dict[tuple[str, str], list[float]] = {}
        for line in log.read_text().splitlines():
            guest, command, when = line.split()
            if not began <= float(when) < ended:
                continue
            commands += 1
            if command in _QUESTIONS and guest != HANGS:
                asked.setdefault((guest, command), []).append(float(when))
        late: list[float] = []
        for times in asked.values():
            # of each, when the first one would have been if this one was in time
            moments = [when - number * PERIOD for number, when in enumerate(times)]
            late += (each - min(moments) for each in moments)
        return cls(commands, sorted(late))


def measure(guests: int, burst: float, seconds: float) -> Iterator[Goal]:
    """Measure everything."""
    with tempfile.TemporaryDirectory(prefix="qga", dir="/tmp") as name:
        folder, log = Path(name) / "agents", Path(name) / "log"
        folder.mkdir()
        periods = ", ".join(f"{datum.name} = {PERIOD}" for datum in DATA)
        (Path(name) / "monitor.toml").write_text(f"[[group]]\nperiods = {{ {periods} }}\n")
        mux = MuxProcess(
            {},
            *("--watch", f"{folder}/{{name}}.sock", "--http", f"unix:{name}/http"),
            *("--poll", "--monitor", f"{name}/monitor.toml"),
        )
        with mux:
            while not (Path(name) / "http").exists():
                time.sleep(0.1)
            time.sleep(1.0)  # what it has yet to begin is no guest's
            before = resident(mux.pid)
            with ManyAgents(folder, guests, log) as agents:
                while not all(mux.socket(str(each)).exists() for each in range(guests)):
                    time.sleep(0.1)
                shares = Shares(mux.pid)
                time.sleep(burst)
                yield Goal("share of a core, guests that have just come", "%", shares.since())
                agents.hang(HANGS)
                began = time.monotonic()
                time.sleep(seconds)
                share, ended = shares.since(), time.monotonic()
                grown = (resident(mux.pid) - before) / guests
            yield Goal(f"share of a core, every {PERIOD:.0f} s", "%", share, 30)
            asked = Asked.read(log, began, ended)
            late, share_of = asked.late, 100 / PERIOD
            yield Goal("commands a second", "", asked.commands / seconds)
            yield Goal("how late, of the period, median", "%", statistics.median(late) * share_of)
            yield Goal("how late, 99 of 100", "%", late[int(len(late) * 0.99)] * share_of)
            yield Goal("how late, the latest", "%", late[-1] * share_of, 10)
            yield Goal("memory of a guest", "KiB", grown / KIB)


def main() -> None:
    """Measure, and print."""
    parser = harness.parser("What it costs to ask many guests how they are.")
    parser.add_argument("--guests", type=int, default=500)
    options = parser.parse_args()
    seconds = 65.0 if options.quick else 180.0
    print(f"A mux asks {options.guests} scripted agents.\n{harness.surroundings()}.\n")
    show(measure(options.guests, BURST, seconds))


if __name__ == "__main__":
    main()
