"""States and statuses as values."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.session import State, Status


class StateTests(SynchronousTestCase):
    def test_takes_calls(self) -> None:
        """
        Calls are taken while the agent is ready, busy or frozen, and in no other state.
        """
        self.assertEqual(
            [state for state in State if state.is_ready], [State.READY, State.BUSY, State.FROZEN]
        )

    def test_words(self) -> None:
        """
        A state is a word that can be shown and stored.
        """
        self.assertEqual(State("held"), State.HELD)
        self.assertEqual(Status(State.HELD, "x", 1.0), Status(State.HELD, "x", 1.0))
