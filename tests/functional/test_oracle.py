"""The processes that the other tests here rely on."""

import signal

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, Gone, Refused
from tests.functional._oracle import DANGEROUS, V7_2, V10_0, AgentProcess, require
from txqga.schema import CommandClass, command_class, shipped

#: Change nothing but what a test tells them to.
_TAME = ("guest-sync", "guest-file-", "guest-exec")


class DangerousTests(SynchronousTestCase):
    def test_complete(self) -> None:
        """
        Every command of QEMU's that changes the machine it runs on is one that no test may call.
        """
        schema = shipped()
        wild = [
            name
            for name in schema.commands
            if command_class(schema, name, {}) is not CommandClass.READ
            and not name.startswith(_TAME)
        ]
        self.assertEqual(sorted(wild), sorted(DANGEROUS))


class RealAgents(SynchronousTestCase):
    def test_versions(self) -> None:
        """
        The two real agents are what they are called.
        """
        for series in (V7_2, V10_0):
            with AgentProcess(require(series)) as agent, agent.connect() as client:
                self.assertTrue(client.call("guest-info")["version"].startswith(series))

    def test_refusal(self) -> None:
        """
        An agent's error is raised with its class and its words.
        """
        with AgentProcess(require(V7_2)) as agent, agent.connect() as client:
            refused = self.assertRaises(Refused, client.call, "guest-nonsense")
            self.assertEqual(refused.wire_class, "CommandNotFound")
            self.assertEqual(client.raw(b'{"execute":"guest-ping"}' * 3), [b'{"return": {}}'] * 3)

    def test_close_is_kind(self) -> None:
        """
        A client that leaves reads its replies first, so that the agent lives on.
        """
        with AgentProcess(require(V7_2)) as agent:
            for _ in range(3):
                with agent.connect() as client:
                    client.send(b'{"execute":"guest-info"}{"execute":"gue')
            self.assertTrue(agent.answers())

    def test_stands_still(self) -> None:
        """
        A stopped agent answers nothing, and goes on when it is told to.
        """
        with AgentProcess(require(V7_2)) as agent:
            client = Client(agent.socket, patience=0.2)
            agent.signal(signal.SIGSTOP)
            self.assertRaises(Gone, client.call, "guest-ping")
            agent.signal(signal.SIGCONT)
            self.assertEqual(Client.line(client), b'{"return": {}}')
            client.close()

    def test_restart(self) -> None:
        """
        An agent is stopped, killed and started again in its own folder, which goes at the end.
        """
        with AgentProcess(require(V7_2)) as agent:
            self.assertEqual(agent.stop(), 0)
            self.assertFalse(agent.alive)
            agent.restart()
            self.assertEqual(agent.kill(), -signal.SIGKILL)
            agent.start()
            self.assertTrue(agent.answers())
            self.assertIn("socket:", " ".join(agent.open_files().values()))
            self.assertGreater(agent.peak_memory(), 1 << 20)
        self.assertFalse(agent.folder.exists())
