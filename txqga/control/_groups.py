"""
The groups that are frozen over HTTP.

Whoever has frozen one is given a name of it that nobody can guess. One that has ended is remembered
for a while, so that its client learns how it did.
"""

from collections.abc import Callable
from contextlib import suppress
from secrets import token_hex
from typing import Any

from twisted.internet import defer
from twisted.internet.defer import DeferredList
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.control._group import ENDED, GroupFreeze, State, described_by
from txqga.control._house import House
from txqga.control._noted_hook import NotedHook
from txqga.control._problem import Problem, failures_of
from txqga.control._wanted import GroupHold
from txqga.errors import CommandFailed, GroupFailed
from txqga.fsfreeze import Hook, Stage
from txqga.mux import Bearer, Caller, Event, Guest, Peer
from txqga.wire import JSON

FREEZE, FREEZE_LIST = "guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list"
RENEW, THAW = "txqga-freeze-lease", "guest-fsfreeze-thaw"

#: Groups at a time, of all and of one who asks: more than most hosts have guests, of which each may
#: be a group of its own.
MOST, MOST_OF_ONE = 2048, 1024

#: Groups that have ended and are remembered, and for how many seconds.
REMEMBERED, KEPT = 1024, 600.0

#: Seconds that they may take to be thawed when this ends; then their leases end them.
PATIENCE = 30.0


