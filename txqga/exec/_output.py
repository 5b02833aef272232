"""
What a program says, on its way to who listens.

No more is kept than a listener has room for: when it is full, the guest is not asked, and the
program waits in its ``write``, as it would at home.
"""

from collections.abc import Callable

from twisted.internet.defer import Deferred, fail, succeed
from twisted.python.failure import Failure

#: Octets that are kept for who does not read.
ROOM = 1 << 20


class Output:
    """
    One stream of a program: octets as they come.

    ::

        async for octets in running.stdout:
            ...

    One reader at a time.
    """

    def __init__(self) -> None:
        self.on_read: Callable[[], None] | None = None  #: called when somebody begins to read
        self.on_room: Callable[[], None] | None = None  #: called when there is room again
        self.is_read = False  #: whether somebody has begun to
        self._kept = bytearray()
        self._dropped = False
        self._end: Failure | None = None
        self._ended = False
        self._waiting: Deferred[bytes] | None = None

    @property
    def room(self) -> int:
        """How many octets are taken."""
        return max(0, ROOM - len(self._kept))

    def read(self) -> Deferred[bytes]:
        """
        Wait for what comes next.

        :return: all that is there; nothing at the end. Fails as ``wait()`` of the program does when
            it cannot be followed any more.
        """
        if not self.is_read:
            self.is_read = True
            if self.on_read is not None:
                self.on_read()
        if self._waiting is not None:
            raise RuntimeError("somebody else reads this stream")
        if self._kept:
            return succeed(self._take())
        if self._end is not None:
            return fail(self._end)
        if self._ended:
            return succeed(b"")
        self._waiting = Deferred(self._given_up)
        return self._waiting

    def __aiter__(self) -> "Output":
        return self

    async def __anext__(self) -> bytes:
        data = await self.read()
        if not data:
            raise StopAsyncIteration
        return data

    def drop(self) -> None:
        """Read all that comes, and forget it."""
        self._dropped = True
        if self._kept:
            self._take()

    # -- the program's side

    def feed(self, data: bytes) -> None:
        """More has come."""
        if self._dropped or not data:
            return
        waiting = self._waiting
        if waiting is None:
            self._kept += data
        else:
            self._waiting = None
            waiting.callback(data)

    def finish(self, why: Failure | None = None) -> None:
        """
        Nothing more will come.

        :param why: it cannot be known any more.
        """
        if self._ended:
            return
        self._ended, self._end = True, why
        waiting = self._waiting
        if waiting is not None:
            self._waiting = None
            if why is None:
                waiting.callback(b"")
            else:
                waiting.errback(why)

    def _take(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        if self.on_room is not None:
            self.on_room()
        return taken

    def _given_up(self, _: Deferred[bytes]) -> None:
        self._waiting = None
