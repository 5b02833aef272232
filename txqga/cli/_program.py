"""A program of a guest, followed at a terminal as if it ran there."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorCore
from twisted.python.failure import Failure

from txqga.cli._complaint import Complaint, complaint_of
from txqga.cli._exits import Exit
from txqga.cli._stdin import Stdin
from txqga.errors import CommandFailed, CommandNotFound, TxqgaError

if TYPE_CHECKING:
    from txqga.exec import Input, Result, Running

#: Seconds that a program has to end after Ctrl-C, before it is killed.
PATIENCE = 5.0

#: What it adds to the number of the signal that ended a program, as shells do.
SIGNALLED = 128

#: What ``execve`` says of a program that is not there, and of one that is none.
_REASONS = {
    "Failed to change to directory": Exit.OURS,  # whatever the reason: the program was not tried
    "No such file or directory": Exit.NOT_FOUND,
    "Permission denied": Exit.NOT_EXECUTABLE,
    "Exec format error": Exit.NOT_EXECUTABLE,
    "Is a directory": Exit.NOT_EXECUTABLE,
    ": not found": Exit.NOT_FOUND,  # as shells have it
}


async def follow(reactor: Any, running: "Running", stdin: Stdin | None = None) -> "Result":
    """
    Wait until a program has ended.

    Cancelled, it interrupts the program, as Ctrl-C would, and kills it where that does not end it
    in a few seconds, or the reactor stops; and fails with CancelledError when it is gone.

    :param stdin: what it is given to read, as it comes.
    """
    feeding: Deferred[None] | None = None
    if stdin is not None and running.stdin is not None:
        feeding = Deferred.fromCoroutine(_feed(stdin, running.stdin))
        feeding.addErrback(lambda why: why.trap(CancelledError, TxqgaError, OSError) and None)
    watch = _Watch(running)
    try:
        return await watch.wait()
    except CancelledError:
        await _end(reactor, running, watch)
        raise
    finally:
        if feeding is not None:
            feeding.cancel()


def status_of(result: "Result") -> int:
    """Give the exit status that says how a program has ended."""
    if result.timed_out:
        return Exit.TIMED_OUT
    if result.exit_code is None:
        return SIGNALLED + ((result.signal or 0) & 0x7F)
    code = result.exit_code
    return code if 0 <= code <= 0xFF else 0xFF  # Windows has greater ones


def not_started(why: BaseException) -> Complaint | None:
    """Say why a program did not run: its exit statuses are not those of other verbs."""
    complaint = None if isinstance(why, BrokenPipeError) else complaint_of(why)
    if complaint is not None:
        complaint.exit = Exit.OURS
        if isinstance(why, CommandFailed) and not isinstance(why, CommandNotFound):
            found = (each for words, each in _REASONS.items() if words in why.desc)
            complaint.exit = next(found, Exit.OURS)
    return complaint


async def _feed(stdin: Stdin, input: "Input") -> None:
    while data := await stdin.read():
        if not await input.write(data):
            return
    await input.close()


class _Watch:
    """Waits for what becomes of a program; to wait no longer does it no harm."""

    def __init__(self, running: "Running") -> None:
        self._result: Result | Failure | None = None
        self._waiting: Deferred[Result] | None = None
        running.wait().addBoth(self._ended)

    def wait(self) -> "Deferred[Result]":
        """Wait, once at a time."""
        waiting: Deferred[Result] = Deferred(self._forget)
        self._waiting = waiting
        if self._result is not None:
            self._ended(self._result)
        return waiting

    def _forget(self, _: "Deferred[Result]") -> None:
        self._waiting = None

    def _ended(self, result: "Result | Failure") -> None:
        self._result = result
        waiting, self._waiting = self._waiting, None
        if waiting is not None and isinstance(result, Failure):
            waiting.errback(result)
        elif waiting is not None:
            waiting.callback(result)


async def _end(reactor: Any, running: "Running", watch: _Watch) -> None:
    """Interrupt a program; kill it where that does not help, or the reactor stops."""
    over: Deferred[None] = Deferred()
    stopping = False

    def kill() -> None:
        running.kill().addErrback(lambda why: why.trap(TxqgaError) and None)

    def stop() -> Deferred[None]:
        nonlocal stopping
        stopping = True
        kill()
        return over

    later = reactor.callLater(PATIENCE, kill)
    has_shutdown = IReactorCore.providedBy(reactor)
    trigger = reactor.addSystemEventTrigger("before", "shutdown", stop) if has_shutdown else None
    try:
        try:
            await running.interrupt()
        except TxqgaError:  # on Windows there is nothing but killing
            kill()
        with suppress(TxqgaError):
            await watch.wait()
    finally:
        if later.active():
            later.cancel()
        if has_shutdown and not stopping:
            reactor.removeSystemEventTrigger(trigger)
        over.callback(None)
