"""What goes to a terminal."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._shown import shown


class ShownTests(SynchronousTestCase):
    def test_words(self) -> None:
        """
        What can be printed stays as it is.
        """
        for text in ("", "db1 answers", "Prüfstand \N{SNOWMAN}", "a\\b"):
            self.assertEqual(shown(text), text)

    def test_escapes(self) -> None:
        """
        What a terminal would obey can be seen.
        """
        self.assertEqual(shown("\x1b[2J"), "\\x1b[2J")
        self.assertEqual(shown("a\r\n\tb"), "a\\r\\n\\tb")
        self.assertEqual(shown("\x9b\u202e\ud800\U000e0001"), "\\x9b\\u202e\\ud800\\U000e0001")

    def test_lines(self) -> None:
        """
        Newlines and tabs stay where they are wanted.
        """
        self.assertEqual(shown("a\n\tb\x07\r", lines=True), "a\n\tb\\x07\\r")

    @given(st.text())
    def test_whatever(self, text: str) -> None:
        """
        Whatever a guest says, it can be printed.
        """
        self.assertTrue(shown(text).isprintable())
