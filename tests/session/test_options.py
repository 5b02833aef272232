"""What can be chosen, and what cannot."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.session import SessionOptions


class SessionOptionsTests(SynchronousTestCase):
    def test_refused(self) -> None:
        """
        Times, and numbers of calls, are positive.
        """
        for make in (
            lambda: SessionOptions(sync_timeout=0),
            lambda: SessionOptions(deadline=0),
            lambda: SessionOptions(cap=0),
            lambda: SessionOptions(connect_timeout=-1),
            lambda: SessionOptions(window=0),
            lambda: SessionOptions(queue=0),
        ):
            self.assertRaises(ValueError, make)

    def test_no_cap(self) -> None:
        """
        Without a cap the deadline decides.
        """
        self.assertIs(SessionOptions(cap=None).cap, None)
