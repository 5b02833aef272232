"""
Run the tests as ``make test`` does: ``python -m tests.run [NAME ...]``.

Without names, first all unit tests, spread over the cores, then the functional ones: each module
has a trial of its own, and one more of those than there are cores runs beside each other, for much
of what they do is to wait. The report of the unit tests is shown as it grows, that of a functional
module when it is done; the last line printed is ``N passed, N failed, N skipped``.
"""

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from attrs import define, field

HERE = Path(__file__).parent
APART = {"functional", "vm"}  #: folders whose tests are no unit tests
SILENCE = 600.0  #: seconds without a line after which a run counts as hung

#: The words of trial's last line, and where we count them.
COUNTED = {
    "successes": "passed",
    "expectedFailures": "passed",
    "failures": "failed",
    "errors": "failed",
    "unexpectedSuccesses": "failed",
    "skips": "skipped",
}


@define
class Tally:
    """What became of the tests; fed with trial's report, line by line."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: dict[str, int] = field(factory=dict)  #: why tests were skipped, and how many
    _reason: list[str] | None = None  #: the lines of the one being read

    def line(self, line: str) -> None:
        """Take one line of the report."""
        if self._reason is not None:
            self._skipped(line)
        elif line == "[SKIPPED]":
            self._reason = []
        elif found := re.fullmatch(r"(?:PASSED|FAILED) \((.*)\)", line):
            for word, number in re.findall(r"(\w+)=(\d+)", found[1]):
                kind = COUNTED[word]
                setattr(self, kind, getattr(self, kind) + int(number))

    def add(self, other: "Tally") -> None:
        """Count what another has counted, too."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        for reason, number in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + number

    def _skipped(self, line: str) -> None:
        """A section of skipped tests: the reason, an empty line, the tests' names."""
        assert self._reason is not None
        if line.startswith(("=====", "-----")):
            self._reason = None
        elif "" not in self._reason:
            self._reason.append(line)
        elif line:
            reason = " ".join(self._reason).strip()
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def summary(self) -> str:
        """The closing line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def modules(root: Path = HERE) -> tuple[list[str], list[str]]:
    """
    Name the test modules under ``root``.

    :return: those of the unit tests, those of the functional tests.
    """
    unit, functional = [], []
    for path in sorted(root.rglob("test_*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        if not APART & set(parts):
            unit.append(".".join(parts))
        elif "functional" in parts:
            functional.append(".".join(parts))
    return unit, functional


def lines(process: "subprocess.Popen[bytes]", silence: float = SILENCE) -> Iterator[str]:
    """
    What the process prints, line by line, until it ends.

    A process that prints nothing for ``silence`` seconds is killed, with its children: a hung
    test must not hang whoever waits for the result.
    """
    assert process.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(silence):
                os.killpg(process.pid, signal.SIGKILL)
                yield f"killed: nothing was printed for {silence:.0f} s"
                break
            octets = os.read(process.stdout.fileno(), 65536)
            if not octets:
                break
            *whole, rest = (rest + octets).split(b"\n")
            yield from (line.decode(errors="replace") for line in whole)
    if rest:
        yield rest.decode(errors="replace")


def trial(
    names: Iterable[str],
    tally: Tally,
    show: Callable[[str], None],
    jobs: int,
    silence: float,
    running: "set[subprocess.Popen[bytes]] | None" = None,
) -> None:
    """
    Run ``names`` under trial; add what became of them to ``tally``.

    :param running: has the process in it while it runs, for who wants to end it.
    """
    temporary = tempfile.mkdtemp(prefix="txqga-trial-")  # of its own: others may run beside it
    command = [sys.executable, "-m", "twisted.trial", f"--temp-directory={temporary}/trial"]
    process = subprocess.Popen(
        [*command, *([f"-j{jobs}"] if jobs > 1 else []), *names],
        cwd=HERE.parent,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    running = set() if running is None else running
    running.add(process)
    failed = tally.failed
    try:
        for line in lines(process, silence):
            show(line)
            tally.line(line)
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        raise
    finally:
        running.discard(process)
        shutil.rmtree(temporary, ignore_errors=True)
    if process.wait() != 0 and tally.failed == failed:
        show(f"trial ended with status {process.returncode} and no failed test to show for it")
        tally.failed += 1


def beside(
    names: Sequence[str], tally: Tally, show: Callable[[str], None], jobs: int, silence: float
) -> None:
    """
    Run each of ``names`` under a trial of its own, so many at a time.

    What a trial reports is shown in one piece, when it ends.
    """
    one_at_a_time = threading.Lock()
    running: set[subprocess.Popen[bytes]] = set()

    def run(name: str) -> None:
        own, report = Tally(), list[str]()
        trial([name], own, report.append, 1, silence, running)
        with one_at_a_time:
            tally.add(own)
            for line in report:
                show(line)

    with ThreadPoolExecutor(jobs) as pool:
        try:
            for each in [pool.submit(run, name) for name in names]:
                each.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                os.killpg(process.pid, signal.SIGTERM)
            raise


def main(names: Sequence[str]) -> int:
    """Run and report; the exit status."""
    # whoever runs this may ignore SIGHUP (nohup) and SIGINT (a job in the background); programs
    # under test are to be hung up on, and interrupted
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def show(line: str) -> None:
        print(line, flush=True)

    tally = Tally()
    cores = len(os.sched_getaffinity(0))
    if names:
        trial(names, tally, show, 1, SILENCE)
    else:
        unit, functional = modules()
        show(f"== unit tests: {len(unit)} modules, {cores} at a time")
        trial(unit, tally, show, cores, SILENCE)
        if functional:
            show(f"== functional tests: {len(functional)} modules, {cores + 1} beside each other")
            # those that take minutes are at the end of the alphabet: short ones fill up the rest
            beside(functional[::-1], tally, show, cores + 1, SILENCE)
    for reason, number in sorted(tally.reasons.items()):
        show(f"skipped {number}: {reason}")
    show(tally.summary())
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
