"""
What is written to a file of the guest.

The next piece is read here while the guest writes the last one. A piece that the guest has taken
only in part makes the rest of it and all after it be written once more, in its place.
"""

from collections import deque
from collections.abc import Callable

from attrs import define, field
from twisted.internet.defer import Deferred

from txqga.errors import Misfit
from txqga.files._aside import Aside
from txqga.files._base64 import encode
from txqga.files._chunk import Chunk
from txqga.files._guest_file import GuestFile
from txqga.files._progress import Meter
from txqga.wire import JSON

#: Commands that are asked at a time.
DEPTH = 2


@define(kw_only=True)
class Writing:
    """
    What is written to a file of the guest.

    :param give: returns the next octets beside the reactor, at most as many as asked for; nothing
        at the end.
    :param offset: where the file of the guest is now.
    """

    file: GuestFile
    aside: Aside
    chunk: Chunk
    meter: Meter
    give: Callable[[int], bytes]
    offset: int = 0
    _under_way: deque[tuple[bytes, Deferred[JSON]]] = field(factory=deque, init=False)
    _rest: deque[bytes] = field(factory=deque, init=False)  #: what is to be written once more

    async def run(self) -> int:
        """
        Write all of it.

        :return: how many octets it was of.
        :raise CommandFailed: the guest cannot.
        """
        began = self.offset
        self.chunk.begin()
        try:
            while await self._more():
                data, coming = self._under_way.popleft()
                await self._taken(data, await coming)
        finally:
            for _, coming in self._under_way:
                coming.addErrback(lambda _: None)  # nobody waits for it
                coming.cancel()
            self._under_way.clear()
        return self.offset - began

    async def _more(self) -> bool:
        while len(self._under_way) < DEPTH:
            data, text = await self.aside.run(self._next)
            if not data:
                break
            self._under_way.append((data, self.file.write(text)))
        return bool(self._under_way)

    def _next(self) -> tuple[bytes, str]:
        data = self._rest.popleft() if self._rest else self.give(self.chunk.octets)
        return data, encode(data)

    async def _taken(self, data: bytes, reply: JSON) -> None:
        count = reply.get("count") if isinstance(reply, dict) else None
        if not isinstance(count, int) or not 0 <= count <= len(data):
            raise Misfit("GuestFileWrite.count", f"{count} of {len(data)} octets were taken")
        self.offset += count
        if count < len(data):
            if not count:
                raise Misfit("GuestFileWrite.count", "nothing was taken")
            await self._again(data[count:])
        self.chunk.came(count)
        pause = self.meter.came(count)
        if pause is not None:
            await pause
            self.chunk.begin()

    async def _again(self, rest: bytes) -> None:
        later = [rest]
        while self._under_way:
            data, coming = self._under_way.popleft()
            later.append(data)
            await coming
        self._rest.extendleft(reversed(later))
        await self.file.seek(self.offset)
