"""
The mux between a guest and clients that mean no good, either of them.

One guest is good, its agent ours; whatever anybody else does, its client is served, and the mux's
memory stays bounded.
"""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, Client, Gone, request
from tests.functional._evil_agent import EvilAgent, again_and_again
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, AgentProcess, require

MIB = 1 << 20

#: What the mux may use over what it needs anyway: replies that wait for clients, texts half read.
ROOM = 256 * MIB

SYNC = b"\xff" + request("guest-sync-delimited", {"id": 4711})


class MuxCase(SynchronousTestCase):
    """A mux with a good guest and, where a test needs it, an evil one."""

    def serve(self, **others: Path) -> MuxProcess:
        """Start the mux; wait for the good guest only."""
        self.agent = AgentProcess(require(OURS))
        self.addCleanup(self.agent.remove)
        self.agent.start()
        mux = MuxProcess({"good": self.agent.socket, **others}, wait_for=["good"])
        self.addCleanup(mux.remove)
        mux.start()
        self.mux = mux
        self.before = mux.memory()
        self.good = mux.connect("good")
        self.addCleanup(self.good.close)
        return mux

    def serve_others_while(self, busy: Callable[[], object]) -> None:
        """Run ``busy`` in a thread; the good client is served all the time, and at the end."""
        failed: list[BaseException] = []

        def run() -> None:
            try:
                busy()
            except BaseException as why:
                failed.append(why)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        served, deadline = 0, time.monotonic() + 2 * PATIENCE
        while thread.is_alive() or not served:
            self.assertLess(time.monotonic(), deadline, "for ever busy")
            self.assertEqual(self.good.call("guest-sync", id=served), served)
            served += 1
        if failed:
            raise failed[0]
        self.assertEqual(self.good.call("guest-ping"), {})
        self.assertLess(self.mux.peak_memory() - self.before, ROOM)
        self.assertNotIn("Traceback", self.mux.complaints())


class FromClients(MuxCase):
    def speak(self, octets: bytes) -> list[bytes]:
        """Say this to the good guest, and then what every client may say; the errors."""
        client = self.mux.connect("good")
        errors = []
        try:
            client.send(octets + b"\n" + SYNC)
            while not (line := client.line()).startswith(b"\xff"):
                errors.append(line)
            self.assertEqual(line, b'\xff{"return": 4711}')
        except Gone as why:
            errors.append(str(why).encode())
        client.abandon()
        return errors

    def test_texts(self) -> None:
        """
        Whatever a client says, it gets errors, and nothing of it reaches the agent.
        """
        self.serve()
        agent = self.agent.memory()
        for octets, desc in (
            (b'{"execute": "' + b"a" * 100_000_000, "JSON token size limit exceeded"),
            (b"1" * 100_000_000, "JSON token size limit exceeded"),
            (b"[" * 100_000, "JSON nesting depth limit exceeded"),
            (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "JSON nesting depth limit exceeded"),
            (b'"' + b"\x80" * 2_000_000 + b'"', "UTF-8"),
            (b'"\xed\xa0\x80"', "UTF-8"),
            (b'{"execute": "guest-sync", "arguments": {"id": ' + b"9" * 5_000 + b"}}", "integer"),
            (b"%" * 5_000_000, "JSON parse error"),
            (b"x" * 5_000_000 + b" ", "JSON parse error"),
            (b"[" + b"1," * 30_000 + b"%", "JSON parse error"),
            (b"[" + b"1," * 3_000_000, "JSON token count limit exceeded"),
            (b'{"execute": "' + b"a" * 5_000_000 + b'"}', "has not been found"),
            (b"\xff" * 50_000, "JSON parse error"),
        ):
            errors: list[bytes] = []
            self.serve_others_while(lambda o=octets, e=errors: e.extend(self.speak(o)))  # type: ignore[misc]
            self.assertTrue(errors, octets[:30])
            self.assertIn(desc, errors[0].decode(errors="replace"))
        self.assertLess(self.agent.memory() - agent, 64 * MIB)

    def test_five_thousand_digits(self) -> None:
        """
        An id of five thousand digits is a number out of range, and comes back as one.
        """
        self.serve()
        with self.mux.connect("good") as client:
            reply = client.ask(b'{"execute": "guest-ping", "id": ' + b"9" * 5_000 + b"}")
            self.assertIsInstance(reply["id"], float)

    def test_flood(self) -> None:
        """
        A client that asks and never reads is not read from, or dropped; nobody else notices.
        """
        self.serve()

        def flood() -> None:
            client = Client(self.mux.socket("good"), patience=2)
            client.stop_listening()
            try:
                for _ in range(2_000):
                    client.send(request("guest-info") * 100)
                self.fail("everything was taken, and nothing was read")
            except Gone:
                client.abandon()

        self.serve_others_while(flood)

    def test_big_replies_not_read(self) -> None:
        """
        Large replies for a client that does not read cost the mux so much and no more.
        """
        self.serve()
        path = self.agent.cwd / "file"
        path.write_bytes(b"x" * (6 * MIB))

        def greedy() -> None:
            clients = []
            for _ in range(3):
                client = Client(self.mux.socket("good"))
                handle = client.call("guest-file-open", path=str(path), mode="r")
                read = request("guest-file-read", {"handle": handle, "count": 6 * MIB})
                rewind = request("guest-file-seek", {"handle": handle, "offset": 0, "whence": 0})
                client.stop_listening()
                client.send((read + rewind) * 20)
                clients.append(client)
            time.sleep(2)  # for whatever the mux may do with that
            for client in clients:
                client.abandon()

        self.serve_others_while(greedy)

    def test_half_lines(self) -> None:
        """
        Any number of clients may leave in the middle of a word.
        """
        self.serve()

        def leave() -> None:
            for number in range(300):
                client = self.mux.connect("good")
                client.send((b'{"execute": "guest-file-open", "arguments": {' * 9)[: number + 1])
                client.abandon()

        self.serve_others_while(leave)
        self.assertEqual(len(self.speak(b"")), 1)  # for the 0xFF

    def test_silent_clients(self) -> None:
        """
        Hundreds of clients that say nothing keep nobody else waiting.
        """
        self.serve()
        clients: list[Client] = []
        self.serve_others_while(
            lambda: clients.extend(self.mux.connect("good") for _ in range(300))
        )
        for client in clients:
            client.abandon()
        self.assertEqual(self.good.call("guest-ping"), {})


