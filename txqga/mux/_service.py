"""The mux as a service, with one below it for each guest."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve
from twisted.application.service import MultiService
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.error import CannotListenError
from twisted.logger import Logger

from txqga.mux._clients import Clients
from txqga.mux._complaints import Complaints
from txqga.mux._doctor import Finding
from txqga.mux._events import Events
from txqga.mux._examination import examine
from txqga.mux._folder import LONGEST, Folder, FolderError
from txqga.mux._guest import Guest
from txqga.mux._guest_service import GuestService
from txqga.mux._inventory import VM
from txqga.mux._options import Entry, MuxOptions
from txqga.mux._roster import Roster
from txqga.mux._seats import Seats
from txqga.mux._serving import Serving
from txqga.mux.discovery._discovery import Discovery
from txqga.mux.discovery._pattern import Watch
from txqga.mux.leases._hooks import HookBook, MemoryBook
from txqga.mux.leases._journal import Journal
from txqga.mux.policy._authority import Authority
from txqga.mux.policy._rules import Policy
from txqga.qmp import Monitor
from txqga.session import Session
from txqga.transports.sockets.client import prompt_client


class Mux(MultiService):
    """
    Shares the agents of many guests among any number of clients.

    Each guest has a socket ``FOLDER/NAME.sock``, on which each connection is a private agent.
    Call :func:`txqga.monotonic` on the reactor first. A mux that was stopped stays stopped.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        vms: Iterable[VM],
        folder: Path,
        options: MuxOptions = MuxOptions(),  # noqa: B008 - it is frozen
        watches: Iterable[Watch] = (),
        journal: Journal | None = None,
        authority: Authority | None = None,
    ) -> None:
        """
        :param authority: says who may call what; by default root and our own user may everything.
        :param journal: where leases of frozen guests are written down; None: nowhere, and they end
            with the process.
        :param watches: where sockets of further guests may appear, while this runs.
        :param reactor: provides ``IReactorTime``, ``IReactorUNIX``, and what the channels need.
        :raise ValueError: two guests have the same name or channel, or a channel is no endpoint.
        :raise FolderError: the path of a socket would be too long.
        """
        super().__init__()  # type: ignore[no-untyped-call]
        self.events = Events()  #: what happens to the guests
        self._reactor = reactor
        self._folder = Folder(folder, options.sockets.folder_mode)
        self._options = options
        self._journal = journal
        #: for which groups of guests the hook was run
        self.hooks: HookBook = MemoryBook() if journal is None else journal
        self.authority = authority or Authority(
            reactor, Policy.default(os.geteuid()), options.guest.schema
        )
        self._roster = Roster()
        self._roster.configure(vms)
        self._serving = Serving(reactor, self, self._make, self._folder.claim, self.events)
        self.seats = Seats(lambda: self._serving.count)  #: of the clients of all guests
        for vm in self._roster.configured:
            entry = Entry(vm, options)
            self._serving.adopt(entry, self._make(entry))
        self._discovery = Discovery(reactor, self._found)
        self._discovery.watch(watches)
        self._conflicts = Complaints(self._left_alone)
        self._faults = Complaints(self._left_alone)

    @property
    def guests(self) -> dict[str, Guest]:
        """The guests that are served now, by name."""
        return {name: service.guest for name, service in self._serving.served.items()}

    def startService(self) -> None:
        """
        Make the sockets, and connect to all agents.

        :raise FolderError: a socket cannot be served, or somebody else serves it; or somebody else
            keeps the journal.
        """
        if self._journal is None:
            self._log.warn(
                "no state folder: guests that are frozen when this process is killed stay frozen"
            )
        else:
            self._journal.open()
        try:
            with self._folder.claim(self._serving.served):
                super().startService()  # type: ignore[no-untyped-call]
            self._discovery.start()
        except FolderError:
            if self._journal is not None:
                self._journal.abandon()
            raise
        except CannotListenError as why:
            self.stopService()
            raise FolderError(str(why)) from why

    def stopService(self) -> Deferred[None]:
        """Thaw what is frozen, let everybody go, and remove the sockets."""
        self._discovery.stop()
        self._serving.stop()
        return Deferred.fromCoroutine(self._end(super().stopService()))  # type: ignore[no-untyped-call]

    def add(self, vm: VM) -> None:
        """
        Serve one more guest.

        :raise ValueError: there is one of that name or at that channel, or the channel is no
            endpoint.
        :raise FolderError: the path of its socket would be too long.
        """
        self._check(vm)
        self._roster.add(vm)
        self._apply()

    def remove(self, name: str) -> Deferred[None]:
        """
        Serve a guest no more that was added.

        :return: fires when its clients have gone, and its socket.
        :raise KeyError: no guest of that name was added.
        """
        self._roster.remove(name)
        self._apply()
        return self._serving.gone(name)

    def configure(
        self, vms: Iterable[VM], options: MuxOptions, watches: Iterable[Watch] = ()
    ) -> None:
        """
        Serve these guests, and those found there, in this way; and those that were added. What
        stays as it was keeps its session and its clients; to whom handles belong, deadlines and
        terms of freezes change under them.

        :raise ValueError: as when the mux was made; then nothing has changed.
        :raise FolderError: likewise.
        """
        vms = list(vms)
        known = set(self._roster.configured)
        for vm in vms:
            if vm not in known:
                self._check(vm)
        self._roster.configure(vms)
        self._options = options
        self._discovery.watch(watches)
        self._apply()

    async def examine(self, name: str) -> list[Finding]:
        """
        Say what keeps a guest from answering, what matters most first; never empty.

        :raise KeyError: there is no guest of that name.
        """
        service = self._serving.served[name]
        return await examine(self._reactor, service.guest, service.vm)

    # -- inside

    async def _end(self, stopped: Deferred[None] | None) -> None:
        if stopped is not None:
            await stopped
        if self._journal is not None:
            await self._journal.close()

    def _found(self, found: Mapping[str, VM], faults: Mapping[str, str]) -> None:
        self._roster.find(found)
        self._faults.update(faults)
        self._apply()

    def _left_alone(self, path: str, why: str) -> None:
        self._log.warn("{path} is left alone: {reason}", path=path, reason=why)

    def _apply(self) -> None:
        wanted, conflicts = self._roster.wanted()
        self._conflicts.update(conflicts)
        self._serving.want({name: Entry(vm, self._options) for name, vm in wanted.items()})

    def _check(self, vm: VM) -> None:
        self._folder.socket(vm.name)
        for each in (vm.channel, vm.qmp):
            if each is not None:
                self._endpoint(vm.name, each)

    def _endpoint(self, name: str, description: str) -> Any:
        try:
            endpoint = clientFromString(self._reactor, description)
        except Exception as why:  # a parser may stumble over whatever it is told to read
            raise ValueError(f"{name}: {description!r} is no client endpoint: {why}") from why
        if len(os.fsencode(_path(endpoint))) > LONGEST:
            raise ValueError(
                f"{name}: {_path(endpoint)} is too long: the path of a UNIX socket has {LONGEST} "
                "octets at most"
            )
        return endpoint

    def _make(self, entry: Entry) -> GuestService:
        vm, options = entry.vm, entry.options
        path = self._folder.socket(vm.name)
        chosen = evolve(options.session, verbatim=True)
        channel = self._endpoint(vm.name, vm.channel)
        session = Session(self._reactor, prompt_client(channel), name=vm.name, options=chosen)
        authority = self.authority
        guest = Guest(
            self._reactor,
            vm.name,
            session,
            options.guest,
            self.events,
            self._journal,
            authority,
        )
        clients = Clients(
            self._reactor,
            guest,
            by_user=options.by_user,
            seats=self.seats,
            refuses=lambda peer: authority.refuses(peer, vm.name),
        )
        monitor = None
        if vm.qmp is not None:
            monitor = Monitor(
                self._reactor,
                self._endpoint(vm.name, vm.qmp),
                _path(channel),
                guest.outlook.told,
                guest.outlook.happened,
                name=vm.name,
            )
        return GuestService(self._reactor, vm, guest, clients, path, monitor, options.sockets)


def _path(endpoint: object) -> str:
    """The path of the UNIX socket that an endpoint connects to; empty where it is another kind."""
    return str(getattr(endpoint, "_path", ""))
