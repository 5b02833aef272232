"""What the control interface knows of a mux."""

import time
from collections.abc import Mapping
from secrets import token_hex
from typing import Any, Protocol

from twisted.internet.interfaces import IReactorTime

from txqga.control._feed import Feed
from txqga.mux import Events, Guest
from txqga.wire import JSON


class Served(Protocol):
    """As much of :class:`txqga.mux.Mux` as is needed here."""

    events: Events
    running: Any  #: a service's: true from start to stop

    @property
    def guests(self) -> Mapping[str, Guest]:
        """All guests, by name."""


class House:
    """The guests of a mux, and what happens to them."""

    def __init__(self, clock: IReactorTime, mux: Served) -> None:
        self._clock = clock
        self._mux = mux
        self.feed = Feed(clock, time.time, token_hex(4))
        self._unsubscribe = mux.events.subscribe(self.feed.tell)

    @property
    def guests(self) -> Mapping[str, Guest]:
        """All guests, by name."""
        return self._mux.guests

    @property
    def is_ready(self) -> bool:
        """Whether guests are served."""
        return bool(self._mux.running)

    def describe(self, guest: Guest) -> JSON:
        """Say how a guest's agent is, as the interface does."""
        status = guest.status
        return {
            "name": guest.name,
            "state": status.state.value,
            "reason": status.reason,
            "seconds": round(max(0.0, self._clock.seconds() - status.since), 3),
        }

    def close(self) -> None:
        """Follow nothing any more, and let all go who follow."""
        self._unsubscribe()
        self.feed.close()
