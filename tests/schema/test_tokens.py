"""Tests for cutting schema text into tokens."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import SchemaError
from txqga.schema._tokens import Source


def tokens(text: str) -> list[str]:
    return [token for token in Source(text, "t.json").tokens if token]


class SourceTests(SynchronousTestCase):
    def test_tokens(self) -> None:
        """
        Punctuation, strings and the two words stand alone, with or without blanks between them.
        """
        self.assertEqual(
            tokens("{'a':[\"b\" ,true,false]}"),
            ["{", "'a'", ":", "[", '"b"', ",", "true", ",", "false", "]", "}"],
        )

    def test_comments(self) -> None:
        """
        A comment goes on to the end of its line, and says nothing.
        """
        self.assertEqual(tokens("# { 'a'\n  # more\n{ # '\n}#"), ["{", "}"])

    def test_hash_in_string(self) -> None:
        """
        A number sign in a string begins no comment.
        """
        self.assertEqual(tokens("'a#b' # c"), ["'a#b'"])

    def test_documentation(self) -> None:
        """
        A documentation comment is one token.
        """
        comment = "##\n# @a:\n#\n# 'b' {\n##"
        self.assertEqual(tokens(f"# x\n{comment}\n{{ }}"), [comment, "{", "}"])
        self.assertEqual(tokens("##\n##"), ["##\n##"])

    def test_carriage_returns(self) -> None:
        """
        Lines may end as they do on Windows.
        """
        self.assertEqual(tokens("{\r\n}\r\n"), ["{", "}"])
        self.assertEqual(len(tokens("##\r\n# @a:\r\n##\r\n{ }")), 3)

    def test_ends_are_empty(self) -> None:
        """
        Behind the last token are empty ones, for who looks ahead.
        """
        self.assertEqual(Source("{", "t").tokens[1:4], ["", "", ""])

    def test_line(self) -> None:
        """
        Each token knows its line; the end of the text is on the last.
        """
        source = Source("{\n'a':\n\n'b' # c\n}\n", "t")
        lines = {token: source.line(at) for at, token in enumerate(source.tokens) if token}
        self.assertEqual(lines, {"{": 1, "'a'": 2, ":": 2, "'b'": 4, "}": 5})
        self.assertEqual(source.line(5), 6)
        self.assertEqual(source.line(7), 6)


class FaultTests(SynchronousTestCase):
    def assertFault(self, text: str, expected: str) -> None:
        self.assertEqual(str(self.assertRaises(SchemaError, Source, text, "t.json")), expected)

    def test_unterminated_string(self) -> None:
        """
        A string ends on its line.
        """
        for quote in "'\"":
            why = "t.json:2: a string does not end on its line"
            self.assertFault(f"{{\n{quote}a: 1\n}}", why)
            self.assertFault(f"{{\n{quote}", why)

    def test_stray(self) -> None:
        """
        What begins nothing is named, the first of several.
        """
        self.assertFault("{\n\n'a': %d }", "t.json:3: nothing begins with '%'")
        self.assertFault("{ 'a': 1 }", "t.json:1: nothing begins with '1'")
        self.assertFault("None", "t.json:1: nothing begins with 'N'")

    def test_words(self) -> None:
        """
        Only true and false are words: a longer one does not pass for them.
        """
        self.assertFault("trueish", "t.json:1: nothing begins with 'i'")
        self.assertFault("null", "t.json:1: nothing begins with 'n'")

    def test_unfinished_documentation(self) -> None:
        """
        A documentation comment has only comment lines, and ends.
        """
        why = "a documentation comment is lines that begin with '#', between two lines '##'"
        self.assertFault("\n##\n# @a:\n", f"t.json:2: {why}")
        self.assertFault("##\n# @a:\n\n##\n", f"t.json:1: {why}")
        self.assertFault("## @a:\n##\n", f"t.json:1: {why}")

    def test_backslash(self) -> None:
        """
        Names need no escapes, so there are none.
        """
        self.assertFault("{ 'a':\n'\\n' }", "t.json:2: names need no backslash: '\\n'")

    @given(st.text(alphabet="{}[]:,'\"#\\\n tfalsrue1é", max_size=60))
    def test_any_text(self, text: str) -> None:
        """
        Whatever the text, it is cut, or the fault has a line of it.
        """
        try:
            source = Source(text, "t")
        except SchemaError as fault:
            where, line = fault.where.split(":")
            self.assertEqual(where, "t")
            self.assertTrue(1 <= int(line) <= text.count("\n") + 1)
        else:
            position = 0
            for token in source.tokens:
                position = text.index(token, position) + len(token)
