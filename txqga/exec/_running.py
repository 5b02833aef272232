"""A program that runs in the guest."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, DeferredLock, maybeDeferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import NotKilled, TxqgaError
from txqga.exec._input import Input
from txqga.exec._job import Job
from txqga.exec._output import Output
from txqga.exec._pace import Pace
from txqga.exec._piece import Ended, Piece
from txqga.exec._result import Result
from txqga.exec._signals import Signal, signal_name
from txqga.exec._way import Way

#: Called with octets as they come; may return a Deferred, before which no more will.
Listener = Callable[[bytes], Any]

#: Seconds that a program has to be gone once it was killed.
GRACE = 10.0


class Running:
    """
    A program that runs in the guest.

    ::

        running = await Exec(reactor, guest).start("make", ["-j2"], cwd="/src")
        async for octets in running.stdout:
            print(octets)
        result = await running.wait()
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        job: Job,
        *,
        input: bytes = b"",
        stdin: bool = False,
        time_out: float | None = None,
        detached: bool = False,
        stdout: Listener | None = None,
        stderr: Listener | None = None,
    ) -> None:
        self.stdout = Output()  #: what it says
        self.stderr = Output()  #: ends at once where it is joined to standard output
        self._input = None if job.in_offset is None else Input(clock, job, job.in_offset)
        self.stdin = self._input if stdin else None  #: what it reads
        self._clock = clock
        self._job = job
        self._detached = detached
        self._pace = Pace(clock, job.longest_pause)
        self.stdout.on_room = self.stderr.on_room = self._pace.quicken
        self._ended: Ended | None = None
        self._out_truncated = self._err_truncated = self._time_is_up = False
        self._interrupted = self._is_telling = self._is_late = False
        self._sending = DeferredLock()  # signals keep their order
        self._killing: Deferred[None] | None = None
        self._broken: Failure | None = None  # what a listener has raised
        self._why_not_killed = "it does not end"
        self._timers: list[IDelayedCall] = []
        self._waiting: list[Deferred[Result]] = []
        self._result: Result | Failure | None = None
        if time_out is not None:
            seconds = time_out + (GRACE if job.has_clock else 0.0)
            self._timers.append(clock.callLater(seconds, self._time_up))
        self._following: Deferred[None] | None = None
        self._listening = [
            Deferred.fromCoroutine(self._tell(output, listener))
            for output, listener in ((self.stdout, stdout), (self.stderr, stderr))
            if listener is not None
        ]
        self.stdout.on_read = self.stderr.on_read = self._begin
        if self._input is not None and (input or not stdin):
            self._input.write(input, end=not stdin).addErrback(self._not_written)
        if self._listening or not detached:
            self._begin()

    # -- what it is

    @property
    def pid(self) -> int:
        """Its process ID in the guest."""
        return self._job.pid

    @property
    def name(self) -> str:
        """What :meth:`Exec.attach` finds it by."""
        return self._job.name

    @property
    def way(self) -> Way:
        """How it is followed."""
        return self._job.way

    @property
    def result(self) -> Result | None:
        """What became of it; None as long as it is not known."""
        return self._result if isinstance(self._result, Result) else None

    # -- what can be done

    def wait(self) -> Deferred[Result]:
        """
        Wait until it has ended, and all that it has said is read.

        A stream that nobody has begun to read is read by nobody: what it brings is dropped.

        :return: what became of it. Fails with :class:`~txqga.errors.ProgramLost` when that cannot
            be known, with :class:`~txqga.errors.NotKilled` when its time is over and it cannot be
            killed, with what a listener has raised. Cancelled, it kills the program, unless that is
            detached, and fails with CancelledError when it is gone.
        """
        for output in (self.stdout, self.stderr):
            if not output.is_read:
                output.drop()
        self._begin()
        self._pace.quicken()
        return Deferred.fromCoroutine(self._wait())

    def signal(self, signal: Signal) -> Deferred[None]:
        """
        Send it a signal, and to what belongs to it, where the guest can.

        It is no error if it has ended.

        :param signal: ``"term"``, ``"SIGTERM"`` or ``signal.SIGTERM``.
        :return: fires when it is sent; fails with :class:`~txqga.errors.CommandFailed` when it
            cannot be.
        :raise ValueError: it is no signal that can be sent.
        """
        return Deferred.fromCoroutine(self._signal(signal_name(signal)))

    def kill(self) -> Deferred[None]:
        """
        Kill it.

        What has not ended ten seconds later is given up, as is what is still unread by then:
        ``wait()`` says so.
        """
        return Deferred.fromCoroutine(self._kill())

    def interrupt(self) -> Deferred[None]:
        """Do what Ctrl-C does: interrupt it; the second time, kill it."""
        if self._interrupted:
            return self.kill()
        self._interrupted = True
        return self.signal("int")

    def let_go(self) -> None:
        """Follow it no more. It goes on, and :meth:`Exec.attach` finds it."""
        self._detached = True
        self._give_up(Failure(CancelledError()))

    async def __aenter__(self) -> "Running":
        return self

    async def __aexit__(self, *why: object) -> None:
        if self._result is None:
            await self._end()

    # -- what is done

    def _begin(self) -> None:
        """Follow it, if that was not begun: the end is told once, and somebody else may want it."""
        if self._following is None and self._result is None:
            following = Deferred.fromCoroutine(self._follow())
            self._following = following.addCallbacks(self._over, self._over)

    async def _follow(self) -> Result:
        while True:
            piece = await self._job.read(self.stdout.room, self.stderr.room)
            self._take(piece)
            if self._result is not None:
                raise CancelledError  # who was told something wants no more
            if piece.is_last or (self._is_late and self._ended is not None):
                break
            if piece.is_news:
                self._pace.quicken()
            else:
                await self._pace.pause()
        for output in (self.stdout, self.stderr):
            output.finish()
        for each in self._listening:
            await each
        await self._sending.run(lambda: None)
        assert self._ended is not None
        await self._release()
        if self._broken is not None:
            self._broken.raiseException()
        return Result(
            exit_code=self._ended.exit_code,
            signal=self._ended.signal,
            timed_out=self._ended.timed_out or self._time_is_up,
            way=self._job.way,
            out_truncated=self._out_truncated,
            err_truncated=self._err_truncated,
        )

    def _take(self, piece: Piece) -> None:
        self._is_telling = True
        self.stdout.feed(piece.out)
        self.stderr.feed(piece.err)
        self._out_truncated = piece.out_truncated or (self._is_late and not piece.out_end)
        self._err_truncated = piece.err_truncated or (self._is_late and not piece.err_end)
        if piece.out_end:
            self.stdout.finish()
        if piece.err_end:
            self.stderr.finish()
        self._is_telling = False
        self._ended = piece.ended or self._ended
        if self._input is not None and piece.is_news:
            self._input.hurry()

    async def _tell(self, output: Output, listener: Listener) -> None:
        try:
            async for octets in output:
                await maybeDeferred(listener, octets)
        except Exception:
            if self._result is None:
                self._broken = Failure()
                output.drop()
                self._kill_alone()

    async def _release(self) -> None:
        try:
            await self._job.release()
        except TxqgaError as why:
            self._log.warn("program {job} is not released: {why}", job=self.name, why=str(why))

    async def _wait(self) -> Result:
        try:
            return await self._when_over()
        except CancelledError:
            if self._result is None and not self._detached:
                await self._end()
            raise

    def _when_over(self) -> Deferred[Result]:
        waiting: Deferred[Result] = Deferred(self._waiting.remove)
        if self._result is None:
            self._waiting.append(waiting)
        elif isinstance(self._result, Failure):
            waiting.errback(self._result)
        else:
            waiting.callback(self._result)
        return waiting

    async def _end(self) -> None:
        """Kill it, and see it go."""
        for output in (self.stdout, self.stderr):
            output.drop()
        try:
            await self._kill()
            await self._when_over()
        except TxqgaError as why:
            self._log.warn("program {job} may run still: {why}", job=self.name, why=str(why))

    async def _signal(self, name: str) -> None:
        await self._sending.acquire()
        try:
            if self._result is None:
                await self._job.signal(name)
                self._pace.quicken()
        finally:
            self._sending.release()

    async def _kill(self) -> None:
        if self._result is not None:
            return
        self._timers.append(self._clock.callLater(GRACE, self._not_gone))
        await self._signal("kill")

    def _time_up(self) -> None:
        self._time_is_up = True
        self._kill_alone()

    def _kill_alone(self) -> None:
        self._killing = self.kill().addErrback(self._not_killed)

    def _not_written(self, failure: Failure) -> None:
        failure.trap(TxqgaError)
        self._log.warn(
            "program {job} did not get its input: {why}", job=self.name, why=str(failure.value)
        )

    def _not_killed(self, failure: Failure) -> None:
        self._why_not_killed = str(failure.value)

    def _not_gone(self) -> None:
        if self._ended is not None:  # what it has said is too much, or others hold its streams
            self._is_late = True
            self._pace.quicken()
            return
        self._give_up(Failure(NotKilled(self.name, self._why_not_killed)))

    def _give_up(self, why: Failure) -> None:
        if self._result is None:
            self._over(why)
            if self._following is not None and not self._is_telling:
                self._following.cancel()

    def _over(self, result: Result | Failure) -> None:
        if self._result is not None:
            return
        self._result = result
        if self._killing is not None:
            self._killing.cancel()
        for timer in self._timers:
            if timer.active():
                timer.cancel()
        why = result if isinstance(result, Failure) else None
        self.stdout.finish(why)
        self.stderr.finish(why)
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if isinstance(result, Failure):
                each.errback(result)
            else:
                each.callback(result)
