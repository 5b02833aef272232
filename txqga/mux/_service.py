"""The mux as services: one for each guest, under one that keeps the folder of their sockets."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import field, frozen
from twisted.application.service import MultiService, Service
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort
from twisted.logger import Logger

from txqga.mux._clients import Clients
from txqga.mux._events import Events
from txqga.mux._folder import Folder, FolderError
from txqga.mux._guest import Guest, GuestOptions
from txqga.mux._inventory import VM, inventory
from txqga.session import Session, SessionOptions

#: Connections that wait to be accepted; the kernel's own bound is ``net.core.somaxconn``.
BACKLOG = 128


class GuestService(Service):
    """Serves one guest at its socket, while it runs."""

    _log = Logger()

    def __init__(self, reactor: Any, vm: VM, guest: Guest, clients: Clients, path: Path) -> None:
        """
        :param reactor: provides ``IReactorUNIX``.
        :param path: of the socket; there must be room for it.
        """
        self.setName(vm.name)  # type: ignore[no-untyped-call]
        self._reactor = reactor
        self._vm = vm
        self._guest = guest
        self._clients = clients
        self._path = path
        self._port: IListeningPort | None = None
        self._made: tuple[int, int] | None = None

    def startService(self) -> None:
        """Listen, and connect to the agent."""
        super().startService()  # type: ignore[no-untyped-call]
        self._port = self._reactor.listenUNIX(
            str(self._path), self._clients, backlog=BACKLOG, mode=0o600
        )
        self._made = self._identity()
        self._log.info(
            "{guest}: the agent at {channel} is served at {path}",
            guest=self._vm.name,
            channel=self._vm.channel,
            path=str(self._path),
        )
        self._guest.start()

    def stopService(self) -> Deferred[None]:
        """Let everybody go, and remove the socket."""
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            if self._identity() == self._made:
                await maybeDeferred(port.stopListening)
            else:
                # the file has gone, or is another's by now: Twisted would remove it all the same
                port.stopReading()  # type: ignore[attr-defined]
        await self._clients.drop_all()
        await self._guest.stop()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


@frozen(kw_only=True)
class MuxOptions:
    """What can be chosen about a mux; the defaults are those of the daemon."""

    by_user: bool = False  #: handles belong to the user who connects, not to the connection
    guest: GuestOptions = field(factory=GuestOptions)
    session: SessionOptions = field(factory=SessionOptions)


class Mux(MultiService):
    """
    Shares the agents of many guests among any number of clients.

    Each guest has a socket ``FOLDER/NAME.sock``, on which each connection is a private agent.
    Call :func:`txqga.monotonic` on the reactor first. A mux that was stopped stays stopped.
    """

    def __init__(
        self,
        reactor: Any,
        vms: Iterable[VM],
        folder: Path,
        options: MuxOptions = MuxOptions(),
    ) -> None:
        """
        :param reactor: provides ``IReactorTime``, ``IReactorUNIX``, and what the channels need.
        :raise ValueError: two guests have the same name or channel, or a channel is no endpoint.
        :raise FolderError: the path of a socket would be too long.
        """
        super().__init__()  # type: ignore[no-untyped-call]
        self.events = Events()  #: what happens to the guests
        self.guests: dict[str, Guest] = {}  #: by name
        self._folder = Folder(folder)
        found = inventory(vms)
        self._names = list(found)
        for vm in found.values():
            self._add(reactor, vm, options)

    def startService(self) -> None:
        """
        Make the sockets, and connect to all agents.

        :raise FolderError: a socket cannot be served, or somebody else serves it.
        """
        try:
            with self._folder.claim(self._names):
                super().startService()  # type: ignore[no-untyped-call]
        except CannotListenError as why:
            self.stopService()  # type: ignore[no-untyped-call]
            raise FolderError(str(why)) from why

    def _add(self, reactor: Any, vm: VM, options: MuxOptions) -> None:
        path = self._folder.socket(vm.name)
        try:
            endpoint = clientFromString(reactor, vm.channel)
        except (ValueError, TypeError) as why:
            raise ValueError(f"{vm.name}: {vm.channel!r} is no client endpoint: {why}") from why
        session = Session(reactor, endpoint, name=vm.name, options=options.session)
        guest = Guest(reactor, vm.name, session, options.guest, self.events)
        self.guests[vm.name] = guest
        clients = Clients(reactor, guest, by_user=options.by_user)
        GuestService(reactor, vm, guest, clients, path).setServiceParent(self)  # type: ignore[no-untyped-call]
