"""A file of the guest that is open."""

from twisted.internet.defer import CancelledError, Deferred

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, Misfit
from txqga.files._guest_file import open_guest_file


class GuestFileTests(FilesCase):
    def test_size(self) -> None:
        """
        The size is where the end is; what cannot be sought has none.
        """
        self.bare({"/a": b"hello"})
        file = self.now(open_guest_file(self.guest, "/a", "rb"))
        self.assertEqual(self.now(file.size()), 5)
        self.assertEqual(self.now(file.read(9))["count"], 5)
        self.guest.answer("guest-file-seek", CommandFailed("Illegal seek"))
        self.assertIs(self.now(file.size()), None)
        self.guest.answer("guest-file-seek", {"position": -5, "eof": False})
        self.failure(file.seek(0), Misfit)

    def test_closed(self) -> None:
        """
        What could not be written out is told to who closes, and not to who lets go.
        """
        self.bare({"/a": b""})
        file = self.now(open_guest_file(self.guest, "/a", "wb"))
        self.assertEqual(self.now(file.write("aGk="))["count"], 2)
        self.guest.answer("guest-file-close", CommandFailed("No space left on device"))
        self.failure(file.close(), CommandFailed)
        self.now(file.drop())
        self.assertEqual(self.guest.files["/a"], b"hi")

    def test_not_there(self) -> None:
        """
        What cannot be opened is an error of the guest; what is no handle is one of its tongue.
        """
        self.bare()
        self.failure(open_guest_file(self.guest, "/a", "rb"), CommandFailed)
        self.guest.answer("guest-file-open", "x")
        self.failure(open_guest_file(self.guest, "/a", "rb"), Misfit)

    def test_cancelled(self) -> None:
        """
        A file that is opened when nobody waits for it any more is closed.
        """
        for late in (7, CommandFailed("no"), "x"):
            self.bare()
            answer: Deferred[object] = Deferred()
            self.guest.answer("guest-file-open", answer)
            asked = self.coming(open_guest_file(self.guest, "/a", "rb"))
            self.assertNoResult(asked)
            asked.cancel()
            self.failureResultOf(asked, CancelledError)
            answer.callback(late)
            self.guest.advance()
            closed = [said for name, said in self.guest.agent.ran if name == "guest-file-close"]
            self.assertEqual(closed, [{"handle": 7}] if late == 7 else [])
