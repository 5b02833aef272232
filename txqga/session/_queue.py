"""Calls that wait for their turn: first come, first served, and not without end."""

from collections import OrderedDict

from twisted.internet.interfaces import IReactorTime

from txqga.errors import AgentUnavailable
from txqga.session._call import Call
from txqga.session._silence import SLACK
from txqga.session._watch import Watch


class Queue:
    """Calls that wait for their turn; nothing of them was written."""

    def __init__(self, clock: IReactorTime, limit: int) -> None:
        self._limit = limit
        self._calls: OrderedDict[str | int, Call] = OrderedDict()
        self._watch = Watch(clock, self._look)

    def __len__(self) -> int:
        return len(self._calls)

    def append(self, call: Call) -> None:
        """Let ``call`` wait behind the others; it fails at once if there are too many."""
        if len(self._calls) >= self._limit:
            call.fail(AgentUnavailable("busy", f"{self._limit} calls are waiting already"))
            return
        self._add(call)

    def prepend(self, call: Call) -> None:
        """Let ``call`` go before the others: it has had its turn."""
        self._add(call)
        self._calls.move_to_end(call.name, last=False)

    def _add(self, call: Call) -> None:
        self._calls[call.name] = call
        if call.cap is not None:
            self._watch.by(call.ends)

    def first(self) -> Call:
        """Name the call whose turn it is."""
        return next(iter(self._calls.values()))

    def pop(self) -> Call:
        """Take the call whose turn it is."""
        return self._calls.popitem(last=False)[1]

    def remove(self, call: Call) -> bool:
        """Take ``call`` out of the middle; say whether it was here."""
        return self._calls.pop(call.name, None) is not None

    def clear(self) -> list[Call]:
        """Take out all of them."""
        out = list(self._calls.values())
        self._calls.clear()
        self._watch.cancel()
        return out

    def _look(self, now: float) -> float | None:
        capped = [call for call in self._calls.values() if call.cap is not None]
        for call in capped:
            if call.ends <= now + SLACK and self.remove(call):
                call.fail(AgentUnavailable("busy", f"its turn did not come in {call.cap:g} s"))
        return min((call.ends for call in capped if call.name in self._calls), default=None)
