"""What is said on one connection, sorted: answers to calls, words for the sync machine."""

from typing import Protocol

from twisted.python.failure import Failure

from txqga.errors import MalformedJSON
from txqga.session._call import Reply
from txqga.session._calls import Alarm, Calls
from txqga.session._link import Host
from txqga.session._reasons import connection_lost
from txqga.wire import ABSENT, JSON, parse_reply

#: no agent sends two of them without a reply in between
SENTINELS = 100


class Words(Host, Alarm, Protocol):
    """What the sync machine is told."""

    def marked(self, reply: Reply) -> None:
        """A reply that followed 0xFF and has no id: an answer to a sync."""

    def echoed(self) -> None:
        """The reply to the probe, with its id."""

    def unlabelled(self, reply: Reply) -> None:
        """A reply without id."""

    def stray(self, kind: str, what: str) -> None:
        """A line that answers nothing."""


class Conversation:
    """What is said on one connection, sorted."""

    def __init__(self, calls: Calls, words: Words, probe: str) -> None:
        """:param probe: the id of the question whether ids come back."""
        self._calls = calls
        self._words = words
        self._probe: str | None = probe
        self._marked = False
        self._sentinels = 0  # in a row

    def message(self, value: JSON) -> None:
        """Sort one line. A reply with the id of a call answers it, whatever else is going on."""
        marked, self._marked = self._marked, False
        if marked:
            self._sentinels = 0
        try:
            reply = parse_reply(value)
        except MalformedJSON as why:
            self._words.stray("not a reply", why.desc)
            return
        name = reply.id
        if isinstance(name, str) and self._calls.answer(name, reply):
            return
        if name is ABSENT:
            if marked:
                self._words.marked(reply)
            else:
                self._words.unlabelled(reply)
        elif name == self._probe:
            self._probe = None
            self._calls.fence.probed(reply)
            self._words.echoed()
        else:
            self._words.stray("unknown id", "a reply to a call that was not made here")

    def malformed(self, desc: str) -> None:
        """Sort a line that is no JSON."""
        self._marked = False
        self._sentinels = 0
        self._words.stray("malformed", desc)

    def sentinel(self) -> None:
        """Note that the next line follows 0xFF."""
        self._marked = True
        self._sentinels += 1
        if self._sentinels > SENTINELS:
            self._words.flooded(f"0xFF came {self._sentinels} times, and nothing in between")

    def rest(self) -> None:
        """Write what may be written after all that was said."""
        self._calls.pump()

    def overflow(self, desc: str) -> None:
        """Give up."""
        self._calls.counters.protocol_errors["too long"] += 1
        self._words.flooded(desc)

    def lost(self, reason: Failure) -> None:
        """Say that nothing more can be said."""
        self._words.lost(connection_lost(reason))
