"""For which groups the hook was run."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux.leases._hooks import MemoryBook, read, written


class HooksTests(SynchronousTestCase):
    def test_lines(self) -> None:
        """
        What is written is read; other lines tell of something else.
        """
        for guests in (["db1", "web1"], [], None):
            self.assertEqual(read(written("6f", guests, "now")), ("6f", guests))
        self.assertIsNone(read(b'{"guest": "db1"}\n'))
        self.assertIsNone(read(b"[]\n"))

    def test_wrong(self) -> None:
        """
        A line that says half of it cannot be read.
        """
        for line in (b'{"hook": "6f"}', b'{"hook": "6f", "guests": [1]}', b'{"hook": 7}', b"{"):
            self.assertRaises(ValueError, read, line)

    def test_in_memory(self) -> None:
        """
        Without a state folder it is known as long as the process is there.
        """
        book = MemoryBook()
        self.successResultOf(book.note_hook("6f", ["db1"]))
        self.assertEqual(book.hooked, {"6f": ("db1",)})
        self.successResultOf(book.note_hook("6f", None))
        self.successResultOf(book.note_hook("7a", None))
        self.assertEqual(book.hooked, {})
