"""What the mux has given up does not run: it asks an agent that knows fences inside one."""

import json
import signal
from typing import Any

from tests.functional import _mux_case
from tests.functional._client import Client, Refused, request
from tests.functional._http import ask
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2


class FenceTests(_mux_case.MuxCase):
    """Our agent stands still for longer than the mux waits for it."""

    series = OURS

    def make_mux(self) -> MuxProcess:
        mux = MuxProcess({"db1": self.channel}, "--deadline", "other=1")
        self.audit, self.http = mux.folder / "audit", mux.folder / "http"
        mux.argv += ["--audit", str(self.audit), "--http", f"unix:{self.http}"]
        return mux

    def lines(self, command: str) -> list[Any]:
        """What the audit says of a command."""
        said = [json.loads(line) for line in self.audit.read_text().splitlines()]
        return [line for line in said if line["command"] == command]

    def is_back(self, client: Client) -> bool:
        try:
            return bool(client.call("guest-ping") == {})
        except Refused:
            return False

    def test_given_up(self) -> None:
        """
        The caller is told that nobody knows; when the agent goes on it does not run the command.
        Whoever reads the audit or the figures finds what the client has asked for.
        """
        client = self.connect()
        self.assertEqual(client.call("guest-sync", id=1), 1)
        made = self.agent.folder / "made"
        self.agent.signal(signal.SIGSTOP)
        opening = request("guest-file-open", {"path": str(made), "mode": "w"}, id=2)
        reply = client.ask(opening)
        self.assertRegex(reply["error"]["desc"], r"\Aoutcome unknown: ")
        self.assertIn(b'"txqga-fenced"', self.tap.asked)
        self.agent.signal(signal.SIGCONT)
        self.until(lambda: self.is_back(client))
        self.assertFalse(made.exists())
        handle = client.call("guest-file-open", path=str(made), mode="w")
        self.assertTrue(made.exists())
        client.call("guest-file-close", handle=handle)
        self.until(lambda: len(self.lines("guest-file-open")) > 1)
        said = self.lines("guest-file-open")
        self.assertEqual([line["outcome"] for line in said], ["unknown", "returned"])
        self.assertEqual(said[0]["arguments"], {"path": str(made), "mode": "w"})
        figures = ask(self.http, "GET", "/metrics").octets.decode()
        self.assertIn('command="guest-file-open"', figures)
        for text in (self.audit.read_text(), figures):
            self.assertNotIn("txqga-fence", text)

    def test_as_without(self) -> None:
        """
        Replies and errors are those that the agent gives without a fence.
        """
        client, direct = self.connect(), self.start_agent().connect()
        self.addCleanup(direct.abandon)
        for command, arguments in (
            ("guest-file-open", {"path": "/nonexistent/x"}),
            ("guest-file-open", {"path": 5}),
            ("guest-exec", {}),
            ("guest-exec", {"path": "/nonexistent/x"}),
            ("guest-exec", {"path": "/x", "more": 1}),
            ("guest-exec-status", {"pid": "x"}),
            ("guest-shutdown", {}),
            ("guest-nonsense", {"a": [1, {"b": None}]}),
        ):
            asked = request(command, arguments, id=7)
            self.assertEqual(client.raw(asked), direct.raw(asked), command)


class StockTests(_mux_case.MuxCase):
    """An agent that knows no fences is asked as ever."""

    series = V7_2

    def test_unfenced(self) -> None:
        """
        Nothing is put inside a fence.
        """
        client = self.connect()
        path = str(self.file(b"abc"))
        handle = client.call("guest-file-open", path=path)
        self.assertEqual(client.call("guest-file-read", handle=handle)["count"], 3)
        self.assertNotIn(b"txqga-fenced", self.tap.asked)
