"""What a client has not read yet."""

from collections.abc import Callable

from twisted.internet.interfaces import IPushProducer
from twisted.internet.protocol import Protocol
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import FakeSocket, Reactor, real
from txqga.mux._outbox import PIECE, UNSENT, Outbox
from txqga.transports.sockets import UnixConnection


class Transport(StringTransport):
    """A transport that may ask for a pause whenever it is given something."""

    full: Callable[[], None] | None = None

    def write(self, data: bytes) -> None:
        super().write(data)  # type: ignore[no-untyped-call]
        if self.full is not None:
            self.full()


class OutboxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.transport = Transport()
        self.slow: list[bool] = []
        self.overflows: list[int] = []
        self.outbox = Outbox(self.transport, self.slow.append, self.overflows.append)
        self.transport.registerProducer(self.outbox, True)

    def test_interface(self) -> None:
        """
        A transport can tell it to pause.
        """
        verifyObject(IPushProducer, self.outbox)

    def test_reads(self) -> None:
        """
        A client that reads gets everything at once.
        """
        self.outbox.write(b"a\n")
        self.outbox.write(b"x" * (3 * PIECE + 1))
        self.assertEqual(self.transport.value(), b"a\n" + b"x" * (3 * PIECE + 1))
        self.assertEqual((self.outbox.unsent, self.slow, self.overflows), (0, [], []))

    def test_does_not_read(self) -> None:
        """
        What a client does not read waits, in order, and whoever feeds us is told.
        """
        self.outbox.pauseProducing()
        self.outbox.pauseProducing()
        self.outbox.write(b"a\n")
        self.outbox.write(b"b\n")
        self.assertEqual((self.transport.value(), self.outbox.unsent, self.slow), (b"", 4, [True]))
        self.outbox.resumeProducing()
        self.assertEqual(self.transport.value(), b"a\nb\n")
        self.assertEqual((self.outbox.unsent, self.slow), (0, [True, False]))

    def test_pauses_while_it_is_fed(self) -> None:
        """
        The transport is given no more than it asked for.
        """
        self.transport.full = self.outbox.pauseProducing
        self.outbox.write(b"x" * (2 * PIECE))
        self.assertEqual((len(self.transport.value()), self.outbox.unsent), (PIECE, PIECE))
        self.outbox.resumeProducing()
        self.assertEqual((len(self.transport.value()), self.slow), (2 * PIECE, [True]))

    def test_too_much(self) -> None:
        """
        A client that leaves 64 MiB unread is cut off when there is more for it; one answer of any
        size is not too much.
        """
        self.outbox.pauseProducing()
        self.outbox.write(b"x" * (UNSENT + 1))
        self.assertEqual(self.overflows, [])
        self.outbox.write(b"a\n")
        self.outbox.write(b"b\n")
        self.assertEqual(self.overflows, [UNSENT + 1])
        self.outbox.resumeProducing()
        self.assertEqual(self.transport.value(), b"")

    def test_close(self) -> None:
        """
        The connection ends when everything has been read.
        """
        self.outbox.pauseProducing()
        self.outbox.write(b"a\n")
        self.outbox.close()
        self.assertFalse(self.transport.disconnecting)
        self.outbox.resumeProducing()
        self.assertEqual((self.transport.value(), self.transport.disconnecting), (b"a\n", True))
        self.assertIsNone(self.transport.producer)

    def test_gone(self) -> None:
        """
        What a client has not read when it goes is dropped.
        """
        self.outbox.pauseProducing()
        self.outbox.write(b"a\n")
        self.outbox.stopProducing()
        self.outbox.resumeProducing()
        self.assertEqual(self.transport.value(), b"")

    def test_piece_by_piece(self) -> None:
        """
        Through a socket whose buffer is small goes everything, in order.
        """
        reactor, socket = Reactor(), FakeSocket(room=0)
        transport = UnixConnection(real(socket), Protocol(), reactor)
        outbox = Outbox(transport, self.slow.append, self.overflows.append)
        transport.registerProducer(outbox, True)  # type: ignore[no-untyped-call]
        lines = [bytes([65 + number]) * (PIECE + number) + b"\n" for number in range(3)]
        for line in lines:
            outbox.write(line)
        while transport in reactor.getWriters():
            socket.room = 219_264
            reactor.writable(transport)
        self.assertEqual(socket.sent, b"".join(lines))
        self.assertEqual((outbox.unsent, self.slow), (0, [True, False]))
