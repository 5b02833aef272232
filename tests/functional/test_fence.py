"""Fences of our agent as a process: what was sent to one that hangs, or that has ended."""

import signal
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import Client, request
from tests.functional._oracle import OURS, AgentProcess, require

MINUTE = 60_000_000_000


class FenceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.agent = AgentProcess(require(OURS))
        self.addCleanup(self.agent.remove)
        self.agent.start()
        self.made = self.agent.folder / "made"

    def fenced(self, token: str, not_after: int, execute: str, **arguments: Any) -> bytes:
        asked = {"token": token, "not-after": not_after, "execute": execute}
        return request("txqga-fenced", {**asked, "arguments": arguments})

    def refusal(self, client: Client, asked: bytes) -> tuple[str, str]:
        error = client.ask(asked)["error"]
        return error["class"], error["desc"]

    def test_as_if_asked_for(self) -> None:
        """
        Inside a fence a command is found, allowed, checked, run and answered as outside.
        """
        with self.agent.connect() as client:
            until = client.call("txqga-fence", token="a")["boot-time"] + MINUTE
            for command, arguments in (
                ("guest-get-host-name", {}),
                ("guest-ping", {}),
                ("guest-sync", {"id": 7}),
                ("guest-sync", {"id": "7"}),
                ("guest-sync", {}),
                ("guest-ping", {"more": 1}),
                ("guest-shutdown", {}),  # blocked
                ("guest-nonsense", {}),
                ("guest-file-open", {"path": "/nonexistent/x"}),
                ("guest-file-close", {"handle": 5}),
            ):
                inside = client.ask(self.fenced("a", until, command, **arguments))
                self.assertEqual(inside, client.ask(request(command, arguments)), command)
            asked = self.fenced("a", until, "guest-sync-delimited", id=9)
            self.assertEqual(client.raw(asked), [b'{"return": 9}'])

    def test_hung(self) -> None:
        """
        What a client wrote to an agent that hung does not run when it goes on: its time is over.
        """
        with self.agent.connect() as client:
            now = client.call("txqga-fence", token="a")["boot-time"]
            self.agent.signal(signal.SIGSTOP)
            client.send(self.fenced("a", now, "guest-file-open", path=str(self.made), mode="w"))
            client.send(request("guest-ping"))
            self.agent.signal(signal.SIGCONT)
            refused = client.line()
            self.assertIn(b"DeviceNotActive", refused)
            self.assertIn(b"not-after has passed", refused)
            self.assertEqual(client.line(), b'{"return": {}}')
        self.assertFalse(self.made.exists())

    def test_another(self) -> None:
        """
        When another client has begun a fence, nothing of the first one's runs.
        """
        with self.agent.connect() as first:
            until = first.call("txqga-fence", token="a")["boot-time"] + MINUTE
        with self.agent.connect() as second:
            second.call("txqga-fence", token="b")
            asked = self.fenced("a", until, "guest-file-open", path=str(self.made), mode="w")
            refused = self.refusal(second, asked)
            self.assertEqual(refused, ("DeviceNotActive", "another fence has begun since"))
        self.assertFalse(self.made.exists())

    def test_restarted(self) -> None:
        """
        What was meant for an agent that was killed does not run in the next one.
        """
        with self.agent.connect() as client:
            until = client.call("txqga-fence", token="a")["boot-time"] + MINUTE
        self.agent.kill()
        self.agent.start()
        with self.agent.connect() as client:
            asked = self.fenced("a", until, "guest-file-open", path=str(self.made), mode="w")
            refused = self.refusal(client, asked)
            desc = "no fence has begun since the agent was started"
            self.assertEqual(refused, ("DeviceNotActive", desc))
            client.call("txqga-fence", token="b")
            asked = self.fenced("b", until, "guest-file-open", path=str(self.made), mode="w")
            self.assertIn("return", client.ask(asked))
        self.assertTrue(self.made.exists())

    def test_blocked(self) -> None:
        """
        A fence can be blocked, and cannot be inside another.
        """
        agent = AgentProcess(require(OURS), "-b", "guest-exec,txqga-fence")
        self.addCleanup(agent.remove)
        agent.start()
        with agent.connect() as client:
            wire_class, _ = self.refusal(client, request("txqga-fence", {"token": "a"}))
            self.assertEqual(wire_class, "CommandNotFound")
        with self.agent.connect() as client:
            until = client.call("txqga-fence", token="a")["boot-time"] + MINUTE
            inner = {"token": "a", "not-after": until, "execute": "guest-ping"}
            outer = {**inner, "execute": "txqga-fenced", "arguments": inner}
            refused = self.refusal(client, request("txqga-fenced", outer))
            self.assertEqual(refused, ("GenericError", "a fenced command cannot be fenced"))
