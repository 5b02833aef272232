"""The mux as services, without sockets; the functional tests have them."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.application.service import IService
from twisted.internet.error import CannotListenError
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.mux.discovery.test_tree import make_socket
from txqga.mux._events import Event
from txqga.mux._folder import FolderError
from txqga.mux._guest_service import GuestService
from txqga.mux._inventory import VM
from txqga.mux._options import MuxOptions, Sockets
from txqga.mux._service import Mux
from txqga.mux.discovery._pattern import Watch


class MuxTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name) / "qga"
        self.reactor = MemoryReactorClock()
        self.vms = [VM("db1", "unix:/run/qga/db1.sock"), VM("web1", "unix:/run/qga/web1.sock")]

    def make(self) -> Mux:
        return Mux(self.reactor, self.vms, self.folder)

    def test_interface(self) -> None:
        """
        The mux is a service, of one service for each guest.
        """
        mux = self.make()
        verifyObject(IService, mux)
        self.assertIsInstance(mux.getServiceNamed("web1"), GuestService)  # type: ignore[no-untyped-call]

    def test_start(self) -> None:
        """
        Each guest gets a socket for us alone, without a lock file; each agent is connected to.
        """
        with capturedLogs() as seen:
            self.make().startService()
        made = [(args[0], args[3], args[4]) for args in self.reactor.unixServers]
        self.assertEqual(
            made,
            [
                (str(self.folder / "db1.sock"), 0o600, False),
                (str(self.folder / "web1.sock"), 0o600, False),
            ],
        )
        self.assertEqual(
            [args[0] for args in self.reactor.unixClients],
            ["/run/qga/db1.sock", "/run/qga/web1.sock"],
        )
        served = [(each["guest"], each["path"]) for each in seen if "path" in each]
        self.assertEqual(served[0], ("db1", str(self.folder / "db1.sock")))

    def test_events(self) -> None:
        """
        Guests are found by name, and what happens to one is told.
        """
        mux = self.make()
        self.assertEqual(list(mux.guests), ["db1", "web1"])
        heard: list[Event] = []
        mux.events.subscribe(heard.append)
        mux.startService()
        states = [(each.guest, each.data["state"]) for each in heard]
        self.assertEqual(states, [("db1", "connecting"), ("web1", "connecting")])

    def test_nothing_before_start(self) -> None:
        """
        Until it starts, the mux touches nothing.
        """
        self.make()
        self.assertFalse(self.folder.exists())
        self.assertEqual(self.reactor.unixClients, [])

    def test_wrong(self) -> None:
        """
        What cannot work is refused before anything starts.
        """
        self.vms = [VM("db1", "carrier-pigeon:home")]
        error = self.assertRaises(ValueError, self.make)
        self.assertIn("db1: 'carrier-pigeon:home' is no client endpoint", str(error))
        self.vms = [VM("db1", "unix:/a"), VM("db1", "unix:/b")]
        self.assertRaises(ValueError, self.make)
        self.vms, self.folder = [VM("db1", "unix:/a")], Path("/tmp") / ("x" * 100)
        self.assertRaises(FolderError, self.make)

    def test_cannot_start(self) -> None:
        """
        Where there is no room for a socket, none is made.
        """
        self.folder.mkdir()
        (self.folder / "web1.sock").touch()
        self.assertRaises(FolderError, self.make().startService)
        self.assertEqual(self.reactor.unixServers, [])

    def test_cannot_listen(self) -> None:
        """
        Where the system does not let us make a socket, the reason is told, and nothing is left
        running.
        """
        why = CannotListenError(None, "web1.sock", OSError("denied"))
        listen: Callable[..., Any] = self.reactor.listenUNIX

        def deny(address: str, *args: Any, **more: Any) -> Any:
            if address.endswith("web1.sock"):
                raise why
            return listen(address, *args, **more)

        self.patch(self.reactor, "listenUNIX", deny)
        mux = self.make()
        error = self.assertRaises(FolderError, mux.startService)
        self.assertIn("denied", str(error))
        self.assertFalse(any(service.running for service in mux))

    def test_long_channel(self) -> None:
        """
        The path of an agent's socket that is too long for one is refused before anything starts.
        """
        self.vms = [VM("db1", f"unix:/run/{'x' * 103}")]
        self.assertIn("107 octets", str(self.assertRaises(ValueError, self.make)))

    def test_monitor(self) -> None:
        """
        The monitor of a guest is connected to, and what it says of the machine is heeded.
        """
        self.vms = [VM("db1", "unix:/run/qga/db1.sock", qmp="unix:/run/qmp/db1.sock")]
        mux = self.make()
        mux.startService()
        paths = [args[0] for args in self.reactor.unixClients]
        self.assertEqual(paths, ["/run/qga/db1.sock", "/run/qmp/db1.sock"])
        qmp = self.reactor.unixClients[1][1].buildProtocol(None)
        wire = StringTransport()
        qmp.makeConnection(wire)
        qmp.dataReceived(b'{"QMP": {}}\n{"return": {}, "id": 0}\n')
        qmp.dataReceived(b'{"return": {"status": "running"}, "id": 1}\n')
        chardev = b'{"filename": "unix:/run/qga/db1.sock,server=on", "frontend-open": false}'
        qmp.dataReceived(b'{"return": [' + chardev + b'], "id": 2}\n')
        self.assertIn("no agent has the port open", mux.guests["db1"].status.reason)
        mux.stopService()
        self.assertTrue(wire.disconnecting)

    def test_wrong_monitor(self) -> None:
        """
        A monitor that is no endpoint is refused before anything starts.
        """
        self.vms = [VM("db1", "unix:/a", qmp="carrier-pigeon:home")]
        self.assertIn("carrier-pigeon", str(self.assertRaises(ValueError, self.make)))


class ChangingTests(SynchronousTestCase):
    """A mux whose guests come and go while it runs."""

    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name) / "qga"
        self.reactor = MemoryReactorClock()
        self.vms = [VM("db1", "unix:/run/qga/db1.sock"), VM("web1", "unix:/run/qga/web1.sock")]
        self.found = Path(home.name) / "found"
        self.found.mkdir()
        self.watch = Watch.parse(f"{self.found}/{{id}}-{{name}}")
        self.mux = Mux(self.reactor, self.vms, self.folder, watches=[self.watch])
        self.mux.startService()
        self.addCleanup(self.mux.stopService)
        self.settle()

    def settle(self) -> None:
        """Let the reactor read what the kernel says, and do what follows."""
        for reader in self.reactor.getReaders():
            reader.doRead()
        self.reactor.pump([0.1] * 5)

    def served(self) -> list[str]:
        """The names of the sockets that were ever made."""
        return [Path(args[0]).name for args in self.reactor.unixServers]

    def test_add_and_remove(self) -> None:
        """
        A guest can be added while the mux runs, and removed again.
        """
        self.mux.add(VM("mail1", "unix:/run/qga/mail1.sock"))
        self.settle()
        self.assertEqual(self.served(), ["db1.sock", "web1.sock", "mail1.sock"])
        self.assertEqual(list(self.mux.guests), ["db1", "web1", "mail1"])
        gone = self.mux.remove("mail1")
        self.settle()
        self.successResultOf(gone)
        self.assertEqual(list(self.mux.guests), ["db1", "web1"])

    def test_removed_and_configured(self) -> None:
        """
        A guest that was added, and configured since, stays when it is removed.
        """
        mail = VM("mail1", "unix:/run/qga/mail1.sock")
        self.mux.add(mail)
        self.settle()
        before = self.mux.guests["mail1"]
        self.mux.configure([*self.vms, mail], MuxOptions())
        self.settle()
        self.successResultOf(self.mux.remove("mail1"))
        self.settle()
        self.assertIs(self.mux.guests["mail1"], before)

    def test_wrong_addition(self) -> None:
        """
        What cannot be added is refused at once, and nothing has changed.
        """
        for vm in (
            VM("db1", "unix:/run/other"),
            VM("other", "unix:/run/qga/db1.sock"),
            VM("other", "carrier-pigeon:home"),
            VM("other", "ssl:host:1:caCertsDir=/is/not/there"),
        ):
            self.assertRaises(ValueError, self.mux.add, vm)
        self.assertRaises(KeyError, self.mux.remove, "db1")
        self.settle()
        self.assertEqual(list(self.mux.guests), ["db1", "web1"])

    def test_configure(self) -> None:
        """
        What is configured as it was keeps its session; the rest changes.
        """
        before = dict(self.mux.guests)
        self.mux.add(VM("mail1", "unix:/run/qga/mail1.sock"))
        self.settle()
        after = [self.vms[0], VM("web1", "unix:/elsewhere"), VM("new1", "unix:/run/new1")]
        self.mux.configure(after, MuxOptions())
        self.settle()
        self.assertEqual(set(self.mux.guests), {"db1", "web1", "new1", "mail1"})
        self.assertIs(self.mux.guests["db1"], before["db1"])
        self.assertIsNot(self.mux.guests["web1"], before["web1"])

    def test_wrong_configuration(self) -> None:
        """
        A configuration that is wrong anywhere changes nothing.
        """
        before = dict(self.mux.guests)
        for wrong in (VM("x", "carrier-pigeon:home"), VM("web1", "unix:/run/2")):
            self.assertRaises(
                ValueError, self.mux.configure, [VM("web1", "unix:/run/1"), wrong], MuxOptions()
            )
        self.settle()
        self.assertEqual(self.mux.guests, before)

    def test_other_options(self) -> None:
        """
        Where the way of serving changes, guests take it, or begin anew where they cannot.
        """
        before = dict(self.mux.guests)
        self.mux.configure(self.vms, MuxOptions(by_user=True))
        self.settle()
        self.assertEqual(self.mux.guests, before)
        self.mux.configure(self.vms, MuxOptions(sockets=Sockets(mode=0o660)))
        self.settle()
        self.assertIsNot(self.mux.guests["db1"], before["db1"])

    def test_found(self) -> None:
        """
        A guest whose socket appears where one was expected is served, until it vanishes.
        """
        make_socket(self.found / "1-mail1")
        self.settle()
        self.assertEqual(set(self.mux.guests), {"db1", "web1", "mail1"})
        (self.found / "1-mail1").unlink()
        self.settle()
        self.assertEqual(set(self.mux.guests), {"db1", "web1"})

    def test_found_again(self) -> None:
        """
        A guest that was started again has another socket, and a new session.
        """
        make_socket(self.found / "1-mail1")
        self.settle()
        before = self.mux.guests["mail1"]
        (self.found / "1-mail1").unlink()
        make_socket(self.found / "2-mail1")
        self.settle()
        self.assertIsNot(self.mux.guests["mail1"], before)
        self.assertEqual(self.reactor.unixClients[-1][0], str(self.found / "2-mail1"))

    def test_names_cut(self) -> None:
        """
        Two domains whose names libvirt has cut to the same 20 characters: one is served, and of
        the other it is said once that it is not, until the first has gone.
        """
        name = "production-database-1"[:20]
        with capturedLogs() as seen:
            make_socket(self.found / f"1-{name}")
            self.settle()
            make_socket(self.found / f"2-{name}")
            self.settle()
            make_socket(self.found / "3-other")
            self.settle()
        said = [each for each in seen if each.get("path", "").endswith(f"2-{name}")]
        self.assertEqual(len(said), 1)
        self.assertIn("a name is one guest's", said[0]["reason"])
        before = self.mux.guests[name]
        (self.found / f"1-{name}").unlink()
        self.settle()
        self.assertIsNot(self.mux.guests[name], before)

    def test_found_and_configured(self) -> None:
        """
        A configured guest is served as it was configured, whatever appears under its name.
        """
        before = self.mux.guests["db1"]
        make_socket(self.found / "1-db1")
        self.settle()
        self.assertIs(self.mux.guests["db1"], before)
        self.assertEqual(set(self.mux.guests), {"db1", "web1"})

    def test_improper_name(self) -> None:
        """
        A socket that gives no proper name is left alone, and it is said.
        """
        with capturedLogs() as seen:
            make_socket(self.found / "1-..")
            make_socket(self.found / "1-<b>")
            self.settle()
        self.assertEqual(set(self.mux.guests), {"db1", "web1"})
        said = [each["path"] for each in seen if "cannot be a guest's" in each.get("reason", "")]
        self.assertEqual(sorted(said), [f"{self.found}/1-..", f"{self.found}/1-<b>"])

    def test_other_watches(self) -> None:
        """
        Where other places are looked at, guests of the old ones go, and those of both are kept.
        """
        make_socket(self.found / "1-mail1")
        make_socket(self.found / "2-mail2")
        self.settle()
        before = self.mux.guests
        more = Watch.parse(f"{self.found}/1-{{name}}")
        self.mux.configure(self.vms, MuxOptions(), [more])
        self.settle()
        self.assertEqual(set(self.mux.guests), {"db1", "web1", "mail1"})
        self.assertIs(self.mux.guests["mail1"], before["mail1"])
