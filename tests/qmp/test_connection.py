"""One connection to QEMU's monitor."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.internet.defer import CancelledError
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.qmp._qemu import Wire
from txqga.errors import CommandFailed
from txqga.qmp._connection import LIMITS, PATIENCE, QmpConnection

GREETING = b'{"QMP": {"version": {}, "capabilities": []}}\r\n'
AGREED = b'{"return": {}, "id": 0}\r\n'


class ConnectionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.make()

    def make(self) -> None:
        self.clock = Clock()
        self.seen: list[Any] = []
        self.connection = QmpConnection(
            self.clock,
            lambda connection: self.seen.append("opened"),
            lambda event: self.seen.append(event),
            lambda why: self.seen.append(("over", why)),
        )
        self.wire = Wire(lambda data: None)
        self.connection.makeConnection(self.wire)  # type: ignore[no-untyped-call]

    def open(self) -> None:
        self.connection.dataReceived(GREETING + AGREED)
        self.assertEqual(self.seen.pop(0), "opened")
        self.wire.clear()

    def over(self) -> str:
        """Why the connection is over."""
        (over,) = self.seen
        self.assertEqual(self.clock.getDelayedCalls(), [])
        return str(over[1])

    def test_opens(self) -> None:
        """
        Once greeted it negotiates, and then commands are taken; it waits for nothing more.
        """
        self.assertEqual(self.wire.value(), b"")
        self.connection.dataReceived(GREETING)
        self.assertEqual(self.wire.value(), b'{"execute": "qmp_capabilities", "id": 0}\n')
        self.connection.dataReceived(AGREED)
        self.assertEqual(self.seen, ["opened"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_ask(self) -> None:
        """
        A command has its own answer, whatever comes in between.
        """
        self.open()
        one, two = self.connection.ask("query-status"), self.connection.ask("query-chardev")
        self.assertEqual(self.wire.value().count(b"\n"), 2)
        self.connection.dataReceived(b'{"return": 7, "id": 99}\n{"event": "STOP"}\n{"return": 7}\n')
        self.connection.dataReceived(b'{"return": [], "id": 2}\n')
        self.assertEqual(self.successResultOf(two), [])
        self.assertNoResult(one)
        error = b'{"error": {"class": "GenericError", "desc": "no"}, "id": 1}\n'
        self.connection.dataReceived(error)
        self.assertEqual(self.failureResultOf(one, CommandFailed).value.desc, "no")
        self.assertEqual((self.seen, self.clock.getDelayedCalls()), (["STOP"], []))

    def test_not_greeted(self) -> None:
        """
        Whoever is not greeted waits behind another client, and gives up.
        """
        self.clock.advance(PATIENCE)
        self.assertIn("another program holds the monitor", self.over())
        self.assertTrue(self.wire.aborted)

    def test_not_answered(self) -> None:
        """
        A QEMU that does not answer is given up.
        """
        self.open()
        asked = self.connection.ask("query-status")
        self.clock.advance(PATIENCE)
        self.assertEqual(self.over(), "QEMU does not answer query-status")
        self.failureResultOf(asked, CancelledError)

    def test_refused(self) -> None:
        """
        A QEMU that refuses to negotiate is no use.
        """
        self.connection.dataReceived(GREETING)
        self.connection.dataReceived(b'{"error": {"class": "X", "desc": "not now"}, "id": 0}\n')
        self.assertEqual(self.over(), "qmp_capabilities is refused: not now")

    def test_ends(self) -> None:
        """
        When QEMU ends, whoever waits for an answer is told so, and nobody is told twice.
        """
        self.open()
        asked = self.connection.ask("query-status")
        self.connection.connectionLost(Failure(ConnectionDone()))
        self.connection.drop("again")
        self.failureResultOf(asked, CancelledError)
        self.failureResultOf(self.connection.ask("query-status"), CancelledError)
        self.assertIn("QEMU has ended", self.over())

    def test_garbage(self) -> None:
        """
        What is not the protocol ends the connection at once, and what follows is not read.
        """
        for garbage in (b"hello\n", b"7\n", b"[]\n", b"{}\n", b"\xff", b'{"error": 7}\n'):
            self.make()
            self.connection.dataReceived(garbage + GREETING)
            self.assertIn("not QEMU's monitor protocol", self.over())
            self.connection.dataReceived(GREETING)

    def test_too_long(self) -> None:
        """
        A line without end is not kept.
        """
        piece = b"[" * 65536
        for _ in range(LIMITS.octets // len(piece) + 1):
            self.connection.dataReceived(piece)
        self.assertIn("longer", self.over())

    @settings(deadline=None)
    @given(st.lists(st.binary(max_size=40)))
    def test_whatever(self, pieces: list[bytes]) -> None:
        """
        Whatever comes, it raises nothing and the connection is over once at most.
        """
        self.make()
        for piece in (GREETING, AGREED, *pieces, GREETING):
            self.connection.dataReceived(piece)
        self.assertLessEqual(sum(isinstance(each, tuple) for each in self.seen), 1)
