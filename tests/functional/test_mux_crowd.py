"""Fifty clients of one agent at the same time, some of whom go without a word."""

import base64
import itertools
import json
import threading
from pathlib import Path
from random import Random
from typing import Any

from tests.functional import _mux_case
from tests.functional._client import PATIENCE, Client, request
from tests.functional._oracle import OURS, V7_2

CLIENTS, CALLS = 50, 200  #: ten thousand calls together


class Visitor:
    """
    One client: asks for things that only it can be answered like this, and checks the answers.

    Now and then it goes in the middle of a request, or without closing what it opened.
    """

    def __init__(self, number: int, socket: Path, folder: Path) -> None:
        self.calls = 0
        self.left = 0  #: times that it went without a word
        self._random = Random(number)
        self._socket = socket
        self._ids = (f"{number}.{count}" for count in itertools.count())
        self._text = f"this is {number} " * 300
        self._file = folder / f"file-{number}"
        self._file.write_text(self._text)
        self._name = str(number)
        self._client = Client(socket)

    def visit(self) -> None:
        """Do all that it came for."""
        deeds = [self._sync, self._ping, self._read, self._read, self._run, self._wrong]
        leaving = [self._leave_half, self._leave_asked, self._leave_open]
        while self.calls < CALLS:
            self._random.choice(deeds)()
            if self._random.random() < 0.05:
                self._random.choice(leaving)()
                self._client.abandon()
                self.left += 1
                self._client = Client(self._socket)
        self._client.close()

    def _ask(self, command: str, **arguments: Any) -> Any:
        """Ask; the reply has our id, or it is another's."""
        self.calls += 1
        name = next(self._ids)
        wire = {key.replace("_", "-"): value for key, value in arguments.items()}
        reply = self._client.ask(request(command, wire, id=name))
        assert reply["id"] == name, (name, reply)
        return reply

    def _sync(self) -> None:
        number = self._random.randrange(1 << 53)
        assert self._ask("guest-sync", id=number)["return"] == number

    def _ping(self) -> None:
        assert self._ask("guest-ping")["return"] == {}

    def _open(self) -> int:
        handle = self._ask("guest-file-open", path=str(self._file))["return"]
        assert isinstance(handle, int)
        return handle

    def _read(self) -> None:
        handle = self._open()
        reply = self._ask("guest-file-read", handle=handle, count=1 << 20)["return"]
        assert base64.b64decode(reply["buf-b64"]).decode() == self._text
        assert self._ask("guest-file-close", handle=handle)["return"] == {}

    def _run(self) -> None:
        started = self._ask("guest-exec", path="/bin/echo", arg=[self._name], capture_output=True)
        pid = started["return"]["pid"]
        while not (status := self._ask("guest-exec-status", pid=pid)["return"])["exited"]:
            pass
        assert base64.b64decode(status["out-data"]).decode() == self._name + "\n"

    def _wrong(self) -> None:
        error = self._ask("guest-file-open", path=f"/no/such/{self._name}")["error"]
        assert f"/no/such/{self._name}'" in error["desc"]

    def _leave_half(self) -> None:
        self._client.send(request("guest-file-open", {"path": str(self._file)})[:-20])

    def _leave_asked(self) -> None:
        self._client.send(request("guest-file-open", {"path": str(self._file)}) * 3)

    def _leave_open(self) -> None:
        self._open()
        self._ask("guest-exec", path="/bin/true")


class Crowd(_mux_case.MuxCase):
    """In front of the agent of QEMU 7.2."""

    series = V7_2

    def test_crowd(self) -> None:
        """
        Of ten thousand calls of fifty clients, each is answered to who made it, and when they have
        gone, some of them without a word, the agent has nothing open.
        """
        visitors = [Visitor(number, self.path, self.agent.cwd) for number in range(CLIENTS)]
        failed: list[BaseException] = []

        def visit(visitor: Visitor) -> None:
            try:
                visitor.visit()
            except BaseException as why:
                failed.append(why)

        threads = [threading.Thread(target=visit, args=(each,), daemon=True) for each in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE * 5)
        self.assertEqual([repr(each) for each in failed], [])
        self.assertFalse(any(thread.is_alive() for thread in threads))
        self.assertGreaterEqual(sum(visitor.calls for visitor in visitors), CLIENTS * CALLS)
        self.assertGreater(sum(visitor.left for visitor in visitors), CLIENTS)
        self.until_gone(0)
        self.until(lambda: not self.opened())
        self.assertNotIn("Traceback", self.mux.complaints())
        self.nothing_is_left()

    def opened(self) -> list[str]:
        """The visitors' files that the agent has open."""
        folder = str(self.agent.cwd)
        return [each for each in self.agent.open_files().values() if each.startswith(folder)]

    def nothing_is_left(self) -> None:
        """No result of a program that anybody has started is kept in the agent."""
        pids = {
            json.loads(reply)["return"]["pid"]
            for reply in bytes(self.tap.answered).splitlines()
            if reply.startswith(b'{"return": {"pid"')
        }
        self.assertGreater(len(pids), CLIENTS)
        self.mux.stop()
        with self.agent.connect() as client:
            for pid in pids:
                reply = client.ask(request("guest-exec-status", {"pid": pid}))
                self.assertIn("error", reply)


class CrowdOfOurs(Crowd):
    """In front of our own agent."""

    series = OURS
