"""What an operator wants to be told, of all guests of a mux."""

from collections.abc import Callable
from functools import partial

from attrs import frozen
from twisted.application.service import Service
from twisted.internet.interfaces import IReactorTime

from txqga.monitor._monitor import Monitor, Watched
from txqga.monitor._settings import Settings
from txqga.monitor._snapshot import Reading
from txqga.monitor.alerts._boots import Boots
from txqga.monitor.alerts._disks import Disks
from txqga.monitor.alerts._frozen import Frozen
from txqga.monitor.alerts._outage import Outage
from txqga.monitor.alerts._ration import Ration
from txqga.mux import Event, Guest

#: The datum that is about filesystems.
_FILESYSTEMS = "filesystems"


@frozen(kw_only=True)
class _Kept:
    """What is known of one guest."""

    guest: Guest
    outage: Outage
    boots: Boots
    disks: Disks
    frozen: Frozen
    unsubscribe: Callable[[], None]

    def look(self) -> None:
        """Its state may have changed."""
        status = self.guest.status
        if status.state.is_ready:
            self.boots.ready()
        self.outage.look(status)

    def stop(self) -> None:
        self.unsubscribe()
        self.outage.stop()
        self.frozen.stop()


class Alerts(Service):
    """
    Tells what an operator wants to be told, as events of the mux.

    That a disk is nearly full is known of guests that a monitor asks, and so is a start of which
    QEMU does not tell.
    """

    def __init__(
        self,
        clock: IReactorTime,
        mux: Watched,
        settings: Settings = Settings(),  # noqa: B008 - it is frozen
    ) -> None:
        self._clock = clock
        self._mux = mux
        self._settings = settings
        self._kept: dict[str, _Kept] = {}
        self._deaf: Callable[[], None] = _nothing  #: ends what events are heard by
        self._blind: Callable[[], None] = _nothing  #: ends what readings are seen by

    @property
    def settings(self) -> Settings:
        """They say what is too long, and what is full."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings
        for kept in self._kept.values():
            kept.frozen.look()

    def follow(self, monitor: Monitor | None) -> None:
        """Look at what this monitor reads from now on, instead of another; None: at nothing."""
        self._blind()
        self._blind = _nothing if monitor is None else monitor.subscribe(self._read)

    def startService(self) -> None:
        """Begin with the guests that there are."""
        super().startService()  # type: ignore[no-untyped-call]
        self._deaf = self._mux.events.subscribe(self._happened)
        for name in self._mux.guests:
            self._look(name)

    def stopService(self) -> None:
        """Tell nothing any more."""
        super().stopService()  # type: ignore[no-untyped-call]
        self._deaf()
        self.follow(None)
        for name in list(self._kept):
            self._kept.pop(name).stop()

    def _happened(self, event: Event) -> None:
        match event.kind:
            case "guest-state" | "guest-added" | "guest-removed":
                self._look(event.guest)
            case "guest-freeze" if (kept := self._kept.get(event.guest)) is not None:
                kept.frozen.look()

    def _look(self, name: str) -> None:
        guest, kept = self._mux.guests.get(name), self._kept.get(name)
        if kept is not None and kept.guest is not guest:
            self._kept.pop(name).stop()
            kept = None
        if guest is None:
            return
        if kept is None:
            kept = self._kept[name] = self._keep(name, guest)
            kept.frozen.look()
        kept.look()

    def _keep(self, name: str, guest: Guest) -> _Kept:
        clock = self._clock
        tell = Ration(clock.seconds, partial(self._tell, name))
        boots = Boots(tell)

        def heard(event: str) -> None:
            if event == "RESET":
                boots.reset()

        return _Kept(
            guest=guest,
            outage=Outage(clock, tell),
            boots=boots,
            disks=Disks(lambda: self._settings.nearly_full(name), tell),
            frozen=Frozen(
                clock,
                lambda: guest.freezing.freezes.standing,
                lambda: self._settings.frozen_too_long(name),
                tell,
            ),
            unsubscribe=guest.outlook.subscribe(heard),
        )

    def _tell(self, name: str, kind: str, **data: object) -> None:
        self._mux.events.tell(kind, name, **data)

    def _read(self, guest: str, datum: str, reading: Reading) -> None:
        kept = self._kept.get(guest)
        if kept is None:
            return
        kept.boots.read(reading.samples, reading.time)
        if datum == _FILESYSTEMS:
            kept.disks.read(reading.samples)


def _nothing() -> None:
    """Do nothing."""
