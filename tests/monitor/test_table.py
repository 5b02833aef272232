"""A table of a TOML file, taken apart."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._table import Table
from txqga.mux import EVERYTHING, patterns


class TableTests(SynchronousTestCase):
    def table(self, **said: Any) -> Table:
        return Table(said, "file: group 1")

    def wrong(self, take: Any, *words: Any) -> str:
        return str(self.assertRaises(ValueError, take, *words))

    def test_taken(self) -> None:
        """
        What is there is given, and what is not has a usual value.
        """
        table = self.table(a="x", b=2, c={"d": 1}, guests=["db*"])
        self.assertTrue(table.has("a"))
        self.assertEqual((table.text("a"), table.text("x", "usual")), ("x", "usual"))
        self.assertEqual((table.number("b", 1, 3), table.number("y", 1, 3)), (2.0, None))
        self.assertEqual((table.table("c"), table.table("z")), ({"d": 1}, {}))
        self.assertEqual(table.guests(), patterns(["db*"]))
        self.assertEqual(table.guests(), EVERYTHING)
        table.end()

    def test_tables(self) -> None:
        """
        Tables of an array know where they are.
        """
        one, two = self.table(each=[{"a": 1}, {"a": 2}]).tables("each")
        self.assertEqual(one.number("a", 0, 9), 1.0)
        self.assertIn("file: group 1: each 2: a: ", self.wrong(two.number, "a", 5, 9))

    def test_left(self) -> None:
        """
        What nobody has asked for is complained of, with what there could be.
        """
        table = self.table(nmae="x")
        table.take("name")
        self.assertEqual(
            self.wrong(table.end), "file: group 1: nmae: there is no such key; there are name"
        )

    def test_wrong(self) -> None:
        """
        What is of another kind is complained of.
        """
        texts: list[Any] = [1, "", []]
        for value in texts:
            self.assertIn("a: a text is expected", self.wrong(self.table(a=value).text, "a"))
        for value in (True, "1", 0, 10):
            self.assertIn("from 1 to 9", self.wrong(self.table(a=value).number, "a", 1, 9))
        others: list[Any] = [1, "x", [], [1]]
        for value in others:
            self.assertIn("an array of names", self.wrong(self.table(guests=value).guests))
        self.assertIn("a table is expected", self.wrong(self.table(a=1).table, "a"))
