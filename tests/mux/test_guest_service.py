"""One guest as a service, without sockets; the functional tests have them."""

from pathlib import Path

from twisted.application.service import IService
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.mux._session import ScriptedSession
from txqga.mux._clients import Clients
from txqga.mux._guest import Guest
from txqga.mux._guest_service import BACKLOG, GuestService
from txqga.mux._inventory import VM


class GuestServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactorClock()
        self.session = ScriptedSession(clock=self.reactor)
        self.guest = Guest(self.reactor, "db1", self.session)
        self.clients = Clients(self.reactor, self.guest)
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
