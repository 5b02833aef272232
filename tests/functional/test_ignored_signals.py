"""An agent started by something that ignores signals, as nohup does."""

import signal

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, Program, require


class IgnoredSignalsTests(SynchronousTestCase):
    """What programs of the guest inherit."""

    def setUp(self) -> None:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGHUP, before)

    def ended_by(self, program: Program) -> int:
        """Return the signal that ends a program which hangs up on itself."""
        with AgentProcess(program) as process, process.connect() as client:
            pid = client.call("guest-exec", path="/bin/sh", arg=["-c", "kill -HUP $$"])["pid"]
            while not (status := client.call("guest-exec-status", pid=pid))["exited"]:
                pass
            return int(status.get("signal", 0))

    def test_ours(self) -> None:
        """
        A program that the agent starts does not ignore what the agent ignores.
        """
        self.assertEqual(self.ended_by(require(OURS)), signal.SIGHUP)

    def test_qemu_ga_7_2(self) -> None:
        """
        It is so with qemu-ga 7.2.
        """
        self.assertEqual(self.ended_by(require(V7_2)), signal.SIGHUP)

    def test_qemu_ga_10_0(self) -> None:
        """
        It is so with qemu-ga 10.0.
        """
        self.assertEqual(self.ended_by(require(V10_0)), signal.SIGHUP)
