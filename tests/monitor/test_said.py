"""Replies taken apart without trust."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._said import MOST, entries, lines, member, number
from txqga.wire import JSON


class SaidTests(SynchronousTestCase):
    def test_member(self) -> None:
        """
        What is not there is None, however deep.
        """
        said: JSON = {"stats": {"rx": 1}}
        self.assertEqual(member(said, "stats", "rx"), 1)
        others: list[JSON] = [None, [], "x", {}, {"stats": 5}]
        for other in others:
            self.assertIsNone(member(other, "stats", "rx"))

    def test_entries(self) -> None:
        """
        What is no object is passed over, and there is an end.
        """
        self.assertEqual(list(entries([{"a": 1}, 2, None, {"b": 2}])), [{"a": 1}, {"b": 2}])
        self.assertEqual(list(entries({"a": 1})), [])
        self.assertEqual(len(list(entries([{}] * (MOST + 1)))), MOST)

    def test_lines(self) -> None:
        """
        Empty lines are passed over, and there is an end.
        """
        self.assertEqual(list(lines("a  b\n\n c\n")), [["a", "b"], ["c"]])
        self.assertEqual(len(list(lines("x\n" * (MOST + 1)))), MOST)

    def test_number(self) -> None:
        """
        What is no figure is None; nobody has to read a million digits.
        """
        self.assertEqual(number("12"), 12)
        self.assertEqual(number("0.5"), 0.5)
        for word in ("", "x", "9" * 1_000_000):
            self.assertIsNone(number(word))
