"""Key files, read as GLib reads them; the texts were seen in qemu-ga 10.0's output."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._keyfile import KeyFile, KeyFileError, escape

NOT_A_LINE = "Key file contains line “{}” which is not a key-value pair, group, or comment"
BAD_VALUE = "Key file contains key “k” which has a value that cannot be interpreted."


class LinesTests(SynchronousTestCase):
    def value(self, octets: bytes, group: str = "g", key: str = "k") -> str:
        return KeyFile.parse(octets).string(group, key)

    def test_lines(self) -> None:
        """
        Blanks around groups, keys and in front of values do not matter; comments begin with #.
        """
        for octets in (
            b"[g]\nk=v\n",
            b"[g]\nk=v",
            b"[g]\r\nk=v\r\n",
            b"\n  [g] \t\n\tk\t =  v\n",
            b"# c\n[g]\n  # c\nk=w\nk=v\n",
            b"[g]\nk=w\n[h]\nk=x\n[g]\nk=v\n",
            b"[g]\nk=v\0ignored\n",
            b"[g]\nk[de]=w\nk=v\nk[]=w\n",
            b"[g]\n;k=w\nk=v\na key=w\n",
        ):
            self.assertEqual(self.value(octets), "v", octets)

    def test_raw(self) -> None:
        """
        A value can be had as it is written.
        """
        file = KeyFile.parse(b'[g]\nk= "a\\sb" \xff\n')
        self.assertEqual(file.raw("g", "k"), b'"a\\sb" \xff')

    def test_end_of_value(self) -> None:
        """
        Blanks behind a value belong to it, and so does what looks like a comment.
        """
        self.assertEqual(self.value(b"[g]\nk= a b # c \n"), "a b # c ")
        self.assertEqual(self.value(b"[g]\nk=a=b\n"), "a=b")

    def test_wrong_lines(self) -> None:
        """
        A line that is neither group, key with value nor comment is an error that shows it.
        """
        for octets, desc in (
            (b"x", NOT_A_LINE.format("x")),
            (b"[g]\n k\n", NOT_A_LINE.format(" k")),
            (b"[g\nk=v", NOT_A_LINE.format("[g")),
            (b"[g] # c\nk=v", NOT_A_LINE.format("[g] # c")),
            (b"[g]x\nk=v", NOT_A_LINE.format("[g]x")),
            (b"[g]\n=v", NOT_A_LINE.format("=v")),
            (b"[g]\n\xff", NOT_A_LINE.format("\ufffd")),
            (b"k=v\n[g]\n", "Key file does not start with a group"),
            (b"[]\nk=v", "Invalid group name: "),
            (b"[g[h]\nk=v", "Invalid group name: g[h"),
            (b"[a\x01b]\nk=v", "Invalid group name: a\x01b"),
            (b"[g]\nk[=v", "Invalid key name: k["),
            (b"[g]\nk[d e]=v", "Invalid key name: k[d e]"),
        ):
            with self.assertRaises(KeyFileError) as caught:
                KeyFile.parse(octets)
            self.assertEqual(str(caught.exception), desc, octets)

    def test_has(self) -> None:
        """
        A key that is not there is told apart from one without a value.
        """
        file = KeyFile.parse(b"[g]\nk=\n")
        self.assertTrue(file.has("g", "k"))
        self.assertFalse(file.has("g", "x"))
        self.assertFalse(file.has("h", "k"))
        self.assertEqual(file.string("g", "k"), "")


class ValuesTests(SynchronousTestCase):
    def file(self, value: bytes) -> KeyFile:
        return KeyFile.parse(b"[g]\nk=" + value)

    def fails(self, desc: str, read: str, value: bytes) -> None:
        with self.assertRaises(KeyFileError) as caught:
            getattr(self.file(value), read)("g", "k")
        self.assertEqual(caught.exception.desc, desc, value)

    def test_escapes(self) -> None:
        """
        Blanks, newlines and backslashes are escaped; any other escape is an error.
        """
        self.assertEqual(self.file(rb"\sa\tb\nc\rd\\n").string("g", "k"), " a\tb\nc\rd\\n")
        for value in (rb"\q", rb"a\;b", b"x\\"):
            self.fails(BAD_VALUE, "string", value)

    def test_not_utf8(self) -> None:
        """
        A value that is not UTF-8 is an error that shows it.
        """
        desc = "Key file contains key “k” with value “a\ufffd” which is not UTF-8"
        self.fails(desc, "string", b"a\xff")

    def test_booleans(self) -> None:
        """
        true, false, 1 and 0 are booleans, with blanks behind them or not, and nothing else is.
        """
        for value, meant in ((b"true", True), (b"1 \t", True), (b"false", False), (b"0", False)):
            self.assertIs(self.file(value).boolean("g", "k"), meant, value)
        for value in (b"", b"True", b"yes", b"2", b"true # c", b"\xff"):
            self.fails(BAD_VALUE, "boolean", value)

    def test_integers(self) -> None:
        """
        An integer has 32 bits and a sign; what stands behind it and a blank is not looked at.
        """
        for value, meant in (
            (b"1000", 1000),
            (b"-1", -1),
            (b"+7 x", 7),
            (b"2147483647", 2**31 - 1),
            (b"-2147483648", -(2**31)),
        ):
            self.assertEqual(self.file(value).integer("g", "k"), meant, value)
        for value in (b"", b"x", b"7x", b"0x7", b"2147483648", b"-2147483649", b"9" * 5000):
            self.fails(BAD_VALUE, "integer", value)


class LoadTests(SynchronousTestCase):
    def test_load(self) -> None:
        """
        A key file is read from a path.
        """
        path = Path(self.mktemp())
        path.write_bytes(b"[g]\nk=v\n")
        self.assertEqual(KeyFile.load(path).string("g", "k"), "v")

    def test_no_file(self) -> None:
        """
        A file that is missing is told apart from one that is no file at all.
        """
        with self.assertRaises(FileNotFoundError):
            KeyFile.load(Path(self.mktemp()))
        with self.assertRaises(KeyFileError) as caught:
            KeyFile.load(Path("/dev/null"))
        self.assertEqual(caught.exception.desc, "Not a regular file")


class EscapeTests(SynchronousTestCase):
    def test_escape(self) -> None:
        """
        Only leading blanks are escaped, and what would end the line.
        """
        self.assertEqual(escape(" \ta b\tc \n\r\\"), "\\s\\ta b\tc \\n\\r\\\\")

    @given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\f")))
    def test_back_and_forth(self, value: str) -> None:
        """
        What is escaped is read back as it was; but for a form feed, which GLib cannot keep.
        """
        file = KeyFile.parse(b"[g]\nk=" + escape(value).encode())
        self.assertEqual(file.string("g", "k"), value)