class Groups:
    """
    The groups that are frozen over HTTP.

    :param reactor: tells the time, and starts the hook.
    :param hook: a program that is run before each group is frozen, and after.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        house: House,
        hook: Hook | None = None,
        make_id: Callable[[], str] = lambda: token_hex(16),
    ) -> None:
        self._reactor = reactor
        self._house = house
        self.hook = hook  #: of the groups that are begun from now on
        self._make_id = make_id
        self._groups: dict[str, GroupFreeze] = {}
        self._began = reactor.seconds()
        self._unsubscribe = house.subscribe(self._happened)

    def start(self) -> None:
        """Run the hook with ``thaw`` for groups that the last mux had begun, and that are none."""
        book = self._house.hooks
        for group in set(book.hooked) - book.groups:
            names = " ".join(book.hooked[group])
            hook = self._noted(group)
            if hook is None:
                self._log.warn("the hook that was run for {names} is not known now", names=names)
                continue
            self._log.info("a freeze was cut short: the hook thaws {names}", names=names)
            hook.run(self._reactor, "thaw", ()).addErrback(self._broken)

    def begin(self, caller: Caller, who: Peer | Bearer, wanted: GroupHold) -> GroupFreeze:
        """
        Freeze a group, if ``who`` may freeze each of its guests.

        :raise Problem: nothing was asked of any guest.
        """
        guests = {name: self._house.guest(who, name, FREEZE) for name in wanted.names}
        for name, guest in guests.items():
            guest.freezing.terms.of(wanted.seconds)
            mountpoints = wanted.mountpoints.get(name)
            if mountpoints is None:
                self._check(who, name, FREEZE, {})
            else:
                self._check(who, name, FREEZE_LIST, {"mountpoints": [*mountpoints]})
        self._check_thawed(guests)
        self._forget()
        self._check_room(caller)
        name = self._make_id()
        group = GroupFreeze(self._reactor, name, caller, guests, wanted, self._noted(name))
        self._groups[name] = group
        group.start()
        return group

    def find(self, who: Peer | Bearer, id: str) -> GroupFreeze:
        """
        Find a group.

        :raise Problem: there is none, or ``who`` may not know of all its guests.
        """
        self._forget()
        self._resume(id)
        found = self._groups.get(id)
        if found is None or not self._sees(who, found):
            raise Problem("no-such-freeze", "there is no such freeze, or it ended some time ago")
        return found

    def held(self, who: Peer | Bearer) -> list[GroupFreeze]:
        """List those of which somebody may know that have not ended."""
        for guest in self._house.guests.values():
            self._look_at(guest)
        return [
            each
            for each in self._groups.values()
            if each.state not in ENDED and self._sees(who, each)
        ]

    async def renew(
        self, caller: Caller, who: Peer | Bearer, group: GroupFreeze, seconds: float | None
    ) -> None:
        """
        Begin the leases of all its guests anew, if ``who`` may renew each.

        :param seconds: for how long; None: for as long as the first time.
        :raise Problem: they were not renewed, or not all of them.
        """
        if not group.holds:
            raise group.problem() or Problem("not-frozen", f"the group is {group.state.value}")
        guests = {name: self._house.guest(who, name, RENEW) for name in group.names}
        seconds = group.seconds if seconds is None else seconds
        arguments: dict[str, JSON] = {} if seconds is None else {"seconds": seconds}
        for name, guest in guests.items():
            guest.freezing.terms.of(seconds)
            self._check(who, name, RENEW, arguments)
        asked = [guest.ask(caller, RENEW, arguments) for guest in guests.values()]
        done: list[tuple[bool, Any]] = await DeferredList(asked, consumeErrors=True)
        failures = {
            name: result.value
            for name, (succeeded, result) in zip(guests, done, strict=True)
            if not succeeded
        }
        if failures:
            why = GroupFailed(failures)
            raise Problem("not-renewed", str(why), {"guests": failures_of(why)})

    async def thaw(self, caller: Caller, who: Peer | Bearer, group: GroupFreeze) -> None:
        """
        Thaw a group, if ``who`` may thaw each of its guests.

        :raise Problem: they may not, or it had not held still until then.
        """
        for name in group.names:  # one of them may be served no more: then it has not held
            self._check(who, name, THAW, {})
        await group.thaw(caller)
        problem = group.problem()
        if problem is not None and group.state is not State.FAILED:  # nothing is frozen any more
            raise problem

    def described(self, group: GroupFreeze) -> JSON:
        """Say how a group is, as the interface does."""
        return group.described(self._house.date)

    async def close(self) -> None:
        """Thaw all of them, if that can be done in time."""
        self._unsubscribe()
        mux = Caller("the mux")
        left = [each.thaw(mux) for each in self._groups.values() if each.state not in ENDED]
        with suppress(defer.TimeoutError):
            await DeferredList(left, consumeErrors=True).addTimeout(PATIENCE, self._reactor)

    # -- inside

    def _noted(self, id: str) -> NotedHook | None:
        return None if self.hook is None else NotedHook(self.hook, self._house.hooks, id)

    def _broken(self, failure: Failure) -> None:
        self._log.error("{why}", why=failure.getErrorMessage())

    def _check(self, who: Peer | Bearer, guest: str, command: str, arguments: JSON) -> None:
        try:
            self._house.check(who, guest, command, arguments, ahead=True)
        except CommandFailed as why:
            raise Problem("forbidden", f"{guest}: {why.desc}", {"class": why.wire_class}) from None

    def _check_thawed(self, guests: dict[str, Guest]) -> None:
        """None is to be frozen in vain, for want of another that somebody has frozen."""
        failures: dict[str, Exception] = {}
        for name, guest in guests.items():
            why = guest.freezing.freezes.refusal(FREEZE)
            if why is not None:
                failures[name] = why
        if failures:
            why_not = GroupFailed(failures)
            raise Problem("not-all-frozen", str(why_not), {"guests": failures_of(why_not)})

    def _check_room(self, caller: Caller) -> None:
        held = [each for each in self._groups.values() if each.state not in ENDED]
        theirs = sum(each.person == caller.person for each in held)
        why = f"{MOST} groups are frozen" if len(held) >= MOST else None
        if theirs >= MOST_OF_ONE:
            why = f"{MOST_OF_ONE} groups of yours are frozen: thaw one first"
        if why is not None:
            raise Problem("busy", why, headers={"Retry-After": "10"})

    def _sees(self, who: Peer | Bearer, group: GroupFreeze) -> bool:
        return all(self._house.sees(who, name) for name in group.names)

    def _happened(self, event: Event) -> None:
        if event.kind == "guest-freeze":
            for group in self._groups.values():
                if event.guest in group.names:
                    # later, for a listener is called in the middle of things
                    self._reactor.callLater(0, group.look)
            guest = self._house.guests.get(event.guest)
            if guest is not None and self._group_of(guest) is not None:
                self._reactor.callLater(0, self._look_at, guest)

    def _look_at(self, guest: Guest) -> None:
        """Take up the group that a guest was frozen with, before the mux was killed."""
        part = self._group_of(guest)
        if part is not None:
            self._resume(part[0])

    def _resume(self, id: str) -> None:
        """
        Take up a group that is written down, or take those into it that have come since.

        Guests that are found in folders come after this began, a few at a time.
        """
        known = self._groups.get(id)
        if known is not None and not (known.is_resumed and known.state is State.FROZEN):
            return
        found = {
            name: (guest, part[1])
            for name, guest in self._house.guests.items()
            if (part := self._group_of(guest)) is not None and part[0] == id
        }
        if not found or (known is not None and found.keys() <= set(known.names)):
            return
        guests = {name: guest for name, (guest, _) in found.items()}
        stages = {each.freezing.freezes.standing.stage for each in guests.values()}
        if known is None and stages == {Stage.LAPSED} and id not in self._house.hooks.hooked:
            return  # it had ended, and its hook was run, when the last mux did
        ranks = sorted({rank for _, rank in found.values()})
        leases = [each.freezing.freezes.standing.lease for each in guests.values()]
        wanted = GroupHold(
            seconds=max(lease.seconds for lease in leases),
            ranks=[[name for name, (_, at) in found.items() if at == rank] for rank in ranks],
            mountpoints={},
        )
        name, size = described_by(leases[0].owner)
        group = GroupFreeze(self._reactor, id, Caller(name), guests, wanted, self._noted(id))
        self._groups[id] = group
        group.resume(size)

    def _group_of(self, guest: Guest) -> tuple[str, int] | None:
        """Tell with which group a guest was frozen before this began, if it is not thawed."""
        standing = guest.freezing.freezes.standing
        if standing.stage is Stage.THAWED or standing.lease.since >= self._began:
            return None
        return standing.lease.group

    def _forget(self) -> None:
        ended = [each for each in self._groups.values() if each.state in ENDED]
        ended.sort(key=lambda each: each.since)
        late = self._reactor.seconds() - KEPT
        for number, group in enumerate(ended):
            if group.since < late or len(ended) - number > REMEMBERED:
                del self._groups[group.id]
