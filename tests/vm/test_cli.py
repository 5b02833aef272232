"""``txqga`` and what it makes of a real guest: directly, and through a mux."""

import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._cli import Done
from tests.functional._cli import ask as txqga
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V10_0
from tests.vm._agents import start
from tests.vm._case import VMCase, for_every_agent
from tests.vm._patience import PATIENCE

_KEYS = "/home/tester/.ssh/authorized_keys"
_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2 ann"


class Acting(VMCase):
    """Every agent, asked directly."""

    def ask(self, *words: str) -> Done:
        where = ("--connect", str(self.machine.socket("agent")))
        return txqga(*where, *words, patience=PATIENCE)

    def good(self, *words: str) -> Done:
        done = self.ask(*words)
        self.assertEqual(done.status, 0, f"{words}: {done}")
        return done

    def test_acts(self) -> None:
        """
        Who may log in, what time it is and what is in a file becomes what was asked for; a program
        says what it says, and its exit status is the command's.
        """
        side = self.machine.side
        self.started().connect().close()
        self.addCleanup(side.check, "rm -rf /home/tester/.ssh /root/copied")
        self.good("ssh-key", "add", "tester", _KEY)
        self.assertEqual(side.check(f"cat {_KEYS}"), _KEY)
        self.assertIn("AAAAC3", self.good("ssh-key", "list", "tester").out)
        self.good("ssh-key", "remove", "tester", _KEY)
        self.assertEqual(side.check(f"cat {_KEYS}"), "")
        side.check("date -s @1000000000")
        self.good("time", "--set")
        self.assertLess(abs(int(side.check("date +%s")) - time.time()), 120)
        done = self.ask("exec", "-q", "-n", "--", "sh", "-c", "echo out; echo err >&2; exit 7")
        self.assertEqual((done.status, done.out, done.err), (7, "out\n", "err\n"))
        self.good("cp", __file__, ":/root/copied")
        self.assertEqual(side.check("cat /root/copied"), Path(__file__).read_text())
        self.assertEqual(self.good("cat", "/root/copied").out, Path(__file__).read_text())


globals().update(for_every_agent(Acting))


class EndingTests(VMCase, SynchronousTestCase):
    """A mux, which keeps its guest through all of it."""

    series = OURS

    def good(self, *words: str) -> Done:
        done = txqga("--mux", str(self.mux.served), *words, patience=PATIENCE)
        self.assertEqual(done.status, 0, f"{words}: {done} {self.mux.complaints()}")
        return done

    def test_ends(self) -> None:
        """
        A guest that is told to start anew does, and one that is told to shut down has no power
        then, whichever agent it has.
        """
        self.mux = MuxProcess({"db1": self.machine.socket("agent")}, wait_for=[])
        self.mux.argv += ["--guest-qmp", f"db1={self.machine.socket('monitor')}"]
        self.addCleanup(self.mux.remove)
        self.mux.start()
        for series in (OURS, V10_0):
            self.has(series)
            start(self.machine, series)
            self.good("wait", "db1", "--timeout", "200")
            self.machine.qmp.forget()
            self.good("reboot", "db1")
            self.machine.rebooted()
            start(self.machine, series)
            self.good("wait", "db1", "--timeout", "200")
            self.machine.qmp.forget()
            self.good("shutdown", "db1")
            self.machine.qmp.wait("SHUTDOWN", guest=True, reason="guest-shutdown")
            self.machine.reset()
