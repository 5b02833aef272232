"""A mux as a service: what it tells systemd, and its log as JSON."""

import json
import shutil
import signal
import socket
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, AgentProcess, require


class Notifying(SynchronousTestCase):
    """A mux that systemd would have started, in front of one agent."""

    def setUp(self) -> None:
        home = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, home)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.settimeout(PATIENCE)
        self.socket.bind(str(home / "notify"))
        agent = AgentProcess(require(OURS))
        self.addCleanup(agent.remove)
        agent.start()
        self.mux = MuxProcess({"db1": agent.socket}, "--log-format", "json")
        self.addCleanup(self.mux.remove)
        self.mux._env.update({"NOTIFY_SOCKET": str(home / "notify"), "WATCHDOG_USEC": "100000"})
        self.mux.start()

    def told(self, words: str) -> str:
        """The next that systemd is told and that begins so."""
        while not (told := self.socket.recv(4096).decode()).startswith(words):
            pass
        return told

    def test_life(self) -> None:
        """
        Systemd is told when the mux is ready, that it lives, when it reads its configuration, and
        that it stops.
        """
        self.assertIn("STATUS=1 guests are served", self.told("READY=1"))
        self.told("WATCHDOG=1")
        self.mux.signal(signal.SIGHUP)
        self.told("RELOADING=1\nMONOTONIC_USEC=")
        self.told("READY=1")
        self.mux.signal(signal.SIGTERM)
        self.told("STOPPING=1")
        self.mux.wait()
        lines = [json.loads(line) for line in self.mux.complaints().splitlines()[1:]]
        self.assertIn("the configuration was read anew", [line["message"] for line in lines])
        ready = [line for line in lines if line.get("state") == "ready"]
        self.assertEqual([line["guest"] for line in ready], ["db1"])
