"""
Guest agents as processes: the real ``qemu-ga`` of two versions, and ours.

``qemu-ga`` 7.2 is Debian 12's (package qemu-guest-agent). 10.0 is the one of
bookworm-backports, unpacked anywhere: ``TXQGA_QEMU_GA_10`` names the program, else it is
looked for under ``$XDG_CACHE_HOME/txqga/qemu-ga-10.0`` (``dpkg -x`` into that folder). Where one
is missing its tests are skipped, or fail if ``TXQGA_REQUIRE_REAL`` is 1.

No agent started here may change this machine: see :data:`DANGEROUS`.
"""

import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest import SkipTest

from attrs import frozen

from tests.functional._client import PATIENCE, Client, Gone, request
from tests.functional._process import Process, environment

#: Commands that every agent of a test is started without.
DANGEROUS = (
    "guest-shutdown",
    "guest-suspend-disk",
    "guest-suspend-ram",
    "guest-suspend-hybrid",
    "guest-set-time",
    "guest-fsfreeze-freeze",
    "guest-fsfreeze-freeze-list",
    "guest-fsfreeze-thaw",
    "guest-fstrim",
    "guest-set-vcpus",
    "guest-set-memory-blocks",
    "guest-set-user-password",
    "guest-ssh-add-authorized-keys",
    "guest-ssh-remove-authorized-keys",
)

#: What names an agent in these tests; ``ours`` speaks as 11.1.3 does.
V7_2, V10_0, OURS = "7.2", "10.0", "ours"

_MAIN = "import sys; from txqga.daemons.agent import main; sys.exit(main())"


@frozen
class Program:
    """An agent that can be started."""

    series: str  #: 7.2, 10.0 or ours
    argv: tuple[str, ...]
    version: str  #: as ``-V`` prints it, such as 7.2.22


def _version(argv: Sequence[str]) -> str | None:
    """The version a program says it has; None if it cannot be run."""
    try:
        done = subprocess.run(
            [*argv, "-V"], capture_output=True, timeout=PATIENCE, env=environment(), check=False
        )
    except OSError:
        return None
    found = re.search(rb"QEMU Guest Agent (\d+\.\d+\S*)", done.stdout)
    return found[1].decode() if found else None


def _candidates(series: str) -> Iterator[Path]:
    if series == V10_0:
        if named := os.environ.get("TXQGA_QEMU_GA_10"):
            yield Path(named)
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
        yield cache / "txqga" / "qemu-ga-10.0" / "usr" / "sbin" / "qemu-ga"
    yield Path("/usr/sbin/qemu-ga")
    if found := shutil.which("qemu-ga"):
        yield Path(found)


@functools.cache
def find(series: str) -> Program | None:
    """The agent of that series on this machine, or None."""
    if series == OURS:
        argv = (sys.executable, "-c", _MAIN)
        version = _version(argv)
        return Program(series, argv, version) if version else None
    for path in _candidates(series):
        version = _version([str(path)])
        if version and version.startswith(f"{series}."):
            return Program(series, (str(path),), version)
    return None


def named(path: str) -> Program:
    """
    The real agent at that path, whatever its version.

    :raise SystemExit: there is none.
    """
    version = _version([path])
    if version is None:
        raise SystemExit(f"{path} is no qemu-ga")
    return Program(version, (path,), version)


def require(series: str) -> Program:
    """
    The agent of that series.

    :raise SkipTest: it is not here.
    :raise AssertionError: it is not here, and ``TXQGA_REQUIRE_REAL`` is 1, or it is our own.
    """
    program = find(series)
    if program is not None:
        return program
    if series == OURS:
        raise AssertionError("our own agent does not start: python -m txqga.daemons.agent -V")
    why = f"no qemu-ga {series} on this machine (see tests/functional/_oracle.py)"
    if os.environ.get("TXQGA_REQUIRE_REAL") == "1":
        raise AssertionError(why)
    raise SkipTest(why)


class AgentProcess(Process):
    """
    An agent on a UNIX socket.

    ``with AgentProcess(require("7.2")) as agent:`` starts it and waits until it answers.
    """

    def __init__(
        self,
        program: Program,
        *options: str,
        block: Sequence[str] = DANGEROUS,
        env: Mapping[str, str | None] | None = None,
    ) -> None:
        """
        :param options: further ones for the command line.
        :param env: changes to the environment; None removes a variable.
        """
        super().__init__(program.argv, env=env)
        self.program = program
        self.socket = self.folder / "s"
        self.state = self.folder / "state"
        self.state.mkdir()
        self.argv += ["-m", "unix-listen", "-p", str(self.socket), "-t", str(self.state)]
        self.argv += [*(["-b", ",".join(block)] if block else []), *options]

    def start(self, *, unlink: bool = True) -> None:
        """
        Start it, and wait until it answers.

        :param unlink: remove an old socket first, so that nobody connects to what is no agent.
        """
        if unlink:
            self.socket.unlink(missing_ok=True)
        super().start()

    def stop(self) -> int:
        """
        SIGTERM; the exit status.

        ``qemu-ga`` takes a lock in its handler of the signal that its main loop takes too, and
        hangs for ever if it is told to stop at the wrong moment: it is told while it sleeps.
        """
        deadline = time.monotonic() + PATIENCE
        while self.program.series != OURS and not self.asleep:
            assert time.monotonic() < deadline, "it never sleeps"
            self.signal(signal.SIGCONT)
            time.sleep(0.01)
        return super().stop()

    @property
    def asleep(self) -> bool:
        """Whether it waits for something; one that has ended does, too."""
        return not self.alive or re.search(r"^State:\tS", self._proc("status"), re.M) is not None

    def ready(self) -> bool:
        """Whether a new client is served."""
        return self.answers()

    def answers(self) -> bool:
        """Whether a new client is served."""
        try:
            with Client(self.socket) as client:
                client.ask(request("guest-sync", {"id": 7}))
        except (OSError, Gone):
            return False
        return True  # a refusal is an answer too

    def connect(self, patience: float = PATIENCE) -> Client:
        """A new client of it."""
        return Client(self.socket, patience)
