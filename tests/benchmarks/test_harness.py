"""Rounds, medians and tables of the benchmarks."""

from twisted.trial.unittest import SynchronousTestCase

from tests.benchmarks._harness import Line, Samples, alternate, number, rate, table


class Rounds(SynchronousTestCase):
    def test_alternate(self) -> None:
        """
        Contenders take turns, and each goes first as often as the other.
        """
        turns: list[str] = []

        def contender(name: str) -> float:
            turns.append(name)
            return float(len(turns))

        found = alternate(3, {"a": lambda: contender("a"), "b": lambda: contender("b")})
        self.assertEqual(turns, ["a", "b", "b", "a", "a", "b"])
        self.assertEqual(found["a"].values, [1.0, 4.0, 5.0])
        self.assertEqual(found["b"].values, [2.0, 3.0, 6.0])

    def test_rate(self) -> None:
        """
        Work is done in growing portions until the time is over, and counted.
        """
        now = 0.0
        portions: list[int] = []

        def work(count: int) -> None:
            nonlocal now
            portions.append(count)
            now += count / 100

        found = rate(work, 1.0, lambda: now)
        self.assertAlmostEqual(found, 100.0)
        self.assertEqual(portions[:4], [1, 2, 4, 8])
        self.assertLess(abs(sum(portions) - 100), 3)

    def test_rate_of_something_slow(self) -> None:
        """
        Work that takes longer than the time is done once.
        """
        now = 0.0

        def work(count: int) -> None:
            nonlocal now
            now += 5.0 * count

        self.assertAlmostEqual(rate(work, 1.0, lambda: now), 0.2)

    def test_samples(self) -> None:
        """
        One round that went wrong moves neither the median nor the spread.
        """
        samples = Samples([100.0, 101.0, 99.0, 100.0, 100.0, 3.0, 100.0])
        self.assertEqual(samples.median, 100.0)
        self.assertLess(samples.spread, 0.02)
        self.assertEqual(Samples([5.0]).spread, 0.0)


class Tables(SynchronousTestCase):
    def line(self, ours: float, peer: float | None, goal: float | None, less: bool = False) -> Line:
        return Line(
            what="x",
            unit="u",
            ours=Samples([ours]),
            peer=None if peer is None else Samples([peer]),
            goal=goal,
            less_is_better=less,
        )

    def test_goals(self) -> None:
        """
        A goal is reached by at least as much, or at most as much where less is better.
        """
        for ours, peer, goal, less, reached in (
            (4.0, 2.0, 2.0, False, True),
            (3.9, 2.0, 2.0, False, False),
            (4.0, 2.0, 2.0, True, True),
            (4.1, 2.0, 2.0, True, False),
            (4.0, None, 2.0, False, None),
            (4.0, 2.0, None, False, None),
            (4.0, 0.0, 2.0, False, None),
        ):
            self.assertIs(self.line(ours, peer, goal, less).reached, reached)

    def test_numbers(self) -> None:
        """
        Numbers have about three digits.
        """
        for value, text in (
            (0.0, "0.00"),
            (1.234, "1.23"),
            (12.34, "12.3"),
            (123.4, "123"),
            (12345.6, "12,346"),
        ):
            self.assertEqual(number(value), text)

    def test_table(self) -> None:
        """
        A table has a line for each measure, in columns.
        """
        lines = [
            self.line(4.0, 2.0, 1.5),
            self.line(4.0, 2.0, 3.0),
            self.line(4.0, None, 3.0),
            self.line(40.0, 2.0, None, True),
        ]
        self.assertEqual(
            table("us", "them", lines),
            "   unit    us  +-     them  +-    ratio            goal\n"
            "----------------------------------------------------------------\n"
            "x  u     4.00  0%     2.00  0%   2.00 x  at least 1.5 x  reached\n"
            "x  u     4.00  0%     2.00  0%   2.00 x    at least 3 x  MISSED\n"
            "x  u     4.00  0%  missing                 at least 3 x\n"
            "x  u     40.0  0%     2.00  0%  20.00 x\n",
        )
