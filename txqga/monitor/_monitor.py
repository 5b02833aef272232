"""All guests of a mux, each asked in rounds of its own."""

import time
from collections.abc import Callable, Mapping
from random import Random, SystemRandom
from typing import Protocol

from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from txqga.monitor._rounds import Rounds, Taken
from txqga.monitor._settings import Settings
from txqga.monitor._snapshot import Reading, Snapshot
from txqga.mux import Caller, Event, Events, Guest
from txqga.session import State
from txqga.wire import JSON


class Watched(Protocol):
    """As much of :class:`txqga.mux.Mux` as is needed here."""

    events: Events

    @property
    def guests(self) -> Mapping[str, Guest]:
        """All guests, by name."""


class Polled:
    """A guest, asked behind everybody else."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._caller = Caller("the monitor", polls=True)

    def poll(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        """Ask; see :class:`txqga.monitor._rounds.Asked`."""
        return self._guest.ask(self._caller, command, arguments)

    @property
    def can_be_asked(self) -> bool:
        """Whether the agent answers, and nothing is frozen."""
        state = self._guest.status.state
        return state.is_ready and state is not State.FROZEN

    def leave(self) -> None:
        """Let go of what is open."""
        self._guest.leave(self._caller)


class Monitor(Service):
    """
    Asks all guests of a mux how they are, and keeps what they said last.

    Its clock is the mux's; readings are dated by the host's.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        mux: Watched,
        settings: Settings = Settings(),  # noqa: B008 - it is frozen
        wall: Callable[[], float] = time.time,
        random: Random | None = None,
    ) -> None:
        """
        :param settings: what is asked of which guest, and how often.
        :param wall: tells the time since the epoch, in seconds.
        """
        self._clock = clock
        self._mux = mux
        self.settings = settings  #: what is asked of which guest, and how often
        self._wall = wall
        self._random = SystemRandom() if random is None else random
        self._watched: dict[str, tuple[Guest, Polled, Rounds]] = {}
        self._ready: set[str] = set()
        self._unsubscribe: Callable[[], None] | None = None
        self._listeners: list[Taken] = []

    def subscribe(self, listener: Taken) -> Callable[[], None]:
        """Tell ``listener`` each reading, until the function returned is called."""

        def entry(guest: str, datum: str, reading: Reading) -> None:
            listener(guest, datum, reading)

        self._listeners.append(entry)
        return lambda: self._listeners.remove(entry)

    def _taken(self, guest: str, datum: str, reading: Reading) -> None:
        for each in list(self._listeners):
            try:
                each(guest, datum, reading)
            except Exception:
                self._log.failure("{guest}: a listener failed at {datum}", guest=guest, datum=datum)

    @property
    def snapshots(self) -> dict[str, Snapshot]:
        """What is known of each guest, by its name."""
        return {name: rounds.snapshot for name, (_, _, rounds) in self._watched.items()}

    def change(self, settings: Settings) -> None:
        """Ask what these say, from now on; guests about which nothing changes are undisturbed."""
        self.settings = settings
        for name, (_, _, rounds) in self._watched.items():
            rounds.change(settings.data_of(name))

    def labels_of(self, guest: str) -> Mapping[str, str]:
        """Give what the operator says of a guest."""
        return self.settings.labels_of(guest)

    def startService(self) -> None:
        """Begin with the guests that there are."""
        super().startService()  # type: ignore[no-untyped-call]
        self._unsubscribe = self._mux.events.subscribe(self._happened)
        for name in self._mux.guests:
            self._look(name)

    def stopService(self) -> None:
        """Ask nobody any more."""
        super().stopService()  # type: ignore[no-untyped-call]
        if self._unsubscribe is not None:
            self._unsubscribe()
        for name in list(self._watched):
            self._forget(name)

    def _happened(self, event: Event) -> None:
        if event.kind in ("guest-state", "guest-added", "guest-removed"):
            self._look(event.guest)

    def _look(self, name: str) -> None:
        """Begin or end what a guest's state asks for."""
        guest = self._mux.guests.get(name)
        known = self._watched.get(name)
        if known is not None and known[0] is not guest:
            self._forget(name)
            known = None
        if guest is None:
            return
        if known is None:
            polled = Polled(guest)
            rounds = Rounds(
                self._clock,
                self._wall,
                name,
                polled,
                self.settings.data_of(name),
                self._random,
                taken=self._taken,
            )
            known = self._watched[name] = guest, polled, rounds
        rounds = known[2]
        if not guest.status.state.is_ready:
            self._ready.discard(name)
            rounds.end()
        elif name not in self._ready:
            self._ready.add(name)
            rounds.begin()

    def _forget(self, name: str) -> None:
        """It is served no more: neither are its figures."""
        _, polled, rounds = self._watched.pop(name)
        self._ready.discard(name)
        rounds.end()
        polled.leave()
