"""One client that is served."""

from twisted.logger import capturedLogs

from tests.mux._guest_case import GuestCase
from tests.mux._transport import ClientTransport
from txqga.mux._connection import Connection
from txqga.mux._conversation import PIECE, UNREAD
from txqga.mux._hangup import PERIOD
from txqga.mux._outbox import UNSENT

TIME = b'{"execute":"guest-get-time"}'


class ConnectionTests(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.transport = ClientTransport()
        self.has_gone = False
        self.connection = Connection(
            self.clock, self.guest, self.ann, self.transport, lambda: self.has_gone
        )

    def test_answers(self) -> None:
        """
        A client is answered.
        """
        self.connection.receive(TIME)
        self.answer(5)
        self.assertEqual(self.transport.said(), b'{"return": 5}\n')

    def test_slow_client(self) -> None:
        """
        A client that does not read is not read from.
        """
        producer = self.transport.producer
        assert producer is not None
        producer.pauseProducing()
        self.assertEqual(self.transport.producerState, "paused")
        producer.resumeProducing()
        self.assertEqual(self.transport.producerState, "producing")

    def test_two_reasons(self) -> None:
        """
        A client that neither reads nor waits is read from when neither holds any more.
        """
        producer = self.transport.producer
        assert producer is not None
        self.connection.receive(TIME + b" " * (UNREAD + 2 * PIECE))
        producer.pauseProducing()
        producer.resumeProducing()
        self.assertEqual(self.transport.producerState, "paused")
        self.answer(5)
        self.assertEqual(self.transport.producerState, "producing")

    def test_overflow(self) -> None:
        """
        A client that leaves too much unread is cut off, and the log says so.
        """
        producer = self.transport.producer
        assert producer is not None
        producer.pauseProducing()
        self.connection.receive(TIME * 2)
        self.answer("x" * UNSENT)
        with capturedLogs() as seen:
            self.answer(5)
        self.assertTrue(self.transport.aborted)
        self.assertEqual([event["client"] for event in seen], ["ann"])
        self.connection.lost()

    def test_says_no_more(self) -> None:
        """
        A client that ends its writing side gets its answers, and then the connection ends.
        """
        self.connection.receive(TIME)
        self.connection.ended()
        self.answer(5)
        self.assertEqual(self.transport.said(), b'{"return": 5}\n')
        self.assertTrue(self.transport.disconnecting)
        self.connection.lost()
        self.assertEqual(self.clock.getDelayedCalls(), self.others)

    def test_finish(self) -> None:
        """
        A client that is let go is not heard any more, but answered what it has said.
        """
        self.connection.receive(TIME)
        self.connection.finish()
        self.assertEqual(self.transport.producerState, "paused")
        self.assertFalse(self.transport.disconnecting)
        self.answer(5)
        self.assertEqual(self.transport.said(), b'{"return": 5}\n')
        self.assertTrue(self.transport.disconnecting)
        self.connection.lost()

    @property
    def others(self) -> list[object]:
        """What the guest itself waits for."""
        return list(self.clock.getDelayedCalls()[:1])

    def test_has_gone(self) -> None:
        """
        A client that was killed gets no answers, and what waits for it does not run.
        """
        self.guest.ask(self.bob, "guest-get-time", {})
        self.connection.receive(b'{"execute":"guest-exec"}')
        self.has_gone = True
        self.connection.ended()
        self.assertTrue(self.transport.aborted)
        self.connection.lost()
        self.answer(5)
        self.assertEqual(self.session.asked, ["guest-get-time"])

    def test_goes_later(self) -> None:
        """
        A client that says no more, and then does not wait for its answers, is missed.
        """
        self.connection.receive(TIME)
        self.connection.ended()
        self.clock.advance(PERIOD)
        self.assertFalse(self.transport.aborted)
        self.has_gone = True
        self.clock.advance(PERIOD)
        self.assertTrue(self.transport.aborted)

    def test_goes_unread(self) -> None:
        """
        A client that is not read from at present is missed too.
        """
        self.connection.receive(TIME + b" " * (UNREAD + 2 * PIECE))
        self.has_gone = True
        self.clock.advance(PERIOD)
        self.assertTrue(self.transport.aborted)

    def test_not_read_any_more(self) -> None:
        """
        Where there is nothing more to read, nothing is read.
        """
        self.connection.receive(TIME + b" " * (UNREAD + 2 * PIECE))
        self.connection.ended()
        self.answer(5)
        self.assertEqual(self.transport.producerState, "paused")

    def test_handles(self) -> None:
        """
        What a client has opened is closed when it goes.
        """
        self.connection.receive(b'{"execute":"guest-file-open","arguments":{"path":"/x"}}')
        self.answer(1000)
        self.connection.lost()
        self.assertEqual(self.session.calls[0].command, "guest-file-close")
