"""One guest as a service: its socket, its clients, its agent."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from twisted.application.service import Service
from twisted.internet import defer
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.interfaces import IListeningPort
from twisted.logger import Logger

from txqga.mux._clients import Clients
from txqga.mux._guest import Guest
from txqga.mux._inventory import VM
from txqga.mux._options import MuxOptions, Sockets
from txqga.qmp import Monitor
from txqga.transports.sockets import prompt

#: Connections that wait to be accepted; the kernel's own bound is ``net.core.somaxconn``.
BACKLOG = 128

#: Seconds that the command which runs is waited for when the guest is served no more, and that
#: clients then have to read what they are told. ``TimeoutStopSec`` of the unit is longer.
DRAIN, GOODBYE = 10.0, 2.0


class GuestService(Service):
    """Serves one guest at its socket, while it runs."""

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        vm: VM,
        guest: Guest,
        clients: Clients,
        path: Path,
        monitor: Monitor | None = None,
        sockets: Sockets = Sockets(),  # noqa: B008 - it is frozen
    ) -> None:
        """
        :param reactor: provides ``IReactorUNIX``.
        :param path: of the socket; there must be room for it.
        :param monitor: says what QEMU says of the machine.
        """
        self.setName(vm.name)  # type: ignore[no-untyped-call]
        self.guest = guest
        self._reactor = reactor
        self.vm = vm
        self._clients = clients
        self._path = path
        self._monitor = monitor
        self._sockets = sockets
        self._port: IListeningPort | None = None
        self._made: tuple[int, int] | None = None

    def adopt(self, options: MuxOptions) -> None:
        """Take what can change while it is served; see :meth:`txqga.mux._options.Entry.becomes`."""
        self.guest.calls.caps = options.guest.caps
        self.guest.freezing.terms = options.guest.terms
        self._clients.by_user = options.by_user

    def startService(self) -> None:
        """Listen, and connect to the agent."""
        super().startService()  # type: ignore[no-untyped-call]
        self._port = prompt(
            self._reactor.listenUNIX(
                str(self._path), self._clients, backlog=BACKLOG, mode=self._sockets.mode
            )
        )
        if self._sockets.group is not None:
            self._give(self._sockets.group)
        self._made = self._identity()
        self._log.info(
            "{guest}: the agent at {channel} is served at {path}",
            guest=self.vm.name,
            channel=self.vm.channel,
            path=str(self._path),
        )
        self.guest.start()
        if self._monitor is not None:
            self._monitor.start()

    def stopService(self) -> Deferred[None]:
        """Let everybody go, and remove the socket."""
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        if self._monitor is not None:
            self._monitor.stop()
        port, self._port = self._port, None
        if port is not None:
            if self._identity() == self._made:
                await maybeDeferred(port.stopListening)
            else:
                # the file has gone, or is another's by now: Twisted would remove it all the same
                port.stopReading()  # type: ignore[attr-defined]
        await self.guest.drain(DRAIN)
        self._clients.finish()
        await self._clients_gone()
        await self.guest.stop()
        # by now nobody can wait for an answer: the last ones were told that there is none
        await self._clients_gone()
        await self._clients.drop_all()

    async def _clients_gone(self) -> None:
        with suppress(defer.TimeoutError):
            await self._clients.gone().addTimeout(GOODBYE, self._reactor)

    def _give(self, group: int) -> None:
        try:
            os.chown(self._path, -1, group)
        except OSError as why:
            self._log.error(
                "{guest}: {path} cannot be given to group {group}: {reason}",
                guest=self.vm.name,
                path=str(self._path),
                group=group,
                reason=why.strerror,
            )

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
