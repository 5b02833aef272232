"""
Which guests are served: made equal to those that are wanted, a few in each turn of the reactor.

A guest that is wanted as it is served is left alone: its session, and its clients. One of which
only that is wanted otherwise which can change meanwhile takes it, and keeps them. Any other is
ended and begun anew; what has the same name has the same socket, so the new one begins when the
old one has let go of it.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager

from twisted.application.service import MultiService
from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.mux._events import Events
from txqga.mux._folder import FolderError
from txqga.mux._guest_service import GuestService
from txqga.mux._options import Entry

#: Guests begun or ended in one turn of the reactor: a thousand that appear together do not keep
#: those that are served already from being answered.
AT_ONCE = 8

#: Seconds until what could not be served is tried again.
RETRY = 5.0


class Serving:
    """Which guests are served."""

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        parent: MultiService,
        make: Callable[[Entry], GuestService],
        claim: Callable[[Iterable[str]], AbstractContextManager[None]],
        events: Events,
    ) -> None:
        """
        :param parent: whose children the guests' services are.
        :param make: makes the service of one guest; raises ``ValueError`` or :class:`FolderError`
            where that cannot be.
        :param claim: makes room for the sockets of guests, and keeps others from it meanwhile.
        :param events: of a ``guest-added`` and a ``guest-removed`` is told there.
        """
        self._clock = clock
        self._parent = parent
        self._make = make
        self._claim = claim
        self._events = events
        self._wanted: dict[str, Entry] = {}
        self._served: dict[str, tuple[Entry, GuestService]] = {}
        self._leaving: set[str] = set()
        self._waiting: dict[str, list[Deferred[None]]] = {}  #: for a guest to be gone
        self._agenda: dict[str, None] = {}  #: names at which to look, in order
        self._next: IDelayedCall | None = None
        self._retry: IDelayedCall | None = None
        self.troubles: dict[str, str] = {}  #: why guests that are wanted are not served

    @property
    def served(self) -> dict[str, GuestService]:
        """The services of the guests that are served, by name."""
        return {name: service for name, (_, service) in self._served.items()}

    @property
    def count(self) -> int:
        """How many guests are served."""
        return len(self._served)

    def adopt(self, entry: Entry, service: GuestService) -> None:
        """Take note of a guest that is served from the beginning, or not at all."""
        service.setServiceParent(self._parent)  # type: ignore[no-untyped-call]
        self._wanted[entry.vm.name] = entry
        self._served[entry.vm.name] = entry, service

    def want(self, entries: Mapping[str, Entry]) -> None:
        """Serve these, and no others, soon."""
        before, self._wanted = self._wanted, dict(entries)
        names = {**before, **self._wanted}
        self._look_at(name for name in names if before.get(name) != self._wanted.get(name))

    def gone(self, name: str) -> Deferred[None]:
        """Wait until a guest is let go that is not wanted as it is served."""
        entry, _ = self._served.get(name, (None, None))
        if name not in self._leaving and entry in (None, self._wanted.get(name)):
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._waiting.setdefault(name, []).append(waiting)
        return waiting

    def stop(self) -> None:
        """Change nothing any more; the guests end with their parent."""
        self._agenda.clear()
        for call in (self._next, self._retry):
            if call is not None and call.active():
                call.cancel()

    # -- inside

    def _look_at(self, names: Iterable[str]) -> None:
        self._agenda.update(dict.fromkeys(names))
        if self._agenda and (self._next is None or not self._next.active()):
            self._next = self._clock.callLater(0, self._turn)

    def _turn(self) -> None:
        for name in list(self._agenda)[:AT_ONCE]:
            del self._agenda[name]
            self._settle(name)
        self._look_at(())

    def _settle(self, name: str) -> None:
        wanted = self._wanted.get(name)
        entry, service = self._served.get(name, (None, None))
        if wanted is None:
            self.troubles.pop(name, None)
        if service is not None and entry != wanted:
            if entry is not None and wanted is not None and entry.becomes(wanted):
                service.adopt(wanted.options)
                self._served[name] = wanted, service
            else:
                self._end(name, service)
        elif service is None and wanted is not None and name not in self._leaving:
            self._begin(wanted)

    def _begin(self, entry: Entry) -> None:
        name = entry.vm.name
        try:
            with self._claim([name]):
                service = self._make(entry)
                self._served[name] = entry, service
                service.setServiceParent(self._parent)  # type: ignore[no-untyped-call]
        except (ValueError, FolderError, CannotListenError) as why:
            _, failed = self._served.pop(name, (entry, None))
            if failed is not None:
                self._end(name, failed)
            self._cannot(name, str(why))
        else:
            self.troubles.pop(name, None)
            self._events.tell("guest-added", name, channel=entry.vm.channel)

    def _cannot(self, name: str, why: str) -> None:
        if self.troubles.get(name) != why:
            self.troubles[name] = why
            self._log.error("{guest} is not served: {reason}", guest=name, reason=why)
        if self._retry is None or not self._retry.active():
            self._retry = self._clock.callLater(RETRY, lambda: self._look_at(self.troubles))

    def _end(self, name: str, service: GuestService) -> None:
        self._served.pop(name, None)
        self._leaving.add(name)
        self._log.info("{guest} is served no more", guest=name)
        ending = maybeDeferred(service.disownServiceParent)
        ending.addErrback(self._broken, name).addCallback(self._ended, name)

    def _broken(self, failure: Failure, name: str) -> None:
        self._log.failure("{guest}: ending its service", failure, guest=name)

    def _ended(self, _: object, name: str) -> None:
        self._leaving.discard(name)
        self._events.tell("guest-removed", name)
        self._look_at([name])
        for each in self._waiting.pop(name, ()):
            each.callback(None)
