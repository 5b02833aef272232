"""What a guest's programs say, on its way to a terminal."""

from io import BytesIO, StringIO, TextIOWrapper

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.cli._case import Terminal
from txqga.cli._octets import Escaping, octets


class OctetsTests(SynchronousTestCase):
    def test_terminal(self) -> None:
        """
        A terminal is written lines, and nothing that it would obey; characters may come in halves.
        """
        terminal = Terminal()
        out = octets(terminal)
        for data in (b"a\x1b[2Jb\r", b"\nc\xc3", b"\xa4\t\xff\rd\r"):
            out.write(data)
        out.flush()
        self.assertEqual(terminal.getvalue(), "a\\x1b[2Jb\ncä\t\\xff\\rd\\r")

    def test_pipe(self) -> None:
        """
        What is no terminal is written octets as they are, and at once; so is one on demand.
        """
        buffer = BytesIO()
        stream = TextIOWrapper(buffer)
        out = octets(stream)
        out.write(b"a\x1b[2J\xff")
        self.assertEqual(buffer.getvalue(), b"a\x1b[2J\xff")
        out.flush()

    def test_no_octets(self) -> None:
        """
        What takes text only is written text.
        """
        text = StringIO()
        octets(text, raw=True).write(b"hello")
        self.assertEqual(text.getvalue(), "hello")

    @given(st.binary(), st.lists(st.integers(0, 30)))
    def test_any_cut(self, data: bytes, cuts: list[int]) -> None:
        """
        Whatever is said, and however it comes, the same is written, and all of it is printable.
        """
        whole, parts = StringIO(), StringIO()
        one, other = Escaping(whole), Escaping(parts)
        one.write(data)
        begin = 0
        for end in [*sorted(cuts), len(data)]:
            other.write(data[begin:end])
            begin = max(begin, end)
        one.flush()
        other.flush()
        self.assertEqual(whole.getvalue(), parts.getvalue())
        self.assertTrue(all(each.isprintable() or each in "\n\t" for each in whole.getvalue()))
