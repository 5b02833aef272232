"""A character device as a transport."""

from errno import ENODEV

from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.interfaces import (
    IConsumer,
    IPullProducer,
    IPushProducer,
    IReadWriteDescriptor,
    ITransport,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer
from zope.interface.verify import verifyObject

from tests.agent._sockets import Reactor
from tests.transports.devices._line import AWAY, DATA, HERE, HUNG_UP, UNPLUGGED, FakeEdges, real
from txqga.transports.devices import Device, DeviceAddress


class Recorder(Protocol):
    """Writes down what happens to it."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.reasons: list[Failure] = []

    def dataReceived(self, data: bytes) -> None:
        self.received.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.reasons.append(reason)


@implementer(IPushProducer)
class Producer:
    """Writes down what its consumer tells it."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


class DeviceCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.edges = FakeEdges()
        self.recorder = Recorder()
        self.device = Device(
            self.reactor, real(self.edges), self.recorder, DeviceAddress("/dev/vport0p1")
        )
        self.device.start()
        self.edges.looks = 0

    def change(self, events: int) -> None:
        """Let something change, and the reactor notice."""
        self.edges.changes(events)
        self.reactor.readable(self.device)

    def looked(self) -> bool:
        """Whether another look was asked for since the last time."""
        asked, self.edges.looks = bool(self.edges.looks), 0
        return asked

    def lost_for(self, kind: type[BaseException]) -> None:
        """Check that the connection was lost for this, once, and everything is closed."""
        self.assertEqual(len(self.recorder.reasons), 1)
        self.recorder.reasons[0].trap(kind)
        self.assertIs(self.device.reason, self.recorder.reasons[0])
        self.assertTrue(self.edges.closed)
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertEqual(self.reactor.getWriters(), [])


class ReadingTests(DeviceCase):
    def test_interfaces(self) -> None:
        """
        It is a transport like any other.
        """
        for interface in (ITransport, IConsumer, IPushProducer, IReadWriteDescriptor):
            verifyObject(interface, self.device)
        self.assertEqual(self.device.getHost(), DeviceAddress("/dev/vport0p1"))
        self.assertEqual(self.device.getPeer(), DeviceAddress("/dev/vport0p1"))
        self.assertEqual(self.device.logPrefix(), "Recorder")

    def test_all_there_is(self) -> None:
        """
        What arrived is read in one go: a wake comes only when more arrives.
        """
        self.edges.unread = [b"a" * 4096, b"b"]
        self.change(DATA)
        self.assertEqual(self.recorder.received, [b"a" * 4096 + b"b"])
        self.assertFalse(self.looked())

    def test_long(self) -> None:
        """
        A host that sends without end does not keep the reactor from others.
        """
        self.edges.unread = [b"a" * 70_000, b"b" * 70_000]
        self.change(DATA)
        self.assertEqual(len(b"".join(self.recorder.received)), 65_536)
        self.assertTrue(self.looked())
        while self.edges.unread:
            self.change(DATA)
        self.assertEqual(b"".join(self.recorder.received), b"a" * 70_000 + b"b" * 70_000)

    def test_nobody(self) -> None:
        """
        While no host is connected nothing is received and nothing is lost; then one comes.
        """
        self.edges.host = False
        self.change(AWAY)
        self.assertFalse(self.looked())
        self.edges.host = True
        self.change(HERE)
        self.edges.unread = [b"hello"]
        self.change(DATA)
        self.assertEqual(self.recorder.received, [b"hello"])
        self.assertEqual(self.recorder.reasons, [])

    def test_said_and_gone(self) -> None:
        """
        What a host said before it went is received.
        """
        self.edges.host = False
        self.edges.unread = [b"last words"]
        self.change(AWAY)
        self.assertEqual(self.recorder.received, [b"last words"])

    def test_nothing_changed(self) -> None:
        """
        A wake for which there is no reason any more does nothing.
        """
        self.edges.unread = [b"a"]
        self.change(0)
        self.assertEqual(self.recorder.received, [])

    def test_paused(self) -> None:
        """
        While reading is paused nothing is read; what arrived meanwhile is found afterwards.
        """
        self.device.pauseProducing()  # type: ignore[no-untyped-call]
        self.edges.unread = [b"a"]
        self.change(DATA)
        self.assertEqual(self.recorder.received, [])
        self.assertFalse(self.looked())
        self.device.resumeProducing()  # type: ignore[no-untyped-call]
        self.assertTrue(self.looked())
        self.change(DATA)
        self.assertEqual(self.recorder.received, [b"a"])


class LosingTests(DeviceCase):
    def test_unplugged(self) -> None:
        """
        A port that was unplugged is lost, for the reason that the kernel gives.
        """
        self.edges.unread = [b"last words", OSError(ENODEV, "No such device")]
        self.change(UNPLUGGED)
        self.assertEqual(self.recorder.received, [b"last words"])
        self.lost_for(OSError)

    def test_hung_up(self) -> None:
        """
        A terminal that was hung up is lost, as it never comes back by itself.
        """
        self.edges.host = False
        self.change(HUNG_UP)
        self.lost_for(ConnectionDone)

    def test_hung_up_while_paused(self) -> None:
        """
        That is noticed also while nothing is read.
        """
        self.device.pauseProducing()  # type: ignore[no-untyped-call]
        self.edges.host = False
        self.change(HUNG_UP)
        self.lost_for(ConnectionDone)

    def test_unplugged_while_writing(self) -> None:
        """
        A port that is unplugged while a reply waits is lost, though nothing is read.
        """
        self.edges.room = 0
        self.device.write(b"reply")
        self.device.pauseProducing()  # type: ignore[no-untyped-call]
        self.edges.fault = OSError(ENODEV, "No such device")
        self.change(UNPLUGGED)
        self.lost_for(OSError)

    def test_unplugged_while_replying(self) -> None:
        """
        An error met while a reply is written at once is dealt with when the reactor writes.
        """
        self.edges.fault = OSError(ENODEV, "No such device")
        self.device.write(b"reply")
        self.assertEqual(self.recorder.reasons, [])
        self.assertTrue(self.looked())
        self.change(UNPLUGGED)
        self.lost_for(OSError)

    def test_lose(self) -> None:
        """
        It can be closed although nobody is at the other end.
        """
        self.edges.host = False
        self.device.loseConnection()
        self.assertEqual(self.recorder.reasons, [])
        self.reactor.advance(0)
        self.lost_for(ConnectionDone)

    def test_lose_when_written(self) -> None:
        """
        What was written goes out first.
        """
        self.edges.room = 3
        self.device.write(b"reply")
        self.device.loseConnection()
        self.reactor.advance(0)
        self.assertEqual(self.recorder.reasons, [])
        self.edges.room = 3
        self.change(HERE)
        self.assertEqual(self.edges.sent, b"reply")
        self.lost_for(ConnectionDone)

    def test_abort(self) -> None:
        """
        Or it does not, and nothing is received any more.
        """
        self.edges.room = 3
        self.device.write(b"reply")
        self.device.abortConnection()
        self.edges.unread = [b"a"]
        self.change(DATA)
        self.reactor.advance(0)
        self.assertEqual((self.recorder.received, self.edges.sent), ([], b"rep"))
        self.lost_for(ConnectionAborted)

    def test_only_once(self) -> None:
        """
        It is lost once, however often it is closed.
        """
        self.device.loseConnection()
        self.device.abortConnection()
        self.reactor.advance(0)
        self.lost_for(ConnectionDone)

    def test_reactor_stops(self) -> None:
        """
        When the reactor ends it is closed.
        """
        self.device.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.device.fileno(), -1)
        self.lost_for(ConnectionDone)


