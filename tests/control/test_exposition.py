"""Figures in the forms that Prometheus reads."""

from collections.abc import Iterable

from attrs import frozen
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from txqga.control._exposition import SLICE, exposition

FORMS = ("", "application/openmetrics-text; version=1.0.0")


@frozen
class Given(Collector):
    """Collects what is given."""

    families: list[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.families


def made(*sizes: int) -> list[Metric]:
    """Families of so many samples."""
    families: list[Metric] = []
    for number, size in enumerate(sizes):
        make = CounterMetricFamily if number % 2 else GaugeMetricFamily
        family = make(f"qga_figure{number}", "Two\nlines # and \\ more.", labels=["vm_name"])
        for guest in range(size):
            family.add_metric([f"# HELP {guest}\n"], float(guest))
        families.append(family)
    return families


class ExpositionTests(SynchronousTestCase):
    def test_whole(self) -> None:
        """
        What is written some at a time is what is written at once.
        """
        families = made(3, SLICE, 0, 2 * SLICE + 1, 7, SLICE + 1)
        for accept in FORMS:
            encode, kind = choose_encoder(accept)
            told = Deferred.fromCoroutine(exposition(families, accept, lambda: succeed(None)))
            self.assertEqual(self.successResultOf(told), (kind, encode(Given(families))))

    def test_nothing(self) -> None:
        """
        Where there is nothing to tell, that is told in its form, too.
        """
        for accept in FORMS:
            encode, kind = choose_encoder(accept)
            told = Deferred.fromCoroutine(exposition([], accept, lambda: succeed(None)))
            text = b"# EOF\n" if accept else b""
            self.assertEqual(self.successResultOf(told), (kind, text))
            self.assertEqual(encode(Given([])), text)

    def test_turns(self) -> None:
        """
        While the figures of many guests are written, others have their turn again and again.
        """
        turns: list[Deferred[None]] = []

        def turn() -> Deferred[None]:
            turns.append(Deferred())
            return turns[-1]

        told = Deferred.fromCoroutine(exposition(made(*[SLICE // 2] * 20), "", turn))
        for number in range(9):
            self.assertNoResult(told)
            turns[number].callback(None)
        self.assertEqual(len(turns), 9)
        self.successResultOf(told)

    def test_few(self) -> None:
        """
        Those of a few guests are written at once.
        """
        told = Deferred.fromCoroutine(exposition(made(10, 10), "", self.fail))
        self.successResultOf(told)
