"""
Our agent and a client that means no good.

Whatever is sent, memory stays bounded, what can be answered is answered with an error that says
what was wrong, and the next client is served.
"""

import os
import resource
import signal
import time
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, Client, Gone, request
from tests.functional._oracle import OURS, AgentProcess, require

MIB = 1 << 20

#: What an agent may use over what it needs anyway. A text may have 64 MiB (QEMU's own limit), and
#: is there as octets, as a value, and as the octets of a reply that echoes it.
ROOM = 400 * MIB

PING = request("guest-ping")
DEEP = "JSON nesting depth limit exceeded"
BIG = "JSON token size limit exceeded"
MANY = "JSON token count limit exceeded"


class Hostile(SynchronousTestCase):
    """A test case with an agent whose memory is watched."""

    def setUp(self) -> None:
        self.agent = AgentProcess(require(OURS))
        self.addCleanup(self.agent.remove)
        self.agent.start()
        self.before = self.agent.memory()

    def check(self, room: int = ROOM) -> None:
        """Memory stayed within bounds, and a new client is served."""
        self.assertTrue(self.agent.answers(), self.agent.complaints())
        self.assertLess(self.agent.peak_memory() - self.before, room)
        self.assertEqual(self.agent.complaints(), "")

    def refused(self, octets: bytes, *desc: str) -> None:
        """Send this; the first error has one of these texts, and the next request is served."""
        with self.agent.connect() as client:
            client.send(octets + b"\n\xff\n" + request("guest-ping", id="end"))
            first = client.line()
            self.assertIn(b'"class": "GenericError"', first)
            self.assertTrue(
                any(each.encode() in first for each in desc), (octets[:40], first[:300])
            )
            while not client.line().endswith(b'"id": "end"}'):
                pass
        self.check()


