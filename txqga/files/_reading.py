"""
A file of the guest on its way here.

The next piece is asked for before the last one is written here, so that the guest need not wait.
"""

from collections import deque
from collections.abc import Callable

from attrs import define, field
from twisted.internet.defer import Deferred

from txqga.errors import Misfit, TooLarge
from txqga.files._aside import Aside
from txqga.files._base64 import decode
from txqga.files._chunk import Chunk
from txqga.files._guest_file import GuestFile
from txqga.files._progress import Meter
from txqga.wire import JSON

#: Commands that are asked at a time.
DEPTH = 2


@define(kw_only=True)
class Reading:
    """
    A file of the guest on its way here.

    :param take: is given the octets, beside the reactor, in order.
    :param count: how many there are; None: as many as there will be.
    :param most: how many may come, if it is not known how many there are.
    """

    file: GuestFile
    aside: Aside
    chunk: Chunk
    meter: Meter
    take: Callable[[bytes], object]
    count: int | None = None
    most: int | None = None
    _got: int = field(default=0, init=False)
    _asked: int = field(default=0, init=False)  #: octets of what is under way
    _under_way: deque[tuple[int, Deferred[JSON]]] = field(factory=deque, init=False)
    _ended: bool = field(default=False, init=False)

    async def run(self) -> int:
        """
        Read all of it.

        :return: how many octets it was of.
        :raise Misfit: the guest says what cannot be.
        :raise TooLarge: there is more than may come.
        """
        self.chunk.begin()
        try:
            while self._fill():
                asked, coming = self._under_way.popleft()
                reply = await coming
                self._asked -= asked
                await self._came(asked, reply)
        finally:
            for _, coming in self._under_way:
                coming.addErrback(lambda _: None)  # nobody waits for it
                coming.cancel()
            self._under_way.clear()
        return self._got

    def _fill(self) -> bool:
        while len(self._under_way) < DEPTH and not self._ended:
            wanted = self.chunk.octets
            if self.count is not None:
                wanted = min(wanted, self.count - self._got - self._asked)
                if wanted <= 0:
                    break
            self._under_way.append((wanted, self.file.read(wanted)))
            self._asked += wanted
        return bool(self._under_way)

    async def _came(self, asked: int, reply: JSON) -> None:
        if not isinstance(reply, dict):
            raise Misfit("GuestFileRead", "object expected")
        self._ended = self._ended or reply.get("eof") is True
        count = await self.aside.run(self._take, reply, asked)
        if not count and not self._ended:
            raise Misfit("GuestFileRead.eof", "nothing came, and that it was not the end")
        self._got += count
        if self.count is None and self.most is not None and self._got > self.most:
            raise TooLarge(self.file.path, self.most)
        self.chunk.came(count)
        pause = self.meter.came(count)
        if pause is not None:
            await pause
            self.chunk.begin()

    def _take(self, reply: dict[str, JSON], asked: int) -> int:
        data = decode("GuestFileRead.buf-b64", reply.get("buf-b64"), asked)
        if len(data) != reply.get("count"):
            why = f"{reply.get('count')} are said, {len(data)} came"
            raise Misfit("GuestFileRead.count", why)
        self.take(data)
        return len(data)
