"""What OpenTelemetry calls our figures."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor import _figures as figures
from txqga.monitor._sample import Kind
from txqga.monitor.sinks._otlp_names import metric_of


class NamesTests(SynchronousTestCase):
    def test_every_figure(self) -> None:
        """
        Each figure has a name, a unit, and an instrument that behaves as it does; those that share
        a name agree in the rest.
        """
        seen: dict[str, tuple[str, str]] = {}
        for figure in figures.figures():
            metric = metric_of(figure)
            self.assertEqual(metric.instrument == "counter", figure.kind is Kind.COUNTER, figure)
            self.assertLessEqual({*metric.attributes}, {*figure.labels}, figure)
            like = (metric.unit, metric.instrument)
            self.assertEqual(seen.setdefault(metric.name, like), like, figure)
            self.assertNotIn("bytes", metric.unit)
