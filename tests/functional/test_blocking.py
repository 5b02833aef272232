"""Our agent as a process, while a command waits for what never comes."""

import os
import signal
import sys
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, request
from tests.functional._oracle import DANGEROUS, OURS, AgentProcess, Program, require

#: An agent of a machine that is not there, on which trimming takes a program that does not end.
_HUNG = """\
import sys

from txqga.agent import agent
from txqga.agent._child import Children
from txqga.agent.platform import MemoryPlatform


class Hung(MemoryPlatform):
    def trim(self, minimum):
        Children().run(["sleep", "1000"], "trim")


agent.Linux = Hung
from txqga.daemons.agent import main

sys.exit(main())
"""


class BlockingTests(SynchronousTestCase):
    def setUp(self) -> None:
        program = Program(OURS, (sys.executable, "-c", _HUNG), require(OURS).version)
        block = [name for name in DANGEROUS if name != "guest-fstrim"]
        self.agent = AgentProcess(program, block=block)
        self.addCleanup(self.agent.remove)
        self.agent.start()

    def child(self) -> int:
        """The program that is waited for."""
        deadline = time.monotonic() + PATIENCE
        tasks = Path(f"/proc/{self.agent.pid}/task")
        while not (
            found := [pid for each in tasks.glob("*/children") if (pid := each.read_text())]
        ):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        return int(found[0])

    def test_told_to_stop(self) -> None:
        """
        The agent ends when it is told to, and ends well; the program is left alone.
        """
        with self.agent.connect() as client:
            client.send(request("guest-fstrim"))
            child = self.child()
            self.addCleanup(os.kill, child, signal.SIGKILL)
            self.assertEqual(self.agent.stop(), 0)
            self.assertEqual(client.rest(), b"")
            client.abandon()

    def test_client_goes(self) -> None:
        """
        The next client waits until the command of the last one has ended, as with qemu-ga.
        """
        with self.agent.connect() as client:
            client.send(request("guest-fstrim"))
            child = self.child()
            client.abandon()
        with self.agent.connect() as client:
            client.send(request("guest-ping"))
            os.kill(child, signal.SIGTERM)
            self.assertEqual(client.line(), b'{"return": {}}')
