"""What is written goes out at once where it can."""

from twisted.internet.protocol import Protocol
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._sockets import FakeSocket, Reactor, real
from txqga.transports.sockets import UnixConnection


class PromptTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.socket = FakeSocket()
        self.connection = UnixConnection(real(self.socket), Protocol(), self.reactor)

    def test_at_once(self) -> None:
        """
        A reply that fits the socket's buffer is with the client before the reactor goes on.
        """
        self.connection.write(b"reply\n")
        self.assertEqual(self.socket.sent, b"reply\n")
        self.assertEqual(self.reactor.getWriters(), [])

    def test_rest(self) -> None:
        """
        What does not fit follows as the client reads, in order.
        """
        self.socket.room = 3
        self.connection.write(b"abcdef")
        self.connection.write(b"ghi")
        self.assertEqual(self.socket.sent, b"abc")
        self.socket.room = 4
        self.reactor.writable(self.connection)
        self.connection.write(b"jkl")
        self.assertEqual(self.socket.sent, b"abcdefg")
        self.socket.room = 100
        self.reactor.writable(self.connection)
        self.connection.write(b"mno")
        self.assertEqual(self.socket.sent, b"abcdefghijklmno")

    def test_full(self) -> None:
        """
        A buffer without any room is no error.
        """
        self.socket.room = 0
        self.connection.write(b"abc")
        self.socket.room = 3
        self.reactor.writable(self.connection)
        self.assertEqual(self.socket.sent, b"abc")

    def test_long(self) -> None:
        """
        Of a long reply what fits goes out at once, and the rest piece by piece.
        """
        reply = bytes(range(256)) * 2000
        self.socket.room = 200_000
        self.connection.write(reply)
        self.assertEqual(self.socket.sent, reply[:200_000])
        self.socket.room = len(reply)
        while self.connection in self.reactor.getWriters():
            self.reactor.writable(self.connection)
        self.assertEqual(self.socket.sent, reply)
