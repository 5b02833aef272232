"""
Events for those who follow: numbered, the last few kept, each follower's share bounded.

A browser that lost its connection comes back with the number of the last event that it has seen,
and gets what it missed; what is not kept any more it is told to have missed.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import orjson
from attrs import frozen
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall

from txqga.mux import Event
from txqga.wire import JSON

KEPT = 1024  #: events for those who come back
UNREAD = 256 << 10  #: octets that may wait for one follower; more, and it is cut off
MOST, MOST_OF_ONE = 128, 64  #: followers at a time, of all and of one who asks
BEAT = 15.0  #: seconds between signs of life, by which a connection that broke is found out


@frozen
class Entry:
    """One event, as it is told."""

    number: int
    guest: str
    octets: bytes


def block(id: str, kind: str, data: JSON) -> bytes:
    """Write an event of ``text/event-stream``: JSON has no newlines in it."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (id.encode(), kind.encode(), orjson.dumps(data))


class Follower:
    """One connection that is told events."""

    def __init__(
        self,
        write: Callable[[bytes], Any],
        cut_off: Callable[[], Any],
        sees: Callable[[str], bool] = lambda guest: True,
        end: Callable[[], Any] | None = None,
        owner: Hashable = None,
    ) -> None:
        """
        :param write: takes octets; it may be called again while they wait to be read.
        :param cut_off: ends the connection, whatever was not read: its reader comes back, and asks
            for what it missed.
        :param sees: tells of which guests it may know.
        :param end: ends the connection when all was read; None: as ``cut_off``.
        :param owner: whose it is.
        """
        self._write = write
        self.cut_off = cut_off
        self.end = cut_off if end is None else end
        self.sees = sees
        self.owner = owner
        self._paused = False
        self._waiting: deque[bytes] = deque()
        self._octets = 0

    def tell(self, octets: bytes) -> None:
        """Send this, now or when there is room."""
        if not self._paused:
            self._write(octets)
            return
        self._waiting.append(octets)
        self._octets += len(octets)
        if self._octets > UNREAD:
            self._waiting.clear()
            self._octets = 0
            self.cut_off()

    def pause(self) -> None:
        """It does not read at present."""
        self._paused = True

    def resume(self) -> None:
        """It reads."""
        self._paused = False
        while self._waiting and not self._paused:
            octets = self._waiting.popleft()
            self._octets -= len(octets)
            self._write(octets)


class Feed:
    """
    Numbers events and tells them to all who follow.

    :param clock: for the signs of life.
    :param now: seconds since 1970, for people; order is by number.
    :param life: stands for this life of the daemon in the ids: a number alone would be taken for
        that of an event of another life.
    """

    def __init__(self, clock: IReactorTime, now: Callable[[], float], life: str) -> None:
        self._now = now
        self._life = life
        self._number = 0
        self._kept: deque[Entry] = deque(maxlen=KEPT)
        self._followers: dict[Follower, None] = {}
        self._beat = LoopingCall(self._say_here)
        self._beat.clock = clock

    def has_room(self, owner: Hashable) -> bool:
        """Whether one more of somebody's may follow."""
        theirs = sum(each.owner == owner for each in self._followers)
        return len(self._followers) < MOST and theirs < MOST_OF_ONE

    def tell(self, event: Event) -> None:
        """Tell an event of the mux."""
        self._number += 1
        data = {"guest": event.guest, "time": round(self._now(), 3), **event.data}
        octets = block(self._id(self._number), event.kind, data)
        self._kept.append(Entry(self._number, event.guest, octets))
        for follower in list(self._followers):
            if follower.sees(event.guest):
                follower.tell(octets)

    def follow(self, follower: Follower, last: str | None) -> Callable[[], None]:
        """
        Tell ``follower`` what comes from now on.

        :param last: id of the last event that it has seen; it gets what it missed, as far as that
            is kept. None: it has seen none, and wants none of the old ones.
        :return: call it when the follower has gone.
        """
        if last is not None:
            for octets in self._since(last, follower.sees):
                follower.tell(octets)
        self._followers[follower] = None
        if not self._beat.running:
            self._beat.start(BEAT, now=False)

        def leave() -> None:
            self._followers.pop(follower, None)
            if not self._followers and self._beat.running:
                self._beat.stop()

        return leave

    def close(self) -> None:
        """Let all go who follow: they come back to who serves then."""
        for follower in list(self._followers):
            follower.end()

    def _say_here(self) -> None:
        for follower in list(self._followers):
            follower.tell(b": here\n\n")

    def _since(self, last: str, sees: Callable[[str], bool]) -> Iterator[bytes]:
        life, _, number = last.partition("-")
        same = life == self._life and number.isascii() and number.isdigit()
        seen = int(number) if same and len(number) < 20 else -1
        first = self._kept[0].number if self._kept else self._number + 1
        if not 0 <= first - 1 <= seen:
            yield block(self._id(first - 1), "missed", {"reason": "it is not kept so long"})
        yield from (each.octets for each in self._kept if each.number > seen and sees(each.guest))

    def _id(self, number: int) -> str:
        return f"{self._life}-{number}"
