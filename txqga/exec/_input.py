"""What is written to a program, at the pace at which it reads."""

from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.interfaces import IReactorTime

from txqga.exec._job import Job
from txqga.exec._pace import Pace

#: Octets of one command; a pipe has room for no more than the double.
CHUNK = 128 * 1024


class Input:
    """
    The standard input of a program.

    :param offset: octets that it was given before.
    """

    def __init__(self, clock: IReactorTime, job: Job, offset: int = 0) -> None:
        self._job = job
        self._pace = Pace(clock)
        self._one = DeferredLock()  # writes keep their order
        self._offset = offset
        self._closed = self._over = False

    @property
    def closed(self) -> bool:
        """Whether no more is taken: its end was written, or nobody reads it."""
        return self._closed or self._over

    def write(self, data: bytes, *, end: bool = False) -> Deferred[bool]:
        """
        Write.

        :param end: whether nothing will be written after that.
        :return: fires when the guest has taken all of it: wait for that before you write more.
            True; False if some was not taken, since nobody reads it any more. Fails with
            :class:`~txqga.errors.CommandFailed` when the guest does not know the program.
        """
        return self._one.run(lambda: Deferred.fromCoroutine(self._write(data, end=end)))

    def close(self) -> Deferred[bool]:
        """Write its end, after all that is written already."""
        return self.write(b"", end=True)

    def hurry(self) -> None:
        """The program has done something: it may have room."""
        self._pace.quicken()

    def stop(self) -> Deferred[None]:
        """
        Nobody reads any more.

        :return: fires when nothing is on its way.
        """
        self._over = True
        self._pace.quicken()
        return self._one.run(lambda: None)

    async def _write(self, data: bytes, *, end: bool) -> bool:
        rest = memoryview(data)
        while (rest or end) and not self.closed:
            piece, last = bytes(rest[:CHUNK]), end and len(rest) <= CHUNK
            before = self._offset
            self._offset, self._closed = await self._job.write(before, piece, last)
            taken = self._offset - before
            rest = rest[taken:]
            if self.closed or not (rest or end):
                break
            if taken:
                self._pace.quicken()
            else:
                await self._pace.pause()
        return not rest
