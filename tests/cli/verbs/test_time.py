"""``txqga time``."""

from collections.abc import Mapping

import click
from hypothesis import given
from hypothesis import strategies as st

from tests.cli._case import VerbCase
from txqga.cli.verbs._time import date, time, words

NOW = 1_700_000_000_000_000_000


class TimeTests(VerbCase):
    def setUp(self) -> None:
        self.set: list[object] = []
        self.answers = {
            "guest-get-time": NOW + 1_500_000_000,
            "guest-set-time": self.set_time,
        }

    def set_time(self, arguments: Mapping[str, object]) -> dict[str, object]:
        self.set.append(dict(arguments))
        return {}

    def test_difference(self) -> None:
        """
        The guest's time is told, and by how much it differs.
        """
        run = self.start()
        self.done(time.work(run, guest="db1", sets=False, from_rtc=False))
        said = "2023-11-14 22:13:21.500 UTC, 1.500 s ahead of this host (± 0.000 s)"
        self.assertEqual(run.lines, [said])
        self.assertEqual(self.set, [])
        run = self.start(json=True)
        self.done(time.work(run, guest="db1", sets=False, from_rtc=False))
        self.assertEqual(run.values[0]["difference"], 1.5)

    def test_set(self) -> None:
        """
        It is set by this host's clock, or by the machine's own.
        """
        self.done(time.work(self.start(), guest="db1", sets=True, from_rtc=False))
        self.done(time.work(self.start(), guest="db1", sets=False, from_rtc=True))
        self.assertEqual(self.set, [{"time": NOW}, {}])
        both = time.work(self.start(), guest="db1", sets=True, from_rtc=True)
        self.failed(both, click.UsageError)

    def test_words(self) -> None:
        """
        What is less than can be told is not told.
        """
        self.assertIn("as far as can be told", words(NOW, NOW + 10, 1000))
        self.assertIn("0.500 s behind this host", words(NOW, NOW + 500_000_000, 1000))

    @given(st.integers(-(2**63), 2**63 - 1))
    def test_whatever(self, nanoseconds: int) -> None:
        """
        Whatever time a guest says it is, it is written.
        """
        self.assertTrue(date(nanoseconds))
