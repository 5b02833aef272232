"""The clients of one guest."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IHalfCloseableProtocol, ITransport
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.mux._any_order import AnyOrder, AnyOrderByUser
from tests.mux._guest_case import GuestCase, RealCase
from tests.mux._transport import ClientTransport
from txqga.mux import _clients
from txqga.mux._callers import Caller, Peer
from txqga.mux._clients import Client, Clients
from txqga.mux._seats import Seats, needed
from txqga.testing import SILENCE
from txqga.wire import JSON

ENOUGH = settings(max_examples=60, stateful_step_count=40, deadline=None)
PING = b'{"execute":"guest-ping"}'


class ClientsTests(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.uid = 0
        self.clients = self.make()

    def make(self, *, by_user: bool = False) -> Clients:
        return Clients(
            self.clock,
            self.guest,
            by_user=by_user,
            identify=self.identify,
            has_hung_up=lambda transport: False,
        )

    def identify(self, transport: ITransport) -> Peer:
        return Peer(pid=77, uid=self.uid, gid=5)

    def connect(self, clients: Clients | None = None) -> tuple[Client, ClientTransport]:
        client = (clients or self.clients).buildProtocol(None)
        transport = ClientTransport()
        client.makeConnection(transport)  # type: ignore[no-untyped-call]
        return client, transport

    def test_interface(self) -> None:
        """
        Twisted tells a client that only says no more from one that has gone.
        """
        verifyObject(IHalfCloseableProtocol, self.connect()[0])

    def test_served(self) -> None:
        """
        Clients work at the same time, and each gets its own answers.
        """
        (ann, to_ann), (bob, to_bob) = self.connect(), self.connect()
        ann.dataReceived(b'{"execute":"guest-get-time","id":1}')
        bob.dataReceived(b'{"execute":"guest-get-timezone","id":1}')
        self.answer(5)
        self.answer(6)
        self.assertEqual(to_ann.said(), b'{"return": 5, "id": 1}\n')
        self.assertEqual(to_bob.said(), b'{"return": 6, "id": 1}\n')
        self.assertEqual(self.clients.count, 2)

    def test_refused(self) -> None:
        """
        Another user is told who is served, and nothing it says is heard.
        """
        self.uid = 33
        with capturedLogs() as seen:
            client, transport = self.connect()
        self.assertIn(b"permission denied: this socket serves root", transport.said())
        self.assertTrue(transport.disconnecting)
        self.assertEqual([(event["pid"], event["uid"]) for event in seen], [(77, 33)])
        client.dataReceived(PING)
        client.readConnectionLost()
        client.connectionLost()
        self.assertEqual((self.session.asked, self.clients.count), ([], 0))

    def test_refused_by_others(self) -> None:
        """
        Who is let in can be decided elsewhere; each command is asked for in their name.
        """
        refuses: list[str | None] = [None, "no"]
        clients = Clients(
            self.clock,
            self.guest,
            refuses=lambda peer: refuses.pop(0),
            identify=self.identify,
            has_hung_up=lambda transport: False,
        )
        self.uid = 33
        asked: list[object] = []

        def ask(caller: Caller, *given: object, **named: object) -> Deferred[JSON]:
            asked.append(caller.who)
            return succeed(5)

        self.patch(self.guest, "ask", ask)
        client, _ = self.connect(clients)
        client.dataReceived(PING)
        self.assertEqual(asked, [Peer(pid=77, uid=33, gid=5)])
        self.assertIn(b'"no"', self.connect(clients)[1].said())

    def test_too_many(self) -> None:
        """
        There is a bound to the clients of a guest, and who comes too late is told.
        """
        self.patch(_clients, "MOST", 1)
        first, _ = self.connect()
        _, transport = self.connect()
        self.assertIn(b"1 clients are connected to this socket already", transport.said())
        first.connectionLost()
        self.assertEqual(self.connect()[1].said(), b"")

    def test_too_many_of_all(self) -> None:
        """
        There is a bound to the clients of all guests together: the guests need descriptors too.
        """
        seats = Seats(lambda: 2, needed(2, 2))
        db1, db2 = (
            Clients(
                self.clock,
                self.guest,
                seats=seats,
                identify=self.identify,
                has_hung_up=lambda transport: False,
            )
            for _ in range(2)
        )
        first, _ = self.connect(db1)
        self.connect(db1)
        with capturedLogs() as seen:
            late, transport = self.connect(db2)
        self.assertIn(b"2 clients are connected to the guests' sockets", transport.said())
        self.assertEqual([event["guest"] for event in seen], ["db1"])
        for client in (late, first):
            client.connectionLost()
        self.assertEqual(self.connect(db2)[1].said(), b"")

    def test_says_no_more(self) -> None:
        """
        A client that ends its writing side gets its answer.
        """
        client, transport = self.connect()
        client.dataReceived(PING)
        client.readConnectionLost()
        client.writeConnectionLost()
        self.answer()
        self.assertEqual(transport.said(), b'{"return": {}}\n')
        self.assertTrue(transport.disconnecting)
        client.connectionLost()

    def open(self, client: Client) -> None:
        client.dataReceived(b'{"execute":"guest-file-open","arguments":{"path":"/x"}}')
        self.answer(1000)

    def test_handles_of_a_connection(self) -> None:
        """
        A file is the connection's, and goes with it.
        """
        client, _ = self.connect()
        self.open(client)
        client.connectionLost()
        self.assertEqual(self.session.calls[0].command, "guest-file-close")

    def test_handles_of_a_user(self) -> None:
        """
        A file is the user's, if so chosen, and can be read through another connection.
        """
        clients = self.make(by_user=True)
        client, _ = self.connect(clients)
        self.open(client)
        client.connectionLost()
        self.assertEqual(self.session.calls, [])
        client, transport = self.connect(clients)
        client.dataReceived(b'{"execute":"guest-file-read","arguments":{"handle":1000}}')
        self.answer({"count": 0})
        self.assertEqual(transport.said(), b'{"return": {"count": 0}}\n')

    def test_finish(self) -> None:
        """
        Clients that are let go end when they were answered; it is known when all have gone.
        """
        self.successResultOf(self.clients.gone())
        (ann, to_ann), (bob, to_bob) = self.connect(), self.connect()
        bob.dataReceived(b'{"execute":"guest-get-time"}')
        gone, impatient = self.clients.gone(), self.clients.gone()
        self.clients.finish()
        self.assertTrue(to_ann.disconnecting)
        self.assertFalse(to_bob.disconnecting)
        self.answer(5)
        self.assertTrue(to_bob.disconnecting)
        impatient.cancel()
        self.failureResultOf(impatient)
        ann.connectionLost()
        self.assertNoResult(gone)
        bob.connectionLost()
        self.successResultOf(gone)

    def test_drop_all(self) -> None:
        """
        A mux that stops ends all connections, and knows when they are gone.
        """
        self.successResultOf(self.clients.drop_all())
        (ann, to_ann), (bob, to_bob) = self.connect(), self.connect()
        gone = self.clients.drop_all()
        self.assertTrue(to_ann.aborted and to_bob.aborted)
        ann.connectionLost()
        self.assertNoResult(gone)
        bob.connectionLost()
        self.successResultOf(gone)


class ShutdownTests(RealCase):
    """A scripted agent behind a real session: no real one is ever asked to shut down."""

    def setUp(self) -> None:
        super().setUp()
        self.agent.answer("guest-shutdown", SILENCE)
        self.guest.start()
        self.pass_time()
        clients = Clients(
            self.clock,
            self.guest,
            identify=lambda transport: Peer(pid=77, uid=0, gid=5),
            has_hung_up=lambda transport: False,
        )
        self.client, self.transport = clients.buildProtocol(None), ClientTransport()
        self.client.makeConnection(self.transport)  # type: ignore[no-untyped-call]
        # as Proxmox does it
        self.client.dataReceived(
            b'{"execute":"guest-sync-delimited","arguments":{"id":5}}\n'
            b'{"execute":"guest-shutdown","arguments":{"mode":"powerdown"}}\n'
        )
        self.pass_time()
        self.assertEqual(self.transport.said(), b'\xff{"return": 5}\n')
        self.assertFalse(self.transport.disconnecting)

    def test_goes_down(self) -> None:
        """
        Who shuts a guest down gets the end of the connection when the guest is down.
        """
        self.agent.unreachable = ConnectError()
        self.agent.hang_up()
        self.pass_time()
        self.assertEqual((self.transport.said(), self.transport.disconnecting), (b"", True))

    def test_reboots(self) -> None:
        """
        Where nobody notices that the guest is down, so it is after a minute.
        """
        self.pass_time(59)
        self.assertFalse(self.transport.disconnecting)
        self.pass_time(2)
        self.assertEqual((self.transport.said(), self.transport.disconnecting), (b"", True))
        self.pass_time(10)
        self.assertEqual(self.agent.executed.count("guest-shutdown"), 1)


class AnyOrderTests(SynchronousTestCase):
    def test_connections(self) -> None:
        """
        Whatever happens in whatever order, each answer goes to who asked, and nothing that a
        client made is left in the agent when it has gone.
        """
        run_state_machine_as_test(AnyOrder, settings=ENOUGH)

    def test_users(self) -> None:
        """
        So it is where handles belong to users.
        """
        run_state_machine_as_test(AnyOrderByUser, settings=ENOUGH)