class FromGuests(MuxCase):
    def asked(self, answer: bytes | Iterable[bytes], at_once: bytes = b"") -> dict[str, str]:
        """Ask the evil guest something that it answers like this; the error that comes of it."""
        folder = self.agent.folder
        path = folder / f"evil{len(list(folder.iterdir()))}"
        evil = EvilAgent(path, answer, at_once)
        reply: dict[str, dict[str, str]] = {}
        with evil:
            mux = MuxProcess({"good": self.agent.socket, "evil": path}, wait_for=["good"])
            self.good.close()
            self.mux.remove()
            self.mux = mux
            self.addCleanup(mux.remove)
            mux.start()
            self.before = mux.memory()
            self.good = mux.connect("good")
            self.addCleanup(self.good.close)

            def ask() -> None:
                with mux.connect("evil") as client:
                    client.send(SYNC)
                    while not client.line().startswith(b"\xff"):
                        pass
                    reply.update(client.ask(request("guest-get-osinfo")))

            self.serve_others_while(ask)
            # and it is given another chance
            self.serve_others_while(lambda: self.again("evil"))
        return reply["error"]

    def again(self, guest: str) -> None:
        """Wait until a guest is served again."""
        deadline = time.monotonic() + PATIENCE
        while not self.mux.serves(guest):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_streams(self) -> None:
        """
        A guest that floods the mux costs its own connection: its clients are told, others served.
        """
        self.serve()
        for octets, why in (
            (b"a", "a reply is longer than 10485760 octets"),
            (b'"a",', "a reply is longer than 10485760 octets"),
            (b"[", "a reply is longer than 10485760 octets"),
            (b"\xff", "0xFF came"),
            (b"\xff\n", "0xFF came"),
            (b'{"return": {}}\n', "made no sense"),
            (b'{"return": {}, "id": "x"}\n', "made no sense"),
            (b'{"error": {"class": "GenericError", "desc": "x"}}\n', "made no sense"),
            (b"garbage\n", "made no sense"),
        ):
            error = self.asked(list(again_and_again(octets, 40 * MIB)))
            self.assertEqual(error["class"], "GenericError")
            self.assertTrue(error["desc"].startswith("outcome unknown: "), error)
            self.assertIn(why, error["desc"], octets)

    def test_replies(self) -> None:
        """
        One reply that is out of all measure costs that call, and says what was wrong.
        """
        self.serve()
        for octets, why in (
            (b"[" * 100_000 + b"]" * 100_000, "JSON nesting depth limit exceeded"),
            (b'{"return": ' + b'{"a": ' * 5_000 + b"1" + b"}" * 5_001, "nesting depth limit"),
            (b'{"return": [' + b"1," * 1_000_000 + b"1]}", "JSON token count limit exceeded"),
            (b'{"return": "' + b"\x80" * 5_000_000 + b'"}', "invalid UTF-8"),
            (b'{"return": ' + b"9" * 5_000 + b"}", ""),
            (b"login: ", "invalid keyword"),
        ):
            error = self.asked(octets + b"\n")
            self.assertEqual(error["class"], "GenericError")
            self.assertIn(why, error["desc"])

    def test_newlines(self) -> None:
        """
        A guest that sends blank lines for ever says nothing, and disturbs nobody.
        """
        self.serve()
        answer = [*again_and_again(b"\n", 30 * MIB), b"nonsense\n"]
        self.assertIn("nonsense", self.asked(answer)["desc"])

    def test_greetings(self) -> None:
        """
        What a guest says before it was asked is nobody's answer.
        """
        self.serve()
        noise = b'{"return": {"id": "evil"}}\n' * 50 + b"\xff" + b"half a li"
        error = self.asked(b'{"error": {"class": "GenericError", "desc": "as usual"}}\n', noise)
        self.assertIn("as usual", error["desc"])
