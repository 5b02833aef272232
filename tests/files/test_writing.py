"""What is written to a file of the guest."""

import io
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, Misfit
from txqga.files._chunk import Chunk
from txqga.files._guest_file import open_guest_file
from txqga.files._progress import Meter
from txqga.files._writing import Writing

DATA = bytes(range(256)) * 10_000


class WritingTests(FilesCase):
    def writing(self, data: bytes = DATA, offset: int = 0) -> Writing:
        kit = self.kit()
        file = self.now(open_guest_file(self.guest, "/a", "wb"))
        return Writing(
            file=file,
            aside=kit.aside,
            chunk=Chunk(self.clock),
            meter=Meter(self.clock),
            give=io.BytesIO(data).read,
            offset=offset,
        )

    def written(self) -> list[int]:
        return [
            len(b64decode(said["buf-b64"]))
            for name, said in self.guest.agent.ran
            if name == "guest-file-write"
        ]

    def test_whole(self) -> None:
        """
        All is written, in order, in pieces that grow.
        """
        self.bare()
        self.assertEqual(self.now(self.writing().run()), len(DATA))
        self.assertEqual(self.guest.files["/a"], DATA)
        written = self.written()
        self.assertGreater(written[2], written[0])
        self.bare()
        self.assertEqual(self.now(self.writing(b"").run()), 0)
        self.assertEqual(self.written(), [])

    def test_short(self) -> None:
        """
        What a guest takes in part is written once more, and so is what was on its way behind it.
        """
        self.bare()
        writing = self.writing()
        does = self.writes()
        count = 0

        def partly(said: Mapping[str, Any]) -> Any:
            nonlocal count
            count += 1
            if count in (2, 4):
                return does({**said, "count": 1000})
            return does(said)

        self.guest.answer("guest-file-write", partly)
        self.assertEqual(self.now(writing.run()), len(DATA))
        self.assertEqual(self.guest.files["/a"], DATA)

    def writes(self) -> Any:
        """What the guest does to write."""
        return self.guest.agent._answers["guest-file-write"]

    def test_lies(self) -> None:
        """
        A guest that took more than there was, or nothing and no end of it, is not believed.
        """
        lie: Any
        for lie in ([], {"count": -1}, {"count": 1 << 40}, {"count": 0}, {"count": None}):
            self.bare()
            writing = self.writing()
            self.guest.answer("guest-file-write", lie)
            self.failure(writing.run(), Misfit)

    def test_refused(self) -> None:
        """
        An error in the middle ends it.
        """
        self.bare()
        writing = self.writing()
        self.guest.answer("guest-file-write", CommandFailed("No space left on device"))
        self.failure(writing.run(), CommandFailed)
        self.guest.advance()
        self.assertLessEqual(len(self.written()), 2)

    def test_cancelled(self) -> None:
        """
        A copy that nobody waits for writes nothing more.
        """
        self.bare()
        writing = self.writing()
        answer: Deferred[Any] = Deferred()
        self.guest.answer("guest-file-write", answer)
        asked = self.coming(writing.run())
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        answer.callback({"count": 5, "eof": False})
        self.guest.advance()
        self.assertEqual(len(self.written()), 1)

    def test_rate(self) -> None:
        """
        A limit holds the next piece back.
        """
        self.bare()
        writing = self.writing(bytes(1 << 20))
        writing.meter.limit = float(1 << 18)
        asked = self.coming(writing.run())
        self.later(2)
        self.assertNoResult(asked)
        self.later(4)
        self.assertEqual(self.successResultOf(asked), 1 << 20)
