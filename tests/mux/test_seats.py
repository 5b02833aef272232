"""How many clients the sockets of all guests may have together."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._seats import Seats, needed


class SeatsTests(SynchronousTestCase):
    def test_room(self) -> None:
        """
        Guests come first, those too that were found since; clients take most of what is left.
        """
        guests = 10
        seats = Seats(lambda: guests, needed(10, 0) + 40)
        seats.taken = 29
        self.assertIsNone(seats.refusal())
        seats.taken = 30
        why = seats.refusal()
        self.assertIn(f"may have {seats.descriptors} open files", str(why))
        seats.taken, guests = 20, 20
        self.assertIsNotNone(seats.refusal())

    def test_too_few(self) -> None:
        """
        Where there are too few for the guests alone, one client for each is tried all the same.
        """
        seats = Seats(lambda: 10, 20)
        seats.taken = 9
        self.assertIsNone(seats.refusal())
        seats.taken = 10
        self.assertIsNotNone(seats.refusal())

    def test_no_limit(self) -> None:
        """
        Where nobody says how many descriptors there are, there is room.
        """
        seats = Seats(lambda: 10)
        seats.taken = 10**6
        self.assertIsNone(seats.refusal())
