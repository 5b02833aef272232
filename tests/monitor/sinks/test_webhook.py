"""Batches as our own JSON."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor.sinks._delivery import Outcome
from txqga.monitor.sinks._post import Answer
from txqga.monitor.sinks._webhook import webhook_outcome


class OutcomeTests(SynchronousTestCase):
    def test_statuses(self) -> None:
        """
        A batch that can never be taken is given up; everything else is tried again.
        """
        for statuses, outcome in (
            ((200, 201, 202, 204, 409), Outcome.DONE),
            ((400, 413, 415, 422), Outcome.NEVER),
            ((301, 401, 403, 404, 408, 429, 500, 502, 503, 504), Outcome.AGAIN),
        ):
            for status in statuses:
                self.assertIs(webhook_outcome(Answer(status)).outcome, outcome, status)

    def test_wait(self) -> None:
        """
        A platform that is busy says for how long.
        """
        sent = webhook_outcome(Answer(503, b"", 9.0))
        self.assertEqual((sent.why, sent.wait), ("the platform answers with status 503", 9.0))
