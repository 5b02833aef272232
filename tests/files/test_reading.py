"""A file of the guest on its way here."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, Misfit, TooLarge
from txqga.files._chunk import Chunk
from txqga.files._guest_file import open_guest_file
from txqga.files._progress import Meter
from txqga.files._reading import Reading


def reply(data: bytes, **more: Any) -> dict[str, Any]:
    return {"count": len(data), "buf-b64": b64encode(data).decode(), "eof": False, **more}


class ReadingTests(FilesCase):
    def reading(self, **options: Any) -> Reading:
        self.got = bytearray()
        kit = self.kit()
        file = self.now(open_guest_file(self.guest, "/a", "rb"))
        return Reading(
            file=file,
            aside=kit.aside,
            chunk=Chunk(self.clock),
            meter=Meter(self.clock),
            take=self.got.extend,
            **options,
        )

    def asked(self) -> list[int]:
        return [said["count"] for name, said in self.guest.agent.ran if name == "guest-file-read"]

    def test_whole(self) -> None:
        """
        A file is read to its end, in pieces that grow.
        """
        data = bytes(range(256)) * 10_000
        for count in (None, len(data)):
            self.bare({"/a": data})
            self.assertEqual(self.now(self.reading(count=count).run()), len(data))
            self.assertEqual(self.got, data)
            asked = self.asked()
            self.assertGreater(asked[2], asked[0])
        self.assertEqual(sum(asked), len(data))

    def test_part(self) -> None:
        """
        As many octets as were wanted are read, also where the file has become shorter.
        """
        self.bare({"/a": b"hello world"})
        self.assertEqual(self.now(self.reading(count=5).run()), 5)
        self.assertEqual(self.got, b"hello")
        self.assertEqual(self.now(self.reading(count=50).run()), 11)
        self.assertEqual(self.now(self.reading(count=0).run()), 0)

    def test_short_pieces(self) -> None:
        """
        A piece that is shorter than it could be is not the end.
        """
        self.bare({"/a": b""})
        reading = self.reading(count=6)
        pieces = [reply(b"ab"), reply(b""), reply(b"cdef", eof=True)]
        pieces.pop(1)
        self.guest.answer("guest-file-read", lambda _: pieces.pop(0))
        self.assertEqual(self.now(reading.run()), 6)
        self.assertEqual(self.got, b"abcdef")

    def test_lies(self) -> None:
        """
        A guest that says what cannot be is not believed, and not asked for ever.
        """
        lie: Any
        for lie in (
            [],
            {},
            reply(b"x", count=2),
            reply(b""),
            reply(bytes(263_000)),
            {"count": 1, "buf-b64": "*", "eof": False},
        ):
            self.bare({"/a": b""})
            reading = self.reading()
            self.guest.answer("guest-file-read", lie)
            self.failure(reading.run(), Misfit)
            self.assertEqual(self.got, b"")

    def test_endless(self) -> None:
        """
        Of what has no end no more than was allowed is taken.
        """
        self.bare({"/a": b""})
        reading = self.reading(most=10_000_000)

        def zeros(said: Mapping[str, Any]) -> dict[str, Any]:
            return reply(bytes(said["count"]))

        self.guest.answer("guest-file-read", zeros)
        why = self.failure(reading.run(), TooLarge)
        self.assertEqual(why.most, 10_000_000)
        self.assertLess(len(self.got), 20_000_000)

    def test_refused(self) -> None:
        """
        An error in the middle ends it; what was asked for beyond that is taken back.
        """
        self.bare({"/a": b""})
        reading = self.reading()
        replies = [reply(b"a"), CommandFailed("Input/output error"), reply(b"b")]
        self.guest.answer("guest-file-read", lambda _: replies.pop(0))
        self.failure(reading.run(), CommandFailed)
        self.guest.advance()
        self.assertEqual(self.got, b"a")
        self.assertLessEqual(len(self.asked()), 3)

    def test_cancelled(self) -> None:
        """
        A copy that nobody waits for asks for nothing more.
        """
        self.bare({"/a": b""})
        reading = self.reading()
        answer: Deferred[Any] = Deferred()
        self.guest.answer("guest-file-read", answer)
        asked = self.coming(reading.run())
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        answer.callback(reply(b"x"))
        self.guest.advance()
        self.assertEqual((self.got, len(self.asked())), (b"", 1))

    def test_rate(self) -> None:
        """
        A limit holds the next piece back.
        """
        self.bare({"/a": bytes(1 << 20)})
        reading = self.reading(count=1 << 20)
        reading.meter.limit = float(1 << 18)
        asked = self.coming(reading.run())
        self.later(2)
        self.assertNoResult(asked)
        self.later(4)
        self.assertEqual(self.successResultOf(asked), 1 << 20)
