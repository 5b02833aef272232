"""
A program that a command runs and waits for: ``shutdown``, ``hwclock``, ``chpasswd``, a hook.

It has a session of its own, and what it says is for the reply if it fails. Facts 9, *Child
runner*; the words are those of QEMU 10.0 and 11.1. To be called in the worker thread, for it
blocks.
"""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from attrs import frozen

from txqga.agent._capture import Capture
from txqga.agent._octets import octets, text
from txqga.agent._pipes import open_pipe
from txqga.agent._reaper import Wait, pidfd_open, wait
from txqga.agent._spawn import spawn
from txqga.errors import CommandFailed

_KEPT = 1 << 16  #: octets of what it says that are kept, for a reply that people read
_PIECE = 1 << 16
_ABNORMAL = "child process has terminated abnormally"
_GRACE = 5.0  #: seconds that a killed child may take to go
_GLANCE = 0.02  #: seconds between two looks at a child that the kernel cannot tell the end of


@frozen(kw_only=True)
class Children:
    """Runs programs. Each of its parts may be another in a test."""

    spawn: Callable[..., int] = spawn
    pidfd_open: Callable[[int], int] = pidfd_open
    wait: Wait = wait
    killpg: Callable[[int, int], None] = os.killpg
    now: Callable[[], float] = time.monotonic

    def run(
        self,
        argv: Sequence[str],
        action: str,
        *,
        data: bytes | None = None,
        limit: float | None = None,
    ) -> None:
        """
        Run a program, searched for along ``PATH``, until it ends.

        It need not close its output: what it left running in the background is not waited for.

        :param action: what it does, for the text of an error: ``shutdown``.
        :param data: its standard input; None: ``/dev/null``.
        :param limit: seconds after which it is killed, with all in its process group.
        :raise CommandFailed: it cannot be run, failed, or took too long.
        """
        said = Capture(_KEPT)
        try:
            status = self._ran([octets(word) for word in argv], said, data, limit)
        except OSError as why:
            said.add(octets(f"failed to exec '{argv[0]}': {why.strerror}\n"))
            status = 1 << 8
        output = text(bytes(said.data))
        if status is None:
            raise _failed(action, f"not done after {limit:g} s, and killed", output)
        if os.WIFSIGNALED(status):
            raise CommandFailed(": ".join(filter(None, (_ABNORMAL, output))))
        if code := os.WEXITSTATUS(status):
            raise _failed(action, output or f"exit status {code}")

    def code(self, argv: Sequence[str]) -> int | None:
        """
        Run a program that says what it has to say by its exit status.

        :return: the status; None if it cannot be run, or a signal ended it.
        """
        try:
            status = self._ran([octets(word) for word in argv], Capture(0), None, None)
        except OSError:
            return None
        return None if status is None or os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def _ran(
        self, argv: list[bytes], said: Capture, data: bytes | None, limit: float | None
    ) -> int | None:
        """Return the status as ``waitpid`` gives it; None if the time was up."""
        stdin, feed = subprocess.DEVNULL, -1
        with ExitStack() as theirs, ExitStack() as ours:
            if data is not None:
                stdin, feed = open_pipe(theirs, ours)
            collect, stdout = open_pipe(ours, theirs)
            pid = self.spawn(argv, None, stdin, stdout, subprocess.STDOUT, new_session=True)
            ours.pop_all()
        streams = _Streams(collect, said, feed, data or b"")
        try:
            return self._waited(pid, streams, limit)
        finally:
            streams.close()

    def _waited(self, pid: int, streams: "_Streams", limit: float | None) -> int | None:
        """Carry what is said until the program has ended; kill it when its time is up."""
        deadline = None if limit is None else self.now() + limit
        killed = False
        with ExitStack() as stack:
            end = -1
            with contextlib.suppress(OSError):
                end = self.pidfd_open(pid)
                stack.callback(os.close, end)
            streams.watch(end)
            while (status := self.wait(pid)) is None:
                left = None if deadline is None else deadline - self.now()
                if left is not None and left <= 0:
                    if killed:  # it sleeps in the kernel, and may wake up or not
                        return None
                    killed = True
                    deadline = self.now() + _GRACE
                    with contextlib.suppress(OSError):
                        self.killpg(pid, signal.SIGKILL)
                    continue
                if end < 0:
                    left = _GLANCE if left is None else min(left, _GLANCE)
                streams.carry(left)
            streams.carry(0)
        return None if killed else status


def _failed(action: str, *words: str) -> CommandFailed:
    said = ": ".join(filter(None, words))
    return CommandFailed(f"child process has failed to {action}: {said}")


class _Streams:
    """The agent's ends of a program's streams; neither can hold the agent up."""

    def __init__(self, collect: int, said: Capture, feed: int, data: bytes) -> None:
        os.set_blocking(collect, False)
        self._collect = collect
        self._said = said
        self._feed = feed
        self._rest = memoryview(data)
        self._poll = select.poll()
        self._poll.register(collect, select.POLLIN)
        os.set_blocking(collect, False)
        if feed >= 0:
            self._poll.register(feed, select.POLLOUT)
            os.set_blocking(feed, False)

    def watch(self, end: int) -> None:
        """Wake up when this descriptor can be read from, too; -1: there is none."""
        if end >= 0:
            self._poll.register(end, select.POLLIN)

    def carry(self, seconds: float | None) -> None:
        """Wait until something can be read or written, and do so."""
        for fd, _ in self._poll.poll(None if seconds is None else seconds * 1000):
            if fd == self._collect:
                self._read()
            elif fd == self._feed:
                self._write()

    def close(self) -> None:
        os.close(self._collect)
        self._stop_feeding()

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            piece = os.read(self._collect, _PIECE)
            self._said.add(piece)
            if not piece:
                self._poll.unregister(self._collect)

    def _write(self) -> None:
        try:
            self._rest = self._rest[os.write(self._feed, self._rest) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # it has read what it wanted
            self._rest = self._rest[:0]
        if not self._rest:
            self._poll.unregister(self._feed)
            self._stop_feeding()

    def _stop_feeding(self) -> None:
        if self._feed >= 0:
            os.close(self._feed)
            self._feed = -1
