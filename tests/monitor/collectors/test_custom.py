"""What an operator wants to be read."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._draft import SERIES, Draft
from txqga.monitor._said import MOST
from txqga.monitor._sample import Figure, Sample
from txqga.monitor._source import Answer
from txqga.monitor.collectors._custom import LONGEST_LINE, Lines, Parts

PLAIN = Figure(name="qga_custom_x", words="X.")
NAMED = Figure(name="qga_custom_x", words="X.", labels=("queue",))


def drafted(read: Any, said: Any) -> Draft:
    draft = Draft()
    read(Answer(said, 1.0, 2.0), draft)
    return draft


class LinesTests(SynchronousTestCase):
    pattern = "^(?P<queue>[a-z]+) (?P<value>[^ ]*)$"

    def test_lines(self) -> None:
        """
        Each line that fits is a sample; the others are nothing.
        """
        lines = Lines(NAMED, self.pattern, 0.5)
        self.assertEqual(lines.labels, ("queue",))
        draft = drafted(lines, "mail 7\n# a remark\nlater 2.5\r\nother 1 2\n")
        self.assertEqual(
            draft.samples, [Sample(NAMED, 3.5, ("mail",)), Sample(NAMED, 1.25, ("later",))]
        )
        self.assertEqual(draft.nonsense, 0)

    def test_no_number(self) -> None:
        """
        What is no number is not there, and counted.
        """
        draft = drafted(Lines(NAMED, self.pattern), "mail x\nlater nan\nmore \nlast 5")
        self.assertEqual(draft.samples, [Sample(NAMED, 5.0, ("last",))])
        self.assertEqual(draft.nonsense, 3)

    def test_much(self) -> None:
        """
        Of a text that is made to be too much no more is taken than there may be.
        """
        text = "\n".join(f"{'a' * (number + 1)} 1" for number in range(5000))
        draft = drafted(Lines(NAMED, self.pattern), text)
        self.assertEqual(len(draft.samples), SERIES)
        long = drafted(Lines(PLAIN, "(?P<value>7)"), " " * LONGEST_LINE + "7")
        self.assertEqual(long.samples, [])

    def test_too_long(self) -> None:
        """
        A line that is longer than any should be is not read in part: it is not there, and counted.
        """
        for more, values, nonsense in ((0, [1234567.0], 0), (1, [], 1)):
            line = " " * (LONGEST_LINE - 7 + more) + "1234567"
            draft = drafted(Lines(PLAIN, r"(?P<value>\d+)"), f"{line}\nx")
            self.assertEqual([each.value for each in draft.samples], values)
            self.assertEqual(draft.nonsense, nonsense)

    def test_evil(self) -> None:
        """
        An expression that others need ages for takes no longer than any.
        """
        evil = Lines(PLAIN, r"^(a+)+(?P<value>\d)$")
        for _ in range(100):
            self.assertEqual(drafted(evil, "a" * LONGEST_LINE).samples, [])


class PartsTests(SynchronousTestCase):
    def test_whole(self) -> None:
        """
        A part of the reply, deep inside.
        """
        draft = drafted(Parts(PLAIN, ("a", "b"), scale=10.0), {"a": {"b": 7, "c": 1}})
        self.assertEqual(draft.samples, [Sample(PLAIN, 70.0)])

    def test_each(self) -> None:
        """
        A part of each of some elements, with others as labels; truth is a number.
        """
        said = {
            "disks": [
                {"name": "a", "on": True},
                {"name": "b", "on": False},
                {"on": True},
                {"name": "d"},
                5,
            ]
        }
        draft = drafted(Parts(NAMED, ("on",), ("disks", "[]"), (("name",),)), said)
        self.assertEqual(
            draft.samples,
            [
                Sample(NAMED, 1.0, ("a",)),
                Sample(NAMED, 0.0, ("b",)),
                Sample(NAMED, 1.0, ("",)),
            ],
        )

    def test_labels(self) -> None:
        """
        Labels are texts, whatever was said.
        """
        for said, label in ((1, "1"), (True, "true"), (False, "false"), (None, ""), ([1], "")):
            draft = drafted(Parts(NAMED, ("v",), (), (("l",),)), {"v": 1, "l": said})
            self.assertEqual(draft.samples, [Sample(NAMED, 1.0, (label,))], said)

    def test_many(self) -> None:
        """
        There is an end to the elements that are looked at, however they are put into each other,
        and though nothing is in them.
        """
        far: list[Any] = [[]] * MOST
        parts = Parts(PLAIN, ("a",), ("[]", "[]"))
        self.assertEqual(drafted(parts, [*far[1:], [{"a": 1}]]).samples, [Sample(PLAIN, 1.0)])
        self.assertEqual(drafted(parts, [[0] * 9, *far[9:], [{"a": 1}]]).samples, [])

    def test_other_shapes(self) -> None:
        """
        What has another shape is not there; what is no number is counted.
        """
        parts = Parts(PLAIN, ("a",), ("[]",))
        shapes: list[Any] = [None, 5, "x", {}, [], [[]], [{}], {"a": 1}]
        for said in shapes:
            draft = drafted(parts, said)
            self.assertEqual((draft.samples, draft.nonsense), ([], 0), said)
        for value in ("7", [1], {"b": 1}):
            draft = drafted(parts, [{"a": value}])
            self.assertEqual((draft.samples, draft.nonsense), ([], 1), value)
