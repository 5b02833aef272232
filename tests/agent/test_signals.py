"""Signals that whoever started the agent ignores."""

import os
import signal
import subprocess

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.signals import ignore_for_ourselves_only


class IgnoreForOurselvesOnlyTests(SynchronousTestCase):
    def setUp(self) -> None:
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGHUP, before)

    def test_we_ignore(self) -> None:
        """
        An agent started under nohup is not hung up on.
        """
        ignore_for_ourselves_only()
        os.kill(os.getpid(), signal.SIGHUP)

    def test_programs_do_not(self) -> None:
        """
        A program that it starts is.
        """
        hang_up = ["/bin/sh", "-c", "kill -HUP $$"]
        self.assertEqual(subprocess.run(hang_up, check=False).returncode, 0)
        ignore_for_ourselves_only()
        self.assertEqual(subprocess.run(hang_up, check=False).returncode, -signal.SIGHUP)

    def test_others_stay(self) -> None:
        """
        What has a handler keeps it.
        """
        before = signal.signal(signal.SIGUSR2, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGUSR2, before)
        ignore_for_ourselves_only()
        self.assertIs(signal.getsignal(signal.SIGUSR2), signal.default_int_handler)
