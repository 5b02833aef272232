"""Agents that are killed, stopped and started again under the mux."""

import re
import signal
from typing import Any

from tests.functional import _mux_case
from tests.functional._client import Client, Refused, request
from tests.functional._mux_embedded import EmbeddedMux
from tests.functional._oracle import OURS, V7_2


class AwayCase(_mux_case.MuxCase):
    """A mux that is connected to the agent itself, without a tap."""

    tapped = False

    def refused(self, client: Client, command: str = "guest-ping", **arguments: Any) -> str:
        """The words with which the mux refuses."""
        refused = self.assertRaises(Refused, client.call, command, **arguments)
        return str(refused.desc)

    def until_back(self, client: Client) -> None:
        """Wait until commands of this client are run again."""

        def is_back() -> bool:
            try:
                return bool(client.call("guest-ping") == {})
            except Refused:
                return False

        self.until(is_back)


class Killed(AwayCase):
    """The agent is killed, and started again."""

    series = V7_2

    def test_killed(self) -> None:
        """
        When the agent is gone, every client is told so at once, with the reason; when it is back
        they go on, over the same connections.
        """
        with self.mux.connect("db1") as ann, self.mux.connect("db1") as bob:
            self.assertEqual(ann.call("guest-ping"), {})
            self.agent.kill()
            self.until(lambda: self.is_away(ann))
            for client in (ann, bob, self.connect()):
                self.assertRegex(self.refused(client), r"\Athe agent is absent: .{10}")
                self.assertRegex(self.refused(client, "guest-sync", id=5), "the agent is absent: ")
                client.send(request("guest-sync-delimited", {"id": 6}, id=7))
                self.assertTrue(client.line().startswith(b'\xff{"id": 7, "error": '))
            self.agent.start()
            self.until_back(ann)
            self.assertEqual(bob.call("guest-sync", id=5), 5)

    def is_away(self, client: Client) -> bool:
        return "error" in client.ask(request("guest-ping"))

    def test_nothing_runs_later(self) -> None:
        """
        What was refused while the agent was away never happens, not when it is back either.
        """
        made = self.agent.folder / "made"
        with self.mux.connect("db1") as client:
            self.agent.kill()
            self.until(lambda: self.is_away(client))
            for _ in range(50):
                self.refused(client, "guest-file-open", path=str(made), mode="w")
            self.agent.start()
            self.until_back(client)
            for number in range(20):
                self.assertEqual(client.call("guest-sync", id=number), number)
        self.assertFalse(made.exists())

    def test_handles(self) -> None:
        """
        Handles of an agent that is gone are gone, and new ones work.
        """
        path = self.file(b"hello")
        with self.mux.connect("db1") as client:
            old = client.call("guest-file-open", path=str(path))
            self.agent.kill()
            self.until(lambda: self.is_away(client))
            self.agent.start()
            self.until_back(client)
            self.assertIn("has not been found", self.refused(client, "guest-file-read", handle=old))
            new = client.call("guest-file-open", path=str(path))
            self.assertNotEqual(old, new)
            self.assertEqual(client.call("guest-file-read", handle=new)["count"], 5)
        self.until_closed(path)

    def test_restarts(self) -> None:
        """
        An agent may be restarted as often as it likes.
        """
        with self.mux.connect("db1") as client:
            for number in range(5):
                self.agent.restart()
                self.until_back(client)
                self.assertEqual(client.ask(request("guest-ping", id=number))["id"], number)
        self.assertNotIn("Traceback", self.mux.complaints())

    def test_started_later(self) -> None:
        """
        A mux may be started before its agents: clients are told, and are served when they come.
        """
        self.agent.kill()
        self.mux.stop()
        self.agent.socket.unlink()
        self.mux.spawn()
        self.until(lambda: self.mux.listens("db1"))
        with self.mux.connect("db1") as client:
            self.until(lambda: self.is_away(client))
            self.assertIn("there is no", self.refused(client))
            self.agent.start()
            self.until_back(client)


class KilledOurs(Killed):
    """So it is with our own agent."""

    series = OURS


class Stopped(AwayCase):
    """The agent stands still, and goes on."""

    series = V7_2

    def test_stopped(self) -> None:
        """
        While the agent stands still a client's sync says what it is waiting for; then everything
        goes on, and each answer goes to who asked.
        """
        made = self.agent.folder / "made"
        ann, bob, cat = (self.connect() for _ in range(3))
        self.agent.signal(signal.SIGSTOP)
        ann.send(request("guest-file-open", {"path": str(made), "mode": "w"}, id="ann"))
        cat.send(request("guest-ping", id="cat"))

        def complaint() -> str | None:
            reply = bob.ask(request("guest-sync", {"id": 5}))
            return reply["error"]["desc"] if "error" in reply else None

        self.assertRegex(
            self.until(complaint),
            r"\Athe agent is busy: a command has been running for \d+ s\Z",
        )
        bob.send(request("guest-get-host-name", id="bob"))
        self.agent.signal(signal.SIGCONT)
        for client, name in ((ann, b'"ann"'), (bob, b'"bob"'), (cat, b'"cat"')):
            self.assertRegex(client.line(), rb'"return": .*"id": ' + name)
        self.assertEqual(bob.call("guest-sync", id=6), 6)
        self.assertTrue(made.exists())


class StoppedOurs(Stopped):
    """So it is with our own agent."""

    series = OURS


class GivenUp(AwayCase):
    """The agent stands still for longer than the mux waits for it."""

    series = V7_2
    cap = 1.0

    def make_mux(self) -> EmbeddedMux:
        return EmbeddedMux({"db1": self.channel}, self.cap)

    def hang(self) -> tuple[Client, Client]:
        """The agent hangs over a command of the first client; the second is refused another."""
        ann, bob = self.connect(), self.connect()
        self.agent.signal(signal.SIGSTOP)
        opening = {"path": str(self.agent.folder / "ann"), "mode": "w"}
        reply = ann.ask(request("guest-file-open", opening, id="ann"))
        self.assertRegex(reply["error"]["desc"], r"\Aoutcome unknown: .{10}")
        self.assertEqual(reply["id"], "ann")
        opening["path"] = str(self.agent.folder / "bob")
        reply = bob.ask(request("guest-file-open", opening, id="bob"))
        self.assertTrue(re.match(r"the agent is \w+: .{10}", reply["error"]["desc"]), reply)
        self.assertEqual(reply["id"], "bob")
        return ann, bob

    def check(self, ann: Client, bob: Client) -> None:
        """The agent is back, the second command never ran, and no answer went astray."""
        self.until_back(ann)
        self.assertEqual(bob.ask(request("guest-get-timezone", id=7))["id"], 7)
        self.assertEqual(ann.call("guest-sync", id=8), 8)
        self.assertEqual(bob.call("guest-sync", id=9), 9)
        self.assertFalse((self.agent.folder / "bob").exists())
        self.assertNotIn("Traceback", self.mux.complaints())

    def test_goes_on(self) -> None:
        """
        Nobody knows what became of the command that was written; what was not written never runs.
        """
        ann, bob = self.hang()
        self.agent.signal(signal.SIGCONT)
        if not self.agent.alive:
            self.agent.start()
        self.check(ann, bob)

    def test_is_killed(self) -> None:
        """
        So it is when the agent is killed and started again.
        """
        ann, bob = self.hang()
        self.agent.kill()
        self.agent.start()
        self.check(ann, bob)


class GivenUpOurs(GivenUp):
    """So it is with our own agent."""

    series = OURS
