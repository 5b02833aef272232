"""
Programs of the guest: start one, and ask what came of it.

The semantics are those of ``qga/commands.c`` in QEMU 11.1.3, the search for a program and the
words of a failure those of GLib. A program's output is read whenever there is some, whether
anybody asks or not, so that it never waits for a client.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from twisted.internet.interfaces import IReactorFDSet
from twisted.logger import Logger

from txqga.agent._base64 import decode, encode
from txqga.agent._capture import Capture
from txqga.agent._family import Encoded, Served
from txqga.agent._job import Job, Result
from txqga.agent._octets import octets
from txqga.agent._pipes import Pipes, open_pipe
from txqga.agent._reaper import Reaper
from txqga.agent._spawn import spawn
from txqga.errors import CommandFailed
from txqga.wire import JSON

#: argv, variables, stdin, stdout, stderr; returns the pid. See :func:`txqga.agent._spawn.spawn`.
Spawn = Callable[[Sequence[bytes], "Sequence[bytes] | None", int, int, int], int]

_OUT = frozenset({True, "separated", "stdout", "merged"})  #: modes that capture stdout
_ERR = frozenset({True, "separated", "stderr"})  #: modes that capture stderr by itself


class Exec:
    """The commands ``guest-exec`` and ``guest-exec-status``."""

    _log = Logger()

    def __init__(
        self, reactor: IReactorFDSet, *, reaper: Reaper | None = None, spawn: Spawn = spawn
    ) -> None:
        """:param reaper: notices that a program has ended; by default one on ``reactor``."""
        self._pipes = Pipes(reactor)
        self._reaper = reaper or Reaper(reactor)
        self._spawn = spawn
        # A pid may be given anew while the result of its last bearer still waits to be fetched.
        self._jobs: dict[int, list[Job]] = {}

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-exec": Served(self._exec),
            "guest-exec-status": Served(self._status),
        }

    def close(self) -> None:
        """Forget all programs; they live on."""
        self._reaper.close()
        self._pipes.close()
        self._jobs.clear()

    def _exec(self, arguments: Mapping[str, JSON]) -> JSON:
        words: list[str] = [arguments["path"], *arguments.get("arg", ())]
        given = arguments.get("input-data")
        data = None if given is None else decode(given)
        self._log.info('guest-exec called: "{command}"', command=" ".join(words))
        env = arguments.get("env")
        try:
            pid = self._start(
                [octets(word) for word in words],
                None if env is None else [octets(entry) for entry in env],
                data,
                arguments.get("capture-output", False),
            )
        except OSError as why:
            raise CommandFailed(
                f"Failed to execute child process “{words[0]}” ({why.strerror})"
            ) from why
        return {"pid": pid}

    def _start(
        self, argv: list[bytes], env: list[bytes] | None, data: bytes | None, capture: bool | str
    ) -> int:
        out = Capture() if capture in _OUT else None
        err = Capture() if capture in _ERR else None
        stdin = stdout = stderr = subprocess.DEVNULL
        with ExitStack() as theirs, ExitStack() as ours:
            if data is not None:
                stdin, feed = open_pipe(theirs, ours)
            if out is not None:
                collect_out, stdout = open_pipe(ours, theirs)
            if err is not None:
                collect_err, stderr = open_pipe(ours, theirs)
            elif capture == "merged":
                stderr = subprocess.STDOUT
            pid = self._spawn(argv, env, stdin, stdout, stderr)
            ours.pop_all()
        job = Job(out, err)
        if data is not None:
            self._pipes.feed(feed, data)
        if out is not None:
            self._pipes.collect(collect_out, out.add, job.stream_closed)
        if err is not None:
            self._pipes.collect(collect_err, err.add, job.stream_closed)
        self._reaper.watch(pid, job.reaped)
        self._jobs.setdefault(pid, []).append(job)
        return pid

    def _status(self, arguments: Mapping[str, JSON]) -> JSON:
        pid = arguments["pid"]
        self._log.info("guest-exec-status called, pid: {pid}", pid=pid)
        jobs = self._jobs.get(pid)
        if jobs is None:
            raise CommandFailed("PID ld does not exist")  # in these very words
        result = jobs[0].result()
        if result is None:
            return {"exited": False}
        del jobs[0]
        if not jobs:
            del self._jobs[pid]
        return _report(result)


def _report(result: Result) -> Encoded:
    """Say what came of a program: up to 43 MiB."""
    pieces: list[bytes] = [b'{"exited": true']
    if result.exitcode is not None:
        pieces.append(b', "exitcode": %d' % result.exitcode)
    if result.signal is not None:
        pieces.append(b', "signal": %d' % result.signal)
    for name, stream in ((b"out", result.out), (b"err", result.err)):
        if stream is not None and stream.data:
            truncated = b"true" if stream.truncated else b"false"
            pieces += (b', "%b-data": "' % name, encode(stream.data), b'", ')
            pieces.append(b'"%b-truncated": %b' % (name, truncated))
    return Encoded(*pieces, b"}")
