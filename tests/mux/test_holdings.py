"""Whose a handle is."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._callers import Caller, User
from txqga.mux._handles import Handle, Kind
from txqga.mux._holdings import Holdings

A, B = Handle(Kind.FILE, 1000), Handle(Kind.FILE, 1001)
P = Handle(Kind.EXEC, 77)
ANN, BOB = User(1), User(2)


class HoldingsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.holdings = Holdings(self.clock.seconds)

    def test_owner(self) -> None:
        """
        What was gained is its owner's, until it is lost; the rest is nobody's.
        """
        self.assertIsNone(self.holdings.owner(A))
        self.holdings.gain(A, "ann")
        self.holdings.gain(B, "bob")
        self.assertEqual((self.holdings.owner(A), self.holdings.of("ann")), ("ann", [A]))
        self.holdings.lose(A)
        self.holdings.lose(A)
        self.assertEqual((self.holdings.owner(A), self.holdings.of("ann")), (None, []))
        self.assertEqual(len(self.holdings), 1)

    def test_given_out_again(self) -> None:
        """
        A number that the agent gives out again belongs to whoever was told it last.
        """
        self.holdings.gain(A, "ann")
        self.holdings.gain(A, "bob")
        self.assertEqual(self.holdings.owner(A), "bob")
        self.assertEqual((self.holdings.of("ann"), self.holdings.of("bob")), ([], [A]))

    def test_pass_on(self) -> None:
        """
        What is detached is the person's, on whatever connection, and can be passed on to them.
        """
        self.holdings.gain(A, "first", ANN)
        self.assertEqual(
            [self.holdings.belongs(A, *who) for who in (("first", ANN), ("second", ANN))], [1, 0]
        )
        self.assertFalse(self.holdings.pass_on(A))
        self.holdings.detach(A)
        for passed in (False, True):
            self.assertTrue(self.holdings.belongs(A, "second", ANN))
            self.assertFalse(self.holdings.belongs(A, "third", BOB))
            self.assertIs(self.holdings.owner(A) == ANN, passed)
            self.assertTrue(self.holdings.pass_on(A))
        self.holdings.lose(A)
        self.holdings.detach(A)
        self.assertFalse(self.holdings.belongs(A, "second", ANN))

    def test_idle(self) -> None:
        """
        What nobody has used for a while is idle, a file that is being read is not.
        """
        self.holdings.gain(A, ANN)
        self.holdings.gain(P, ANN)
        self.clock.advance(59)
        self.assertEqual(self.holdings.idle(Kind.FILE, 60), [])
        self.holdings.begin(A)
        self.clock.advance(60)
        self.assertEqual(self.holdings.idle(Kind.FILE, 60), [])
        self.assertEqual(self.holdings.idle(Kind.EXEC, 60), [P])
        self.holdings.end(A)
        self.assertEqual(self.holdings.idle(Kind.FILE, 60), [])
        self.clock.advance(60)
        self.assertEqual(self.holdings.idle(Kind.FILE, 60), [A])

    def test_idle_connection(self) -> None:
        """
        What is a connection's is never idle.
        """
        self.holdings.gain(A, Caller("ann"))
        self.clock.advance(1e6)
        self.assertEqual(self.holdings.idle(Kind.FILE, 60), [])

    def test_used_after_it_was_lost(self) -> None:
        """
        A command may be on its way while its handle goes, and comes again for another.
        """
        self.holdings.begin(A)
        self.holdings.end(A)
        self.holdings.gain(A, ANN)
        self.holdings.begin(A)
        self.holdings.gain(A, BOB)
        self.holdings.end(A)
        self.clock.advance(60)
        self.assertEqual(self.holdings.idle(Kind.FILE, 60), [A])
