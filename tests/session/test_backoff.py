"""Pauses between attempts."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.session._backoff import Backoff


class Steady(Random):
    """No chance at all."""

    def random(self) -> float:
        return 0.0


class BackoffTests(SynchronousTestCase):
    def test_doubles(self) -> None:
        """
        Each pause is twice the one before, up to the longest.
        """
        backoff = Backoff(initial=0.5, longest=30.0, random=Steady())
        self.assertEqual([backoff.pause(0) for _ in range(9)], [0.5, 1, 2, 4, 8, 16, 30, 30, 30])

    def test_lasting(self) -> None:
        """
        A connection that lasted earns a short pause again; one that fell at once does not.
        """
        backoff = Backoff(initial=0.5, longest=30.0, random=Steady())
        for _ in range(4):
            backoff.pause(0)
        self.assertEqual(backoff.pause(7.9), 8)
        self.assertEqual(backoff.pause(17), 0.5)

    @given(st.integers(0, 2**32), st.integers(0, 2000))
    def test_chance(self, seed: int, failures: int) -> None:
        """
        A pause is cut by a quarter at most, and is never longer than the longest, for ever.
        """
        backoff = Backoff(initial=0.5, longest=30.0, random=Random(seed))
        for _ in range(failures):
            pause = backoff.pause(0)
            self.assertTrue(0.375 <= pause <= 30)

    def test_forget(self) -> None:
        """
        When something has changed, the pauses begin anew.
        """
        backoff = Backoff(initial=1.0, longest=64.0, random=Random(1))
        for _ in range(9):
            backoff.pause(0.0)
        backoff.forget()
        self.assertLessEqual(backoff.pause(0.0), 1.0)