class Texts(Hostile):
    def test_no_newline(self) -> None:
        """
        A hundred megabytes of one text are given up at QEMU's limit.
        """
        for octets in (b'{"execute": "' + b"a" * 100_000_000, b"1" * 100_000_000):
            self.refused(octets, BIG)

    def test_blanks(self) -> None:
        """
        A hundred megabytes of nothing are nothing.
        """
        with self.agent.connect() as client:
            client.send(b" " * 100_000_000 + PING)
            self.assertEqual(client.line(), b'{"return": {}}')
        self.check(room=16 * MIB)

    def test_nesting(self) -> None:
        """
        Text a hundred thousand deep is given up at QEMU's limit, closed or not.
        """
        for octets in (
            b"[" * 100_000,
            b"[" * 100_000 + b"]" * 100_000,
            b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
            b'[{"a":' * 50_000,
        ):
            self.refused(octets, DEEP)

    def test_members(self) -> None:
        """
        Millions of small values are given up at QEMU's limit.
        """
        self.refused(b"[" + b"1," * 2_100_000, MANY)
        self.refused(b"[" + b"[]," * 800_000, MANY)

    def test_many_values_within_the_limit(self) -> None:
        """
        A text of half a million values is within the limit, and echoed.
        """
        with self.agent.connect() as client:
            text = b"[" + b"1, " * 499_999 + b"1]"
            client.send(b'{"execute": "guest-ping", "id": ' + text + b"}")
            self.assertEqual(client.line(), b'{"return": {}, "id": ' + text + b"}")
        self.check()

    def test_invalid_utf8(self) -> None:
        """
        Megabytes of what is no UTF-8 are one error, or one for each text.
        """
        for octets in (b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
            self.refused(b'"' + octets * 2_000_000 + b'"', "UTF-8")

    def test_long_numbers(self) -> None:
        """
        An integer of thousands of digits is a number out of range, never a burden.
        """
        with self.agent.connect() as client:
            for digits in (20, 310, 5_000, 1_000_000):
                for sign in (b"", b"-"):
                    text = sign + b"9" * digits
                    reply = client.ask(b'{"execute": "guest-ping", "id": ' + text + b"}")
                    self.assertIsInstance(reply["id"], float if digits > 20 else int | float)
                    reply = client.ask(
                        b'{"execute": "guest-sync", "arguments": {"id": ' + text + b"}}"
                    )
                    self.assertEqual(
                        reply["error"]["desc"], "Invalid parameter type for 'id', expected: integer"
                    )
            for text in (b"1e" + b"9" * 5_000, b"0." + b"3" * 100_000, b"1" * 5_000 + b".5e-5000"):
                self.assertIn("id", client.ask(b'{"execute": "guest-ping", "id": ' + text + b"}"))
        self.check()

    def test_long_words(self) -> None:
        """
        Names of megabytes are not echoed without end: commands, members, keywords, faults.
        """
        word = b"x" * 5_000_000
        with self.agent.connect() as client:
            for octets in (
                b'{"execute": "' + word + b'"}',
                b'{"' + word + b'": 1}',
                b'{"execute": "guest-ping", "arguments": {"' + word + b'": 1}}',
                word + b" ",
                b'{"execute": "guest-file-open", "arguments": {"path": "' + word + b'"}}',
                b'{"execute": "guest-exec", "arguments": {"path": "' + word + b'"}}',
            ):
                for line in client.raw(octets):
                    self.assertIn(b'"error"', line)
        self.check()

    def test_large_id(self) -> None:
        """
        Fifty megabytes of id come back as they were.
        """
        text = b'"' + b"e" * 50_000_000 + b'"'
        with self.agent.connect() as client:
            client.send(b'{"execute": "guest-ping", "id": ' + text + b"}")
            self.assertEqual(client.line(), b'{"return": {}, "id": ' + text + b"}")
        self.check()

    def test_escapes(self) -> None:
        """
        Text that grows as it is decoded and encoded stays within bounds.
        """
        for text in (
            rb"\u00e9" * 3_000_000,
            "é".encode() * 9_000_000,
            rb"\ud83d\ude00" * 1_500_000,
        ):
            with self.agent.connect() as client:
                client.send(b'{"execute": "guest-ping", "id": "' + text + b'"}')
                self.assertTrue(client.line().endswith(b'"}'))
            self.check()


class Streams(Hostile):
    def test_sentinels(self) -> None:
        """
        A storm of 0xFF is answered one by one, at the pace of the client that reads.
        """
        count = 200_000
        with self.agent.connect() as client:
            client.send(b"\xff" * count + PING)
            for _ in range(count):
                self.assertIn(b"GenericError", client.line())
            self.assertEqual(client.line(), b'{"return": {}}')
        self.check(room=64 * MIB)

    def test_garbage(self) -> None:
        """
        Megabytes of noise cost an error now and then.
        """
        noise = bytes(range(256)) * 8_000
        with self.agent.connect() as client:
            client.send(noise + b"\n\xff\n" + request("guest-ping", id="end"))
            while not client.line().endswith(b'"id": "end"}'):
                pass
        self.check(room=64 * MIB)

    def test_flood(self) -> None:
        """
        A flood of requests whose replies are not read fills the sockets, not the agent.
        """
        asked = request("guest-info") * 1_000
        client = Client(self.agent.socket, patience=2)
        client.stop_listening()
        sent = 0
        try:
            while sent < 64 * MIB:
                client.send(asked)
                sent += len(asked)
            self.fail("everything was taken, and nothing was read")
        except Gone:
            pass  # stuck, as it should be
        self.assertLess(self.agent.memory() - self.before, 32 * MIB)
        client.abandon()
        self.check(room=64 * MIB)

    def test_big_replies_not_read(self) -> None:
        """
        One reply waits for a client that does not read; the next is not even made.
        """
        path = self.agent.cwd / "file"
        path.write_bytes(b"x" * (8 * MIB))
        client = Client(self.agent.socket, patience=2)
        handle = client.call("guest-file-open", path=str(path), mode="r")
        client.stop_listening()
        read = request("guest-file-read", {"handle": handle, "count": 8 * MIB})
        rewind = request("guest-file-seek", {"handle": handle, "offset": 0, "whence": 0})
        client.send((read + rewind) * 50)
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            self.assertLess(self.agent.memory() - self.before, 128 * MIB)
        client.abandon()
        self.check(room=128 * MIB)

    def test_half_lines(self) -> None:
        """
        Clients that leave in the middle of a word leave nothing behind.
        """
        for number in range(200):
            client = self.agent.connect()
            client.send((b'{"execute": "guest-file-open", "arguments": {' * 50)[: 1 + number * 11])
            client.abandon()
        self.check(room=32 * MIB)

    def test_leaves_at_any_time(self) -> None:
        """
        A client may leave while a large reply is on its way.
        """
        path = self.agent.cwd / "file"
        path.write_bytes(b"x" * (4 * MIB))
        for _ in range(20):
            client = self.agent.connect()
            handle = client.call("guest-file-open", path=str(path), mode="r")
            client.send(request("guest-file-read", {"handle": handle, "count": 4 * MIB}))
            client.send(request("guest-file-close", {"handle": handle}))
            client.abandon()
        self.check(room=128 * MIB)


def children_of(pid: int) -> list[int]:
    """The children of a process."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Resources(Hostile):
    def test_output_without_end(self) -> None:
        """
        A program that never stops printing costs its 16 MiB, and the agent answers meanwhile.
        """
        with self.agent.connect() as client:
            started = client.call(
                "guest-exec",
                path="/bin/sh",
                arg=["-c", "yes x & yes y >&2 & wait"],
                capture_output=True,
            )
            deadline = time.monotonic() + 3
            while time.monotonic() < deadline:
                self.assertEqual(
                    client.call("guest-exec-status", pid=started["pid"]), {"exited": False}
                )
            for pid in children_of(started["pid"]):
                os.kill(pid, signal.SIGKILL)
            deadline = time.monotonic() + PATIENCE
            while not (status := client.call("guest-exec-status", pid=started["pid"]))["exited"]:
                self.assertLess(time.monotonic(), deadline)
            self.assertTrue(status["out-truncated"])
            self.assertTrue(status["err-truncated"])
        self.check()

    def test_descriptors(self) -> None:
        """
        An agent that can open no more files says so, and goes on when it can again.
        """
        before = resource.prlimit(self.agent.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.agent.pid, resource.RLIMIT_NOFILE, (64, before[1]))
        with self.agent.connect() as client:
            handles: list[int] = []
            reply: dict[str, Any] = {}
            while "error" not in reply:
                self.assertLess(len(handles), 64)
                reply = client.ask(request("guest-file-open", {"path": "/dev/null"}))
                handles += [reply["return"]] if "return" in reply else []
            # the last one may go to the file, and then the state cannot be saved
            self.assertRegex(reply["error"]["desc"], "Too many open files|failed to commit")
            reply = client.ask(request("guest-exec", {"path": "/bin/true", "capture-output": True}))
            self.assertIn("error", reply)
            self.assertEqual(client.call("guest-sync", id=1), 1)
        # no descriptor is left for another client, who waits for one
        waiting = self.agent.connect()
        for handle in handles:
            waiting.send(request("guest-file-close", {"handle": handle}))
        resource.prlimit(self.agent.pid, resource.RLIMIT_NOFILE, before)
        for _ in handles:
            self.assertEqual(waiting.line(), b'{"return": {}}')
        waiting.close()
        self.assertTrue(self.agent.answers())

    def test_processes(self) -> None:
        """
        Hundreds of programs at the same time are only that.
        """
        with self.agent.connect() as client:
            started = [
                client.call("guest-exec", path="/bin/cat", input_data="", capture_output=True)
                for _ in range(200)
            ]
            deadline = time.monotonic() + PATIENCE
            for each in started:
                while not client.call("guest-exec-status", pid=each["pid"])["exited"]:
                    self.assertLess(time.monotonic(), deadline)
        self.check(room=64 * MIB)
