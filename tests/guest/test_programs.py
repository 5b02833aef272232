"""Programs of a guest, as methods of it."""

import inspect
import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from txqga.exec import Exec, Way
from txqga.guest import Guest
from txqga.testing import MemoryGuest

SAID = {"exited": True, "exitcode": 3, "out-data": "aGVsbG8K"}


def guest() -> MemoryGuest:
    """A guest of which each program says the same."""
    return MemoryGuest({"guest-exec": {"pid": 7}, "guest-exec-status": SAID})


class ProgramsTests(SynchronousTestCase):
    def test_run(self) -> None:
        """
        A program is run to its end; what the agent can do is asked once.
        """
        asked = guest()
        for _ in range(2):
            done = self.successResultOf(asked.run("echo", ["hello"]))
            self.assertEqual((done.exit_code, done.stdout, done.way), (3, b"hello\n", Way.WHOLE))
        self.assertEqual(asked.executed.count("guest-info"), 1)

    def test_start(self) -> None:
        """
        A program is started, and tells what it says to who listens.
        """
        said: list[bytes] = []
        running = self.successResultOf(guest().start("echo", ["hello"], stdout=said.append))
        self.assertEqual(self.successResultOf(running.wait()).exit_code, 3)
        self.assertEqual(said, [b"hello\n"])

    def test_same_parameters(self) -> None:
        """
        All that can be chosen elsewhere can be chosen here.
        """
        for name in ("run", "start"):
            ours, theirs = (
                [(each.name, each.kind, each.default) for each in parameters(which, name)]
                for which in (Guest, Exec)
            )
            self.assertEqual(ours, theirs)

    def test_lean(self) -> None:
        """
        Who imports a guest imports neither programs nor files yet.
        """
        check = (
            "import sys; from txqga import Guest;"
            "print([each for each in sys.modules if each in ('txqga.exec', 'txqga.files')])"
        )
        told = subprocess.run([sys.executable, "-c", check], capture_output=True, timeout=60)
        self.assertEqual(told.stdout, b"[]\n")


def parameters(of: type, name: str) -> list[inspect.Parameter]:
    """What a method takes."""
    return list(inspect.signature(getattr(of, name)).parameters.values())
