"""Getting a connection, and another one."""

from random import Random

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from tests.session._bench import Bench
from txqga.wire import JSON


class Quiet:
    """Listens, and says nothing."""

    def message(self, value: JSON) -> None: ...
    def malformed(self, desc: str) -> None: ...
    def sentinel(self) -> None: ...
    def rest(self) -> None: ...
    def overflow(self, desc: str) -> None: ...
    def lost(self, reason: Failure) -> None: ...


class Host:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def connected(self) -> None:
        self.told.append("connected")

    def lost(self, why: str) -> None:
        self.told.append(why)


@implementer(IStreamClientEndpoint)
class Never:
    """An endpoint that never connects, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.attempts: list[Deferred[IProtocol]] = []
        self.error = error

    def connect(self, factory: IProtocolFactory) -> Deferred[IProtocol]:
        if self.error is not None:
            raise self.error
        self.attempts.append(Deferred())
        return self.attempts[-1]


class LinkTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.bench = Bench(self.clock, Random(1))
        self.agent, self.link = self.bench.agent, self.bench.link
        self.host = Host()
        self.link.host = self.host
        self.link.listen = Quiet

    def test_connects(self) -> None:
        """
        Each connection is an epoch, which the ids begin with.
        """
        self.assertEqual(self.link.epoch, 0)
        self.link.connect()
        self.assertEqual(self.host.told, ["connected"])
        self.assertEqual((self.link.epoch, self.link.prefix), (1, "n.1."))
        self.link.write(b"octets")
        self.link.expect(5)
        self.link.skip()
        self.assertEqual(self.bench.written, b"octets")

    def test_rest(self) -> None:
        """
        While it rests it makes no attempt; what it owes it makes up for when it is woken.
        """
        self.link.endpoint = endpoint = Never()
        self.link.rest()
        self.link.wake()
        self.assertEqual(endpoint.attempts, [])
        self.link.rest()
        self.link.connect()
        self.link.reconnect()
        self.assertEqual((endpoint.attempts, self.clock.getDelayedCalls()), ([], []))
        self.link.wake()
        self.assertEqual(len(endpoint.attempts), 1)
        self.link.reconnect()
        self.link.rest()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.link.close()
        self.link.wake()
        self.assertEqual(len(endpoint.attempts), 1)

    def test_not_connected(self) -> None:
        """
        Without a connection what is written is lost, and closing is done at once.
        """
        self.link.write(b"octets")
        self.link.expect(5)
        self.link.skip()
        self.link.close()
        self.successResultOf(self.link.when_closed())
        self.assertEqual(self.agent.connections, [])

    def test_refused(self) -> None:
        """
        An attempt that fails is told in words; the next one is made when asked, after a pause.
        """
        self.agent.unreachable = Refused()
        self.link.connect()
        self.assertIn("refused", self.host.told[0])
        self.agent.unreachable = None
        self.link.reconnect()
        self.assertEqual(len(self.host.told), 1)
        self.clock.advance(0.5)
        self.assertEqual(self.host.told[1:], ["connected"])

    def test_endpoint_raises(self) -> None:
        """
        An endpoint that raises has failed.
        """
        self.link.endpoint = Never(ValueError("no such thing"))
        self.link.connect()
        self.assertEqual(self.host.told, ["no connection: no such thing"])

    def test_takes_too_long(self) -> None:
        """
        An attempt that takes too long is given up.
        """
        self.link.endpoint = Never()
        self.link.connect()
        self.clock.advance(30)
        self.assertEqual(self.host.told, ["nobody took the connection in time"])

    def test_reconnects(self) -> None:
        """
        The old connection is dropped before a new one is made.
        """
        self.link.connect()
        self.link.reconnect()
        self.assertTrue(self.agent.connections[0].closing)
        self.clock.advance(0.5)
        self.assertEqual(self.link.epoch, 2)

    def test_pauses(self) -> None:
        """
        Pauses grow, until an agent has answered for a while.
        """
        for pause in (0.5, 1.0, 2.0):
            self.link.connect()
            self.link.reconnect()
            self.clock.advance(pause * 0.74)
            self.assertEqual(self.link.epoch, len(self.agent.connections))
            self.clock.advance(pause * 0.26)
        self.link.proven()
        self.clock.advance(100)
        before = self.link.epoch
        self.link.reconnect()
        self.clock.advance(0.5)
        self.assertEqual(self.link.epoch, before + 1)

    def test_hurry(self) -> None:
        """
        While somebody waits for the agent pauses are short, the one that has begun too.
        """
        self.link.endpoint = endpoint = Never()
        for _ in range(10):
            self.link.reconnect()
            self.clock.advance(30)
        self.link.reconnect()
        self.link.hurry(1.0)
        for count in (11, 12, 13):
            self.clock.advance(1.0)
            self.assertEqual(len(endpoint.attempts), count)
            self.link.reconnect()
        self.link.hurry(None)
        self.clock.advance(1.0)
        self.link.reconnect()
        self.clock.advance(20)
        self.assertEqual(len(endpoint.attempts), 14)
        self.link.close()

    def test_close(self) -> None:
        """
        Closing ends everything: the connection, the attempt, the pause.
        """
        self.link.connect()
        self.link.close()
        closed = self.link.when_closed()
        self.assertNoResult(closed)
        self.agent.flush()
        self.successResultOf(closed)
        self.link.reconnect()
        self.link.close()
        self.link.endpoint = never = Never()
        self.link.connect()
        self.link.close()
        self.successResultOf(never.attempts[0])
        self.assertEqual(self.host.told, ["connected"])
        self.assertEqual(self.clock.getDelayedCalls(), [])
