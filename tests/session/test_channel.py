"""Octets in, events out."""

from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import connectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._sockets import FakeSocket, Reactor, real
from txqga.session._channel import ChannelProtocol
from txqga.session._silence import Ear
from txqga.transports.sockets import UnixConnection
from txqga.wire import JSON, Malformed, Message, Sentinel


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.asks: list[bytes] = []  # what to write, one for each message
        self.channel: ChannelProtocol | None = None

    def message(self, value: JSON) -> None:
        self.told.append(value)
        if self.asks and self.channel is not None:
            self.channel.write(self.asks.pop(0))
        if value == "drop" and self.channel is not None:
            self.channel.drop()

    def malformed(self, desc: str) -> None:
        self.told.append("malformed")

    def sentinel(self) -> None:
        self.told.append("sentinel")

    def rest(self) -> None:
        self.told.append("rest")

    def overflow(self, desc: str) -> None:
        self.told.append("overflow")

    def lost(self, reason: Failure) -> None:
        self.told.append(reason.type)


class Descriptor(StringTransport):
    """A transport that sends what is written when it is told to."""

    sent = b""

    def doWrite(self) -> None:
        self.sent += self.value()
        self.clear()


class CountingSocket(FakeSocket):
    """A socket that counts the writes."""

    sends = 0

    def send(self, data: bytes) -> int:
        self.sends += 1
        return super().send(data)


class Abortless(StringTransport):
    """A transport that knows only the orderly way to close."""

    abortConnection = property()


class ChannelProtocolTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.ear = Ear()
        self.listener = Listener()
        self.transport = StringTransport()
        self.channel = ChannelProtocol(self.clock, self.ear, self.made)
        self.listener.channel = self.channel
        self.channel.makeConnection(self.transport)  # type: ignore[no-untyped-call]

    def made(self, channel: ChannelProtocol) -> None:
        channel.attend(self.listener)

    def test_events(self) -> None:
        """
        What comes is told in order, with a word at the end of each read.
        """
        self.channel.dataReceived(b'{"a": 1}\nnoise\n\xff{"b')
        self.channel.dataReceived(b'": 2}\n')
        self.assertEqual(
            self.listener.told, [{"a": 1}, "malformed", "sentinel", "rest", {"b": 2}, "rest"]
        )

    def test_sent_at_once(self) -> None:
        """
        What is written is sent, not a turn later; in answer to octets, when all of them were taken.
        """
        transport = Descriptor()
        self.channel.makeConnection(transport)  # type: ignore[no-untyped-call]
        self.listener.asks = [b"one", b"two"]
        self.channel.dataReceived(b"1\n2\n")
        self.assertEqual(transport.sent, b"onetwo")
        self.channel.dataReceived(b"3\n")
        self.channel.write(b"three")
        self.assertEqual(transport.sent, b"onetwothree")
        self.channel.drop()
        self.channel.write(b"four")
        self.assertEqual(transport.sent, b"onetwothree")

    def test_sent_once(self) -> None:
        """
        A transport that sends at once is not told to send again, and nothing goes after the end.
        """
        socket = CountingSocket()
        channel = ChannelProtocol(self.clock, self.ear, self.made)
        self.listener.channel = channel
        self.listener.asks = [b"second ", b"third"]
        transport = UnixConnection(real(socket), channel, Reactor())
        channel.makeConnection(transport)  # type: ignore[no-untyped-call]
        channel.write(b"first ")
        channel.dataReceived(b'"a"\n"b"\n')
        self.assertEqual((socket.sent, socket.sends), (b"first second third", 3))
        channel.drop()
        channel.write(b"fourth")
        self.assertEqual(socket.sends, 3)

    def test_heard(self) -> None:
        """
        Each read is noted with its time.
        """
        self.clock.advance(7)
        self.channel.dataReceived(b" ")
        self.assertEqual((self.ear.heard, self.ear.reads), (7, 1))

    def test_flood(self) -> None:
        """
        A long read is taken bit by bit, and no further once the connection was given up.
        """
        taken: list[int] = []
        receive = self.channel.reader.receive

        def note(data: bytes) -> list[Message | Malformed | Sentinel]:
            taken.append(len(data))
            return receive(data)

        self.channel.reader.receive = note  # type: ignore[method-assign]
        self.channel.dataReceived(b'{"a": "' + b"A" * 10000 + b'"}\n"drop"\n' + b"x\n" * 30000)
        self.assertEqual(taken, [4096] * 3)
        self.assertEqual(self.listener.told[:3], ["rest", "rest", {"a": "A" * 10000}])
        self.assertEqual(self.listener.told[-1], "drop")

    def test_too_long(self) -> None:
        """
        A line that outgrows the limit is told as such.
        """
        self.channel.reader.max_octets = 10
        self.channel.dataReceived(b"A" * 11)
        self.assertEqual(self.listener.told, ["overflow"])

    def test_lost(self) -> None:
        """
        The end is told once, and so is whoever waits for it.
        """
        gone = self.channel.when_gone()
        self.channel.connectionLost(connectionDone)
        self.channel.dataReceived(b'{"a": 1}\n')
        self.assertEqual(self.listener.told, [ConnectionDone])
        self.successResultOf(gone)
        self.successResultOf(self.channel.when_gone())

    def test_dropped(self) -> None:
        """
        After it was given up nothing is told any more, not even the rest of the same read.
        """
        self.channel.dataReceived(b'"drop"\n{"a": 1}\n\xff\n')
        self.channel.connectionLost(connectionDone)
        self.channel.drop()
        self.assertEqual(self.listener.told, ["drop"])
        self.assertTrue(self.transport.disconnecting)

    def test_cannot_abort(self) -> None:
        """
        A transport that cannot be aborted is closed.
        """
        transport = Abortless()
        self.channel.makeConnection(transport)  # type: ignore[no-untyped-call]
        self.channel.drop()
        self.assertTrue(transport.disconnecting)

    def test_waiting_for_the_end(self) -> None:
        """
        One may stop waiting for the end.
        """
        gone = self.channel.when_gone()
        gone.cancel()
        self.failureResultOf(gone)
        self.channel.connectionLost(connectionDone)
