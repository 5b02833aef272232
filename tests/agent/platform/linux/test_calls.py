"""System calls."""

import os
import pwd

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._calls import Calls


class CallsTests(SynchronousTestCase):
    def test_this_machine(self) -> None:
        """
        Where nothing else is said, it is this machine that is asked.
        """
        calls = Calls()
        self.assertEqual(calls.uname(), os.uname())
        self.assertEqual(calls.account("root"), pwd.getpwnam("root"))
        self.assertEqual(calls.statvfs(b"/").f_blocks, os.statvfs("/").f_blocks)
        self.assertEqual(calls.ids.geteuid(), os.geteuid())
        self.assertGreater(calls.ticks(), 0)

    def test_another(self) -> None:
        """
        Each call may be another one.
        """
        calls = evolve(Calls(), load=lambda: (1.0, 2.0, 3.0))
        self.assertEqual(calls.load(), (1.0, 2.0, 3.0))
