"""A mux that hears what a real QEMU says of the machine. Facts C10."""

import time
from collections.abc import Callable
from typing import ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, Gone, request
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V10_0
from tests.vm._case import VMCase
from tests.vm._patience import PATIENCE


class Monitored(VMCase, SynchronousTestCase):
    """A mux in front of an agent in the virtual machine, and at QEMU's monitor."""

    series: ClassVar[str] = OURS

    def setUp(self) -> None:
        super().setUp()
        self.mux = MuxProcess(
            {"vm": self.machine.socket("agent")},
            *("--guest-qmp", f"vm={self.machine.socket('monitor')}"),
            *("--deadline", "silent=86400"),  # what ends sooner, QEMU has ended
            wait_for=[],
        )
        self.addCleanup(self.mux.remove)
        self.mux.start()
        self.until(lambda: "QEMU's monitor is heard" in self.mux.complaints())

    def until(self, found: Callable[[], object]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not found():
            self.assertLess(time.monotonic(), deadline, self.mux.complaints())
            time.sleep(0.1)

    def client(self) -> Client:
        client = self.mux.connect("vm", PATIENCE)
        self.addCleanup(client.abandon)
        return client

    def refusal(self) -> str:
        """Why a sync is refused, which the mux itself answers; nothing if it is not."""
        client = self.mux.connect("vm", PATIENCE)
        try:
            told = client.ask(request("guest-sync", {"id": 1}))
        finally:
            client.abandon()  # closing would ask the agent, who may stand still
        return str(told.get("error", {}).get("desc", ""))

    def test_presence(self) -> None:
        """
        While no agent has the port open it is said so, and nothing is tried; an agent that starts
        is found, one that ends is missed, by what QEMU says.
        """
        self.until(lambda: "no agent has the port open" in self.refusal())
        for series in (OURS, V10_0):
            agent = self.started(series=series)
            self.until(lambda: self.refusal() == "")
            self.assertEqual(self.client().call("guest-ping"), {})
            agent.stop()
            self.until(lambda: "no agent has the port open" in self.refusal())

    def test_ends_during_a_command(self) -> None:
        """
        When the agent ends in the middle of a command, whoever waits is told so: not after a
        deadline, which is ten minutes.
        """
        agent = self.started(series=V10_0)
        self.until(lambda: self.refusal() == "")
        client = self.client()
        self.machine.side.check(f"kill -STOP {agent.pid}")
        client.send(request("guest-get-time"))
        self.until(lambda: "a command has been running" in self.refusal())
        self.machine.side.check(f"kill -KILL {agent.pid}")
        self.assertIn(b"outcome unknown", client.line())

    def test_paused(self) -> None:
        """
        Of a paused machine nothing is asked, and it is said that it is paused; afterwards the
        agent answers over the same connection.
        """
        self.started()
        self.until(lambda: self.refusal() == "")
        client = self.client()
        self.machine.qmp.call("stop")
        try:
            self.until(lambda: "the agent is paused: " in self.refusal())
            client.send(request("guest-sync-delimited", {"id": 5}))
            self.assertIn(b"the agent is paused: ", client.line())
        finally:
            self.machine.qmp.call("cont")
        self.until(lambda: self.refusal() == "")
        self.assertEqual(client.call("guest-ping"), {})

    def test_sleeps(self) -> None:
        """
        A client that sends the guest to sleep gets the end of its connection when it sleeps; when
        it wakes the agent answers again.
        """
        self.started()
        self.until(lambda: self.refusal() == "")
        client = self.client()
        client.send(request("guest-suspend-ram"))
        self.assertRaises(Gone, client.line)
        self.until(lambda: "the guest sleeps" in self.refusal())
        self.machine.qmp.call("system_wakeup")
        self.until(lambda: self.refusal() == "")
