"""What the control interface knows of a mux."""

import time
from collections.abc import Callable, Mapping
from secrets import token_hex
from types import MappingProxyType
from typing import Any, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

from txqga.control._feed import Feed
from txqga.control._problem import Problem
from txqga.control._standing import described, written
from txqga.control._told import Told, Untold
from txqga.mux import (
    VM,
    Authority,
    Bearer,
    Event,
    Events,
    Finding,
    FolderError,
    Guest,
    HookBook,
    Peer,
    Taken,
)
from txqga.session import Status
from txqga.wire import JSON


class Served(Protocol):
    """As much of :class:`txqga.mux.Mux` as is needed here."""

    events: Events
    authority: Authority
    running: Any  #: a service's: true from start to stop
    hooks: HookBook

    @property
    def guests(self) -> Mapping[str, Guest]:
        """All guests, by name."""

    def add(self, vm: VM) -> None:
        """Serve one more."""

    def remove(self, name: str) -> Deferred[None]:
        """Serve one no more that was added."""

    async def examine(self, name: str) -> list[Finding]:
        """Say what keeps a guest from answering."""


class House:
    """The guests of a mux, and what happens to them."""

    def __init__(
        self,
        clock: IReactorTime,
        mux: Served,
        now: Callable[[], float] = time.time,
        told: Told | None = None,
    ) -> None:
        """
        :param now: seconds since 1970, for people.
        :param told: knows the figures of guests; None: nobody asks for them.
        """
        self.told: Told = Untold() if told is None else told
        self._clock = clock
        self._mux = mux
        self._now = now
        self._added: dict[str, VM] = {}
        self.feed = Feed(clock, now, token_hex(4))
        self._unsubscribe = mux.events.subscribe(self.feed.tell)

    @property
    def guests(self) -> Mapping[str, Guest]:
        """All guests, by name."""
        return self._mux.guests

    @property
    def hooks(self) -> HookBook:
        """For which groups the hook was run."""
        return self._mux.hooks

    def turn(self) -> Deferred[None]:
        """Let others have their turn; fires when that is over."""
        return deferLater(self._clock, 0)

    @property
    def is_ready(self) -> bool:
        """Whether guests are served."""
        return bool(self._mux.running)

    def check(
        self,
        who: Peer | Bearer,
        guest: str,
        command: str,
        arguments: Mapping[str, JSON] = MappingProxyType({}),
        *,
        ahead: bool = False,
    ) -> None:
        """
        Ask the policy of the mux whether something may be done.

        :param ahead: it will be asked again when it is done.
        :raise CommandFailed: it may not.
        """
        self._mux.authority.check(who, guest, command, arguments, ahead=ahead)

    def rights(self, who: Peer | Bearer) -> dict[str, JSON]:
        """Say what somebody may do, as the interface does."""
        authority = self._mux.authority
        return {
            "adds": authority.may_add(who),
            "may": [
                {"guests": each.guests, "commands": each.commands}
                for each in authority.rights(who, self.guests)
            ],
        }

    def subscribe(self, listener: Callable[[Event], object]) -> Callable[[], None]:
        """Tell ``listener`` what happens, until the function returned is called."""
        return self._mux.events.subscribe(listener)

    def date(self, seconds: float) -> str:
        """Write a moment of the reactor's clock as a date."""
        return written(self._now() - self._clock.seconds() + seconds)

    def refuses(self, who: Peer | Bearer) -> str | None:
        """Say why somebody may not ask at all; None if they may."""
        return self._mux.authority.refuses(who, None)

    def sees(self, who: Peer | Bearer, name: str) -> bool:
        """Tell whether somebody may know of a guest."""
        return self._mux.authority.sees(who, name)

    def seen(self, who: Peer | Bearer) -> list[Guest]:
        """List the guests of which somebody may know."""
        return [guest for name, guest in self.guests.items() if self.sees(who, name)]

    def guest(self, who: Peer | Bearer, name: str, command: str = "") -> Guest:
        """
        Find a guest.

        :param command: what is asked of it, for the audit; empty: how it is.
        :raise Problem: there is none of that name, or ``who`` may not know of it.
        """
        found = self.guests.get(name)
        if found is None or not self._mux.authority.sees(who, name, command):
            raise no_such_guest(name)
        return found

    def describe(self, guest: Guest) -> JSON:
        """Say how a guest's agent is, as the interface does."""
        status = guest.status
        return {
            "name": guest.name,
            "state": status.state.value,
            "reason": status.reason,
            "seconds": round(self.lasts(status), 3),
            "freeze": self.freeze(guest),
        }

    def freeze(self, guest: Guest) -> dict[str, JSON]:
        """Say how a guest's freeze stands, as the interface does."""
        return described(guest.freezing.freezes.standing, self._clock.seconds(), self.date)

    @property
    def now(self) -> float:
        """The time on the reactor's clock."""
        return self._clock.seconds()

    def lasts(self, status: Status) -> float:
        """Say for how long it has been so, in seconds."""
        return max(0.0, self._clock.seconds() - status.since)

    async def examine(self, name: str) -> JSON:
        """
        Say what keeps a guest from answering, as the interface does.

        :raise KeyError: there is none of that name.
        """
        return [
            {
                "code": each.code,
                "words": each.words,
                "advice": each.advice,
                **({} if each.seconds is None else {"seconds": round(each.seconds, 3)}),
            }
            for each in await self._mux.examine(name)
        ]

    def add(self, vm: VM) -> bool:
        """
        Serve one more guest.

        :return: whether it was not served in this way already.
        :raise Problem: it cannot be, or another is in its place.
        """
        if self._added.get(vm.name) == vm:
            return False
        try:
            self._mux.add(vm)
        except Taken as why:
            raise Problem("guest-exists", str(why)) from None
        except (ValueError, FolderError) as why:
            raise Problem("invalid-arguments", str(why)) from None
        self._added[vm.name] = vm
        return True

    def remove(self, name: str) -> Deferred[None]:
        """
        Serve a guest no more that was added.

        :return: fires when it is gone.
        :raise Problem: none of that name was added here.
        """
        if self._added.pop(name, None) is None:
            if name in self.guests:
                why = f"{name[:64]} is in the configuration, or was found: it stays"
                raise Problem("guest-is-configured", why)
            raise no_such_guest(name)
        return self._mux.remove(name)

    def close(self) -> None:
        """Follow nothing any more, and let all go who follow."""
        self._unsubscribe()
        self.feed.close()


def no_such_guest(name: str) -> Problem:
    """Say that there is none of that name."""
    return Problem("no-such-guest", f"there is no guest called {name[:64]!r}")
