"""What the readers report."""

from attrs.exceptions import FrozenInstanceError
from twisted.trial.unittest import SynchronousTestCase

from txqga.wire import Malformed, Message, Sentinel


class EventTests(SynchronousTestCase):
    def test_frozen(self) -> None:
        """
        What was reported stays as it was.
        """
        for event, name in ((Message(1, 1), "value"), (Malformed("?"), "desc")):
            self.assertRaises(FrozenInstanceError, setattr, event, name, 2)

    def test_compared_by_contents(self) -> None:
        """
        Equal events of different kinds are different.
        """
        self.assertEqual(Message([1], 3), Message([1], 3))
        self.assertNotEqual(Message(0, 1), Message(0, 2))
        self.assertNotEqual(Sentinel(0), Malformed("0"))
