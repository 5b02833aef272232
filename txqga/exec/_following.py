"""
A program that is followed: asked again and again what is new, until nothing can be.

What comes is given to who listens, and what became of it to who waits.
"""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, maybeDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import TxqgaError
from txqga.exec._input import Input
from txqga.exec._job import Job
from txqga.exec._output import Output
from txqga.exec._pace import Pace
from txqga.exec._piece import Ended, Piece
from txqga.exec._result import Result

#: Called with octets as they come; may return a Deferred, before which no more will.
Listener = Callable[[bytes], Any]


class Following:
    """
    A program that is followed.

    :param quiet: returns a Deferred that fires when nothing is on its way to the program.
    :param broken: called when a listener has raised: the program shall end.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        job: Job,
        *,
        quiet: Callable[[], Deferred[None]],
        broken: Callable[[], None],
    ) -> None:
        self.stdout = Output()
        self.stderr = Output()
        self.input = None if job.in_offset is None else Input(clock, job, job.in_offset)
        self.pace = Pace(clock, job.longest_pause)
        self.ended: Ended | None = None
        self.result: Result | Failure | None = None
        self.is_late = False  #: it has ended, and what is still unread is given up
        self.is_time_up = False
        self.on_over: Callable[[], None] | None = None
        self._job = job
        self._quiet = quiet
        self._broken = broken
        self._why_broken: Failure | None = None
        self._listening: list[Deferred[None]] = []
        self._out_truncated = self._err_truncated = self._is_telling = False
        self._following: Deferred[None] | None = None
        self._waiting: list[Deferred[Result]] = []
        self.stdout.on_room = self.stderr.on_room = self.pace.quicken
        self.stdout.on_read = self.stderr.on_read = self.begin

    def listen(self, output: Output, listener: Listener) -> None:
        """Give a stream to a listener."""
        # reading begins to follow, which must not end before it knows who listens
        output.on_read = None
        self._listening.append(Deferred.fromCoroutine(self._tell(output, listener)))

    def begin(self) -> None:
        """Follow it, if that was not begun: the end is told once, and somebody else may want it."""
        if self._following is None and self.result is None:
            following = Deferred.fromCoroutine(self._follow())
            self._following = following.addCallbacks(self._over, self._over)

    def give_up(self, why: Exception) -> None:
        """Follow it no more: that is what became of it."""
        if self.result is None:
            self._over(Failure(why))
            if self._following is not None and not self._is_telling:
                self._following.cancel()

    def when_over(self) -> Deferred[Result]:
        """Wait for what becomes of it; this may be cancelled, and changes nothing then."""
        waiting: Deferred[Result] = Deferred(self._waiting.remove)
        if self.result is None:
            self._waiting.append(waiting)
        else:
            _tell_result(waiting, self.result)
        return waiting

    async def _follow(self) -> Result:
        while True:
            piece = await self._job.read(self.stdout.room, self.stderr.room)
            self._take(piece)
            if self.result is not None:
                raise CancelledError  # who was told something wants no more
            if piece.is_last or (self.is_late and self.ended is not None):
                break
            if piece.is_news:
                self.pace.quicken()
            else:
                await self.pace.pause()
        for output in (self.stdout, self.stderr):
            output.finish()
        for each in self._listening:
            await each
        await self._quiet()
        if self.input is not None:
            await self.input.stop()
        assert self.ended is not None
        await self._release()
        if self._why_broken is not None:
            self._why_broken.raiseException()
        return Result(
            exit_code=self.ended.exit_code,
            signal=self.ended.signal,
            timed_out=self.ended.timed_out or self.is_time_up,
            way=self._job.way,
            out_truncated=self._out_truncated,
            err_truncated=self._err_truncated,
        )

    def _take(self, piece: Piece) -> None:
        self._is_telling = True
        self.stdout.feed(piece.out)
        self.stderr.feed(piece.err)
        self._out_truncated = piece.out_truncated or (self.is_late and not piece.out_end)
        self._err_truncated = piece.err_truncated or (self.is_late and not piece.err_end)
        if piece.out_end:
            self.stdout.finish()
        if piece.err_end:
            self.stderr.finish()
        self._is_telling = False
        self.ended = piece.ended or self.ended
        if self.input is not None and piece.is_news:
            self.input.hurry()

    async def _tell(self, output: Output, listener: Listener) -> None:
        try:
            async for octets in output:
                await maybeDeferred(listener, octets)
        except Exception:
            if self.result is None:
                self._why_broken = Failure()
                output.drop()
                self._broken()

    async def _release(self) -> None:
        try:
            await self._job.release()
        except TxqgaError as why:
            self._log.warn("program {job} is not released: {why}", job=self._job.name, why=str(why))

    def _over(self, result: Result | Failure) -> None:
        if self.result is not None:
            return
        self.result = result
        if self.input is not None:
            self.input.stop()
        if self.on_over is not None:
            self.on_over()
        why = result if isinstance(result, Failure) else None
        self.stdout.finish(why)
        self.stderr.finish(why)
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            _tell_result(each, result)


def _tell_result(waiting: Deferred[Result], result: Result | Failure) -> None:
    if isinstance(result, Failure):
        waiting.errback(result)
    else:
        waiting.callback(result)
