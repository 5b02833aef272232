"""
The calls that were written and not answered.

The agent is one thread that answers in order, but its words may be late, lost, or another's; so a
reply finds its call by its id. A call that nobody waits for any more, cancelled or overdue, keeps
its place, and nothing is written past it, until it was answered or a sync proves that it never
will be. When the connection is lost a reply may still come on the next one: behind virtio-serial
there is one stream of replies, whoever is connected.
"""

from collections.abc import Callable

from attrs import define, field
from twisted.internet.interfaces import IReactorTime

from txqga.session._call import Call, Reply
from txqga.session._counters import Counters
from txqga.session._silence import SLACK, Ear
from txqga.session._watch import Watch


@define(kw_only=True)
class Flight:
    """The calls that were written and not answered."""

    clock: IReactorTime
    ear: Ear
    counters: Counters
    window: int  #: calls that share the flight
    overdue: Callable[[str], None] = field(init=False)  #: told why, when nothing has time left

    _written: dict[str | int, Call] = field(factory=dict, init=False)
    _abandoned: set[str | int] = field(factory=set, init=False)  #: in flight, and nobody waits
    _alone: bool = field(default=False, init=False)  #: what is in flight shares with nobody
    _late: dict[str | int, Call] = field(factory=dict, init=False)  #: of earlier connections
    _watch: Watch = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._watch = Watch(self.clock, self._look)

    @property
    def oldest(self) -> Call | None:
        """The call that has been in flight for longest."""
        return next(iter(self._written.values()), None)

    @property
    def is_live(self) -> bool:
        """Whether something in flight has time left."""
        heard, now = self.ear.heard, self.clock.seconds() + SLACK
        return any(call.due(heard) > now for call in self._written.values())

    @property
    def longest_late(self) -> int:
        """Octets of the longest line that an earlier connection may have left; 0: none is due."""
        return max((call.longest for call in self._late.values()), default=0)

    def has_room(self, call: Call) -> bool:
        """Say whether ``call`` may be written now."""
        if not self._written:
            return True
        return (
            call.shared
            and not self._alone
            and not self._abandoned
            and len(self._written) < self.window
        )

    def enter(self, call: Call, now: float) -> None:
        """Note that ``call`` is written."""
        if not self._written:
            self._alone = not call.shared
        call.written = now
        self._written[call.name] = call
        self._watch.by(call.due(now))

    def answer(self, name: str | int, reply: Reply) -> bool:
        """Give ``reply`` to the call of that id; say whether there is one."""
        call = self._written.pop(name, None)
        if call is None:
            call = self._late.pop(name, None)
            if call is None:
                return False
            self.counters.late_replies += 1
        elif name in self._abandoned:
            self._abandoned.discard(name)
            self.counters.late_replies += 1
        if call.observe is not None:
            call.observe(call, reply)
        call.answer(reply)
        if self._abandoned:
            # those that are overdue had been left to others, whose time was not over
            for each in self._written.values():
                self._watch.by(each.due(self.ear.heard))
        return True

    def abandon(self, call: Call) -> None:
        """Note that nobody waits for ``call`` any more; it keeps its place."""
        self._abandoned.add(call.name)

    def take(self) -> list[Call]:
        """Take out everything in flight: none of it has a place any more."""
        written = list(self._written.values())
        self._written.clear()
        self._abandoned.clear()
        self._watch.cancel()
        return written

    def lost(self, why: str, *, named: bool) -> None:
        """
        The connection is gone, and what was in flight may have run.

        :param named: a late reply could still be recognised.
        """
        written = self.take()
        if named:
            self._late.update((call.name, call) for call in written)
        for call in written:
            call.give_up(f"the connection ended before the reply came: {why}")
            if not named:
                call.conclude()

    def forget(self) -> None:
        """No reply to a call of an earlier connection can come any more."""
        late = list(self._late.values())
        self._late.clear()
        for call in late:
            call.conclude()

    def _look(self, now: float) -> float | None:
        heard = self.ear.heard
        due = [call for call in self._written.values() if call.due(heard) <= now + SLACK]
        late = [call for call in due if not call.overdue]
        for call in late:
            call.overdue = True
            self._abandoned.add(call.name)
            self.counters.timeouts[call.kind] += 1
        if due and len(due) == len(self._written):
            # told before the calls fail: whoever makes another one then learns how things are; but
            # not which command it was, for that may have been another's
            self.overdue("a command got no reply in time")
        for call in late:
            silence = now - max(heard, call.written)
            call.give_up(f"no reply after {now - call.written:.3g} s, {silence:.3g} s of it silent")
        dues = (call.due(self.ear.heard) for call in self._written.values())
        return min((when for when in dues if when > now + SLACK), default=None)
