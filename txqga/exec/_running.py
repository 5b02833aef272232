"""A program that runs in the guest."""

from twisted.internet.defer import CancelledError, Deferred, DeferredLock
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import NotKilled, TxqgaError
from txqga.exec._following import Following, Listener
from txqga.exec._job import Job
from txqga.exec._result import Result
from txqga.exec._signals import Signal, signal_name
from txqga.exec._way import Way

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
        self._clock = clock
        self._job = job
        self._detached = detached
        self._interrupted = False
        self._sending = DeferredLock()  # signals keep their order
        self._killing: Deferred[None] | None = None
        self._why_not_killed = "it does not end"
        self._timers: list[IDelayedCall] = []
        following = Following(
            clock, job, quiet=lambda: self._sending.run(lambda: None), broken=self._kill_alone
        )
        self._following = following
        self.stdout = following.stdout  #: what it says
        self.stderr = following.stderr  #: ends at once where it is joined to standard output
        self.stdin = following.input if stdin else None  #: what it reads
        following.on_over = self._over
        if time_out is not None:
            seconds = time_out + (GRACE if job.has_clock else 0.0)
            self._timers.append(clock.callLater(seconds, self._time_up))
        for output, listener in ((self.stdout, stdout), (self.stderr, stderr)):
            if listener is not None:
                following.listen(output, listener)
        if following.input is not None and (input or not stdin):
            following.input.write(input, end=not stdin).addErrback(self._not_written)
        if not detached or stdout is not None or stderr is not None:
            following.begin()

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
        result = self._following.result
        return result if isinstance(result, Result) else None

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
        self._following.begin()
        self._following.pace.quicken()
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
        if not self._detached:
            self._detached = True
            # to a mux in between, which would kill it when we go
            Deferred.fromCoroutine(self._job.detach()).addErrback(self._not_detached)
        self._following.give_up(CancelledError())

    async def __aenter__(self) -> "Running":
        return self

    async def __aexit__(self, *why: object) -> None:
        if self._detached:
            self.let_go()
        elif self._following.result is None:
            await self._end()

    # -- what is done

    async def _wait(self) -> Result:
        try:
            return await self._following.when_over()
        except CancelledError:
            if self._following.result is None and not self._detached:
                await self._end()
            raise

    async def _end(self) -> None:
        """Kill it, and see it go."""
        for output in (self.stdout, self.stderr):
            output.drop()
        self._following.begin()
        try:
            await self._kill()
            await self._following.when_over()
        except TxqgaError as why:
            self._log.warn("program {job} may run still: {why}", job=self.name, why=str(why))

    async def _signal(self, name: str) -> None:
        await self._sending.acquire()
        try:
            if self._following.result is None:
                await self._job.signal(name)
                self._following.pace.quicken()
        finally:
            self._sending.release()

    async def _kill(self) -> None:
        if self._following.result is None:
            self._timers.append(self._clock.callLater(GRACE, self._not_gone))
            await self._signal("kill")

    def _time_up(self) -> None:
        self._following.is_time_up = self._following.ended is None
        self._following.begin()
        self._kill_alone()

    def _kill_alone(self) -> None:
        self._killing = self.kill().addErrback(self._not_killed)

    def _not_killed(self, failure: Failure) -> None:
        self._why_not_killed = str(failure.value)

    def _not_written(self, failure: Failure) -> None:
        failure.trap(TxqgaError)
        self._log.warn(
            "program {job} did not get its input: {why}", job=self.name, why=str(failure.value)
        )

    def _not_detached(self, failure: Failure) -> None:
        failure.trap(TxqgaError)
        self._log.warn(
            "program {job} may not outlive us: {why}", job=self.name, why=str(failure.value)
        )

    def _not_gone(self) -> None:
        if self._following.ended is None:
            self._following.give_up(NotKilled(self.name, self._why_not_killed))
        else:  # what it has said is too much, or others hold its streams
            self._following.is_late = True
            self._following.pace.quicken()

    def _over(self) -> None:
        if self._killing is not None:
            self._killing.cancel()
        for timer in self._timers:
            if timer.active():
                timer.cancel()