class WritingTests(DeviceCase):
    def test_at_once(self) -> None:
        """
        A reply is with the host before the reactor goes on.
        """
        self.device.write(b"reply\n")
        self.assertEqual(self.edges.sent, b"reply\n")
        self.assertFalse(self.looked())

    def test_rest(self) -> None:
        """
        What does not fit follows when there is room, in order.
        """
        self.edges.room = 3
        self.device.write(b"abcdef")
        self.device.write(b"ghi")
        self.assertEqual(self.edges.sent, b"abc")
        for room in (4, 100):
            self.edges.room = room
            self.change(HERE)
        self.device.write(b"jkl")
        self.assertEqual(self.edges.sent, b"abcdefghijkl")

    def test_no_loop(self) -> None:
        """
        Where there is no room, nobody looks again before something changes.
        """
        self.edges.host = False
        self.device.write(b"abc")
        for _ in range(3):
            self.change(AWAY)
        self.assertFalse(self.looked())
        self.edges.host = True
        self.change(HERE)
        self.assertEqual(self.edges.sent, b"abc")

    def test_to_whoever_comes(self) -> None:
        """
        What was written while nobody was there goes to whoever comes.
        """
        self.edges.host = False
        self.change(AWAY)
        self.device.writeSequence([b"abc", b"def"])
        self.edges.host = True
        self.change(HERE)
        self.assertEqual(self.edges.sent, b"abcdef")

    def test_long(self) -> None:
        """
        A long reply goes out piece by piece, and others have their turn in between.
        """
        reply = bytes(range(256)) * 10_000
        self.edges.room = 1 << 30
        self.device.write(reply)
        self.assertEqual(self.edges.sent, b"")
        turns = 0
        while self.looked():
            self.change(HERE)
            turns += 1
        self.assertEqual(self.edges.sent, reply)
        self.assertEqual(turns, 3)

    def test_producer(self) -> None:
        """
        Who writes more than the host takes is told to wait, and when to go on.
        """
        producer = Producer()
        self.device.registerProducer(producer, True)
        self.edges.room = 10
        self.device.write(b"a" * 65_000)
        self.assertEqual(producer.told, [])
        self.device.write(b"a" * 1000)
        self.assertEqual(producer.told, ["pause"])
        self.edges.room = 1 << 20
        self.change(HERE)
        self.assertEqual(producer.told, ["pause", "resume"])

    def test_producer_that_waits(self) -> None:
        """
        A producer that writes when it is asked to is asked until it has said all.
        """
        rest = [b"c", b"b", b"a"]

        @implementer(IPullProducer)
        class Asked(Producer):
            def resumeProducing(producer) -> None:  # noqa: N805
                if rest:
                    self.device.write(rest.pop())
                else:
                    self.device.unregisterProducer()

        self.device.registerProducer(Asked(), False)
        while self.looked():
            self.change(HERE)
        self.assertEqual(self.edges.sent, b"abc")

    def test_read_and_write(self) -> None:
        """
        One wake may be for both.
        """
        self.edges.room = 0
        self.device.write(b"reply")
        self.edges.room = 10
        self.edges.unread = [b"request"]
        self.change(DATA)
        self.assertEqual((self.edges.sent, self.recorder.received), (b"reply", [b"request"]))
