"""Where a datum comes from."""

from base64 import b64encode
from collections.abc import Mapping

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.monitor._source import CHUNK, LONGEST, Command, File, Source, Unreadable
from txqga.wire import JSON


class SourceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.asked: list[tuple[str, Mapping[str, JSON]]] = []
        self.reads: list[JSON | Exception] = []

    async def ask(self, command: str, arguments: Mapping[str, JSON]) -> JSON:
        self.asked.append((command, arguments))
        if command == "guest-file-open":
            return 1000
        if command == "guest-file-read":
            said = self.reads.pop(0)
            if isinstance(said, Exception):
                raise said
            return said
        return {}

    def said(self, source: Source) -> Deferred[JSON]:
        return Deferred.fromCoroutine(source.said(self.ask))

    def chunk(self, octets: bytes, eof: bool = False) -> JSON:
        return {"count": len(octets), "buf-b64": b64encode(octets).decode(), "eof": eof}

    def test_command(self) -> None:
        """
        A command is run as it is.
        """
        source = Command("guest-get-load", lambda answer, draft: None)
        self.assertEqual(self.successResultOf(self.said(source)), {})
        self.assertEqual(self.asked, [("guest-get-load", {})])

    def test_file(self) -> None:
        """
        A file is read to its end, and closed.
        """
        self.reads = [self.chunk(b"0.5 "), self.chunk("größe".encode(), eof=True)]
        source = File("/proc/x", lambda answer, draft: None)
        self.assertEqual(self.successResultOf(self.said(source)), "0.5 größe")
        handle = {"handle": 1000}
        read = ("guest-file-read", {**handle, "count": CHUNK})
        opened = ("guest-file-open", {"path": "/proc/x", "mode": "r"})
        self.assertEqual(self.asked, [opened, read, read, ("guest-file-close", handle)])

    def test_endless(self) -> None:
        """
        A file without end has one here.
        """
        self.reads = [self.chunk(b"xyz\n" * (CHUNK // 4))] * 99
        text = self.successResultOf(self.said(File("/proc/x", lambda answer, draft: None)))
        self.assertEqual(text + "\n", "xyz\n" * (LONGEST // 4))

    def test_cut(self) -> None:
        """
        Of a file that is too long no line is read that is cut off: it would say something else.
        """
        for longest, whole in ((9, 2), (7, 2), (6, 1), (3, 1), (2, 0)):
            self.reads = [self.chunk(b"123\n" * 9, eof=True)]
            source = File("/x", lambda answer, draft: None, longest=longest)
            text = self.successResultOf(self.said(source))
            self.assertEqual(text, "\n".join(["123"] * whole))

    def test_just_so_long(self) -> None:
        """
        A file that is as long as it may be is whole.
        """
        self.reads = [self.chunk(b"x" * 100), self.chunk(b"", eof=True)]
        source = File("/x", lambda answer, draft: None, longest=100)
        self.assertEqual(self.successResultOf(self.said(source)), "x" * 100)

    def test_broken(self) -> None:
        """
        What cannot be read is closed all the same.
        """
        failing: list[tuple[JSON | Exception, type[Exception]]] = [
            (CommandFailed("no"), CommandFailed),
            ({"buf-b64": "x", "eof": True}, Unreadable),
        ]
        for said, error in failing:
            self.reads = [said]
            self.failureResultOf(self.said(File("/proc/x", lambda answer, draft: None)), error)
            self.assertEqual(self.asked[-1][0], "guest-file-close")

    def test_nothing(self) -> None:
        """
        A reply without contents is the end.
        """
        empty: list[JSON] = [{}, {"buf-b64": 7}, []]
        for said in empty:
            self.reads = [said]
            text = self.successResultOf(self.said(File("/proc/x", lambda answer, draft: None)))
            self.assertEqual(text, "")
