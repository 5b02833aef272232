"""One guest as a service, without sockets; the functional tests have them."""

import os
from pathlib import Path
from typing import Any

from twisted.application.service import IService
from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.mux._session import ScriptedSession
from tests.mux._transport import ClientTransport
from txqga.mux._callers import Peer
from txqga.mux._clients import Clients
from txqga.mux._guest import Guest
from txqga.mux._guest_service import BACKLOG, DRAIN, GOODBYE, GuestService
from txqga.mux._inventory import VM
from txqga.mux._options import Sockets


class GuestServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactorClock()
        self.session = ScriptedSession(clock=self.reactor)
        self.guest = Guest(self.reactor, "db1", self.session)
        self.clients = Clients(
            self.reactor,
            self.guest,
            identify=lambda transport: Peer(pid=1, uid=0, gid=0),
            has_hung_up=lambda transport: False,
        )
        path = Path("/nowhere/db1.sock")
        self.service = GuestService(
            self.reactor, VM("db1", "unix:/run/db1"), self.guest, self.clients, path
        )

    def test_interface(self) -> None:
        """
        It is a service, with the guest's name.
        """
        verifyObject(IService, self.service)
        self.assertEqual(self.service.name, "db1")
        self.assertIs(self.service.guest, self.guest)

    def test_start_and_stop(self) -> None:
        """
        While it runs, there are a socket for us alone and a session; both end with it.
        """
        self.service.startService()
        ((path, factory, backlog, mode, _),) = self.reactor.unixServers
        self.assertEqual((path, backlog, mode), ("/nowhere/db1.sock", BACKLOG, 0o600))
        self.assertIs(factory, self.clients)
        self.assertTrue(self.session.started)
        stopping = self.service.stopService()
        self.reactor.advance(0)
        self.successResultOf(stopping)
        self.assertTrue(self.session.stopped)

    def test_monitor(self) -> None:
        """
        QEMU's monitor is heard as long as the guest is served.
        """
        told: list[str] = []

        class Told:
            start = staticmethod(lambda: told.append("start"))
            stop = staticmethod(lambda: told.append("stop"))

        vm, path = VM("db1", "unix:/run/db1"), Path("/nowhere/db1.sock")
        monitor: Any = Told()
        service = GuestService(self.reactor, vm, self.guest, self.clients, path, monitor)
        service.startService()
        service.stopService()
        self.assertEqual(told, ["start", "stop"])

    def test_last_words(self) -> None:
        """
        When it stops, the command that runs is waited for, up to a limit; whoever waits is told
        what became of it, or that nobody knows, and then the connection ends.
        """
        self.service.startService()
        self.session.ready()
        self.reactor.advance(0)
        while self.session.calls:  # the mux's own question whether it is frozen
            self.session.answer("thawed")
            self.reactor.advance(0)
        client, transport = self.clients.buildProtocol(None), ClientTransport()
        client.makeConnection(transport)  # type: ignore[no-untyped-call]
        client.dataReceived(b'{"execute":"guest-get-time"}')
        stopping = self.service.stopService()
        self.reactor.advance(DRAIN - 0.1)
        self.assertEqual(transport.said(), b"")
        self.reactor.pump([0.1, GOODBYE])
        self.assertIn(b"outcome unknown", transport.said())
        self.assertTrue(transport.disconnecting)
        self.assertNoResult(stopping)
        client.connectionLost()
        self.reactor.pump([0.0, GOODBYE])
        self.successResultOf(stopping)
        self.assertTrue(self.session.stopped)

    def start(self, path: Path, sockets: Sockets) -> int:
        """Start one like that; the mode that its socket gets."""
        vm = VM("db1", "unix:/run/db1")
        service = GuestService(self.reactor, vm, self.guest, self.clients, path, None, sockets)
        service.startService()
        mode: int = self.reactor.unixServers[0][3]
        return mode

    def test_others(self) -> None:
        """
        The socket may be for others too, and be given to a group of theirs.
        """
        path = Path(self.mktemp())
        path.touch()
        group = os.getegid()
        self.assertEqual(self.start(path, Sockets(mode=0o660, group=group)), 0o660)
        self.assertEqual(path.stat().st_gid, group)

    def test_no_group(self) -> None:
        """
        That it could not be given to the group is told; it is served all the same.
        """
        with capturedLogs() as seen:
            self.start(Path("/nowhere/db1.sock"), Sockets(mode=0o660, group=5))
        (event,) = (each for each in seen if "group" in each)
        self.assertEqual((event["group"], event["guest"]), (5, "db1"))
        self.assertTrue(self.session.started)
