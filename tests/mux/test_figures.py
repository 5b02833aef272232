"""How long commands take, summed up."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._figures import Span


class SpanTests(SynchronousTestCase):
    def test_added(self) -> None:
        """
        What takes time is counted and summed up; a clock that was set back takes nothing away.
        """
        span = Span()
        for seconds in (1.5, 2.0, -3.0):
            span.add(seconds)
        self.assertEqual((span.count, span.seconds), (3, 3.5))
