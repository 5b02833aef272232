"""Answers, as people and programs read them."""

import json
from io import StringIO

from twisted.trial.unittest import SynchronousTestCase

from tests.cli._case import Terminal
from txqga.cli._output import Output, written

EVIL = "\x1b]0;x\x07\x7f\u202e"


class OutputTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.patch(__import__("os"), "environ", {"TERM": "xterm"})
        self.errors = StringIO()

    def out(self, *, as_json: bool = False, terminal: bool = False) -> Output:
        self.said = Terminal() if terminal else StringIO()
        return Output(as_json, self.said, self.errors)

    def test_words(self) -> None:
        """
        People read lines, in which nothing moves their cursor.
        """
        self.out().tell({"a": 1}, "one", EVIL)
        self.assertEqual(self.said.getvalue(), "one\n\\x1b]0;x\\x07\\x7f\\u202e\n")

    def test_json(self) -> None:
        """
        Programs read a value a line, which is harmless on a terminal too.
        """
        out = self.out(as_json=True)
        out.tell({"a": EVIL}, "one")
        out.table([1], ("a",), [("1",)])
        out.pairs({"b": 2}, [("b", "2")])
        out.document({"c": [3]})
        lines = self.said.getvalue().splitlines()
        self.assertEqual(
            [json.loads(line) for line in lines], [{"a": EVIL}, [1], {"b": 2}, {"c": [3]}]
        )
        self.assertTrue(all(line.isascii() and line.isprintable() for line in lines))

    def test_table(self) -> None:
        """
        A table has heads on a terminal; elsewhere it is lines with tabs, for other programs.
        """
        rows = [("db1", EVIL), ("a", "[red]b")]
        self.out(terminal=True).table(None, ("guest", "state"), rows)
        self.assertIn("GUEST", self.said.getvalue())
        self.assertIn("[red]b", self.said.getvalue())
        self.assertNotIn("\x07", self.said.getvalue())
        self.out().table(None, ("guest", "state"), rows)
        self.assertEqual(self.said.getvalue(), "db1\t\\x1b]0;x\\x07\\x7f\\u202e\na\t[red]b\n")

    def test_empty(self) -> None:
        """
        That there is nothing is said, and not where it would be taken for something.
        """
        self.out().table([], ("guest",), [], empty="no guest")
        self.assertEqual(self.said.getvalue(), "")
        self.assertEqual(self.errors.getvalue(), "txqga: no guest\n")

    def test_pairs(self) -> None:
        """
        Names and values stand in columns on a terminal.
        """
        pairs = [("a", "1"), ("longer", EVIL)]
        self.out(terminal=True).pairs(None, pairs)
        self.assertEqual(self.said.getvalue().splitlines()[0], "a       1")
        self.out().pairs(None, pairs)
        self.assertEqual(self.said.getvalue().splitlines()[0], "a\t1")

    def test_document(self) -> None:
        """
        JSON is readable for people.
        """
        self.out().document({"a": [1]})
        self.assertEqual(self.said.getvalue(), '{\n  "a": [\n    1\n  ]\n}\n')

    def test_notes(self) -> None:
        """
        What is said besides the answer goes to stderr, in JSON too.
        """
        self.out().note("slower\x1b")
        self.out(as_json=True).note("slower")
        self.assertEqual(self.errors.getvalue(), 'txqga: slower\\x1b\n{"note":"slower"}\n')

    def test_written(self) -> None:
        """
        JSON is ASCII without control characters.
        """
        self.assertEqual(written("\x7f\xe4"), '"\\u007f\\u00e4"')
