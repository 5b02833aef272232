"""
Programs of the guest, followed while they run: what they say is read, what they read is written.

Nothing here waits, and nothing is read from a program that was not asked for. Octets are counted,
so that a command whose reply was lost can be sent again: nothing is lost then, or doubled.
"""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from attrs import define, field
from twisted.internet.interfaces import IReactorFDSet, IReactorTime
from twisted.logger import Logger

from txqga.agent._base64 import decode, encode
from txqga.agent._family import Encoded, Served
from txqga.agent._feed import Feed
from txqga.agent._group import Group, peek
from txqga.agent._octets import octets
from txqga.agent._pipes import open_pipe
from txqga.agent._reaper import Reaper
from txqga.agent._spawn import spawn
from txqga.agent._streamed import Progress, Streamed
from txqga.agent._window import WIDTH, Window
from txqga.errors import CommandFailed
from txqga.wire import JSON
from txqga.wire import encode as encode_json

#: Jobs that were not released. Each takes up to four descriptors, and twice :data:`WIDTH` octets.
MOST_JOBS = 64

_DEFAULT_COUNT = 64 << 10
_LONGEST_KEY = 128  #: characters; it is kept as long as the job
_LONGEST = 1_000_000  #: seconds: the reactor cannot wait for longer than 24 days

#: As :func:`txqga.agent._spawn.spawn`.
Spawn = Callable[..., int]


@define(kw_only=True)
class _Job:
    """A program that was started, and its streams."""

    name: str = field(factory=lambda: os.urandom(8).hex())
    key: str | None
    path: str
    pid: int
    group: Group
    feed: Feed | None
    out: Window
    err: Window | None  #: None if it is joined to the output
    detached: bool  #: whether it is meant to outlive whoever has started it

    def is_held(self) -> bool:
        """Whether anybody can still write into its streams."""
        return self.out.is_held() or (self.err is not None and self.err.is_held())

    def close(self) -> None:
        """Close its streams."""
        for stream in (self.feed, self.out, self.err):
            if stream is not None:
                stream.close()


class StreamedExec:
    """The ``txqga-exec-*`` commands."""

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorFDSet,
        clock: IReactorTime,
        *,
        reaper: Reaper | None = None,
        spawn: Spawn = spawn,
        group: Callable[[int], Group] = Group,
    ) -> None:
        """:param reaper: notices that a program has ended, and does not take its status."""
        self._clock = clock
        self._reaper = reaper or Reaper(reactor, wait=peek)
        self._spawn = spawn
        self._group = group
        self._jobs: dict[str, tuple[_Job, Streamed]] = {}
        self._released: set[Streamed] = set()  # those that run

    def commands(self) -> Mapping[str, Served]:
        return {
            "txqga-exec-start": Served(self._start),
            "txqga-exec-read": Served(self._read),
            "txqga-exec-write": Served(self._write),
            "txqga-exec-signal": Served(self._signal),
            "txqga-exec-status": Served(self._status),
            "txqga-exec-list": Served(self._list),
            "txqga-exec-detach": Served(self._detach),
            "txqga-exec-release": Served(self._release),
        }

    def close(self) -> None:
        """Hang up the programs that run; they are followed no more."""
        self._reaper.close()
        for job, life in list(self._jobs.values()):
            job.close()
            life.stop()
        for life in list(self._released):
            life.stop()

    def _start(self, arguments: Mapping[str, JSON]) -> JSON:
        key = arguments.get("key")
        for job, life in self._jobs.values():
            if key is not None and job.key == key:
                life.used()
                return {"job": job.name, "pid": job.pid}
        if key is not None and len(key) > _LONGEST_KEY:
            raise CommandFailed(f"the key has more than {_LONGEST_KEY} characters")
        time_out = arguments.get("time-out")
        if time_out is not None and not 1 <= time_out <= _LONGEST:
            raise _invalid("time-out", time_out)
        if len(self._jobs) >= MOST_JOBS:
            raise CommandFailed(f"too many jobs: {MOST_JOBS} have not been released")
        words = [arguments["path"], *arguments.get("arg", ())]
        self._log.info('txqga-exec-start called: "{command}"', command=" ".join(words))
        cwd = arguments.get("cwd")
        if cwd is not None:
            _look_at(cwd)
        try:
            job = self._started(words, key, cwd, arguments)
        except OSError as why:
            raise CommandFailed(
                f"Failed to execute child process “{words[0]}” ({why.strerror})"
            ) from why
        self._follow(job, time_out)
        return {"job": job.name, "pid": job.pid}

    def _started(
        self, words: list[str], key: str | None, cwd: str | None, arguments: Mapping[str, JSON]
    ) -> _Job:
        env = arguments.get("env")
        stdin, stderr = subprocess.DEVNULL, subprocess.STDOUT
        write_in = read_err = None
        with ExitStack() as theirs, ExitStack() as ours:
            if arguments.get("stdin", False):
                stdin, write_in = open_pipe(theirs, ours)
            read_out, stdout = open_pipe(ours, theirs)
            if not arguments.get("merge", False):
                read_err, stderr = open_pipe(ours, theirs)
            pid = self._spawn(
                [octets(word) for word in words],
                None if env is None else [octets(entry) for entry in env],
                stdin,
                stdout,
                stderr,
                new_session=True,
                cwd=None if cwd is None else octets(cwd),
            )
            ours.pop_all()
        return _Job(
            key=key,
            path=words[0],
            pid=pid,
            group=self._group(pid),
            feed=None if write_in is None else Feed(write_in),
            out=Window(read_out, "standard output"),
            err=None if read_err is None else Window(read_err, "standard error"),
            detached=arguments.get("detached", False),
        )

    def _follow(self, job: _Job, time_out: int | None) -> None:
        def forgotten() -> None:
            job.close()
            self._jobs.pop(job.name, None)
            self._released.discard(life)

        life = Streamed(self._clock, job.group, job.is_held, forgotten, time_out)
        self._jobs[job.name] = (job, life)
        self._reaper.watch(job.pid, life.ended)

    def _find(self, arguments: Mapping[str, JSON]) -> tuple[_Job, Streamed]:
        name = arguments["job"]
        try:
            return self._jobs[name]
        except KeyError:
            raise CommandFailed(f"job '{name}' has not been found") from None

    def _use(self, arguments: Mapping[str, JSON]) -> tuple[_Job, Streamed]:
        job, life = self._find(arguments)
        life.used()
        return job, life

    def _read(self, arguments: Mapping[str, JSON]) -> Encoded:
        job, life = self._use(arguments)
        count = arguments.get("count", _DEFAULT_COUNT)
        if not 0 <= count <= WIDTH:
            raise _invalid("count", count)
        if "err-offset" in arguments and job.err is None:
            raise CommandFailed(f"job '{job.name}' has no standard error of its own")
        pieces = [encode_json(_progress(life.progress()))[:-1]]
        for name, window in (("out", job.out), ("err", job.err)):
            if window is not None:
                offset = arguments.get(f"{name}-offset")
                if offset is not None:
                    window.arrived(offset)
                pieces += _piece(name.encode(), window, count)
        return Encoded(*pieces, b"}")

    def _write(self, arguments: Mapping[str, JSON]) -> JSON:
        job, _ = self._use(arguments)
        if job.feed is None:
            raise CommandFailed(f"job '{job.name}' has no standard input")
        data = decode(arguments.get("buf-b64", ""))
        job.feed.write(arguments["offset"], data, last=arguments.get("eof", False))
        return {"offset": job.feed.offset, "closed": job.feed.closed}

    def _signal(self, arguments: Mapping[str, JSON]) -> JSON:
        job, _ = self._use(arguments)
        name = arguments["signal"]
        self._log.info(
            "txqga-exec-signal called, job: {job}, signal: {signal}", job=job.name, signal=name
        )
        try:
            job.group.signal(signal.Signals[f"SIG{name.upper()}"])
        except OSError as why:
            raise CommandFailed(f"failed to send the signal: {why.strerror}") from why
        return {}

    def _status(self, arguments: Mapping[str, JSON]) -> JSON:
        return _status(*self._find(arguments))

    def _list(self, arguments: Mapping[str, JSON]) -> JSON:
        return [_status(*each) for each in self._jobs.values()]

    def _detach(self, arguments: Mapping[str, JSON]) -> JSON:
        job, _ = self._find(arguments)
        job.detached = True
        return {}

    def _release(self, arguments: Mapping[str, JSON]) -> JSON:
        found = self._jobs.pop(arguments["job"], None)
        if found is not None:
            job, life = found
            self._log.info("txqga-exec-release called, job: {job}", job=job.name)
            job.close()
            self._released.add(life)
            life.release()  # and if it has ended, there is nothing left of it
        return {}


def _look_at(cwd: str) -> None:
    """Refuse a directory into which nobody can change."""
    path = octets(cwd)
    try:
        os.stat(path and path + b"/.")  # noqa: PTH116 - octets
    except OSError as why:
        raise CommandFailed(f"Failed to change to directory “{cwd}” ({why.strerror})") from why


def _progress(progress: Progress) -> dict[str, JSON]:
    told: dict[str, JSON] = {"running": progress.running, "timed-out": progress.timed_out}
    if progress.exitcode is not None:
        told["exitcode"] = progress.exitcode
    if progress.signal is not None:
        told["signal"] = progress.signal
    return told


def _piece(name: bytes, window: Window, count: int) -> tuple[bytes, ...]:
    """Tell what a stream holds: the members of a reply, up to 342 KiB."""
    piece = window.piece(count)
    eof = b"true" if piece.eof else b"false"
    return (
        b', "%b-offset": %d, "%b-data": "' % (name, piece.offset, name),
        encode(piece.data),
        b'", "%b-eof": %b' % (name, eof),
    )


def _status(job: _Job, life: Streamed) -> JSON:
    told = {"job": job.name, "pid": job.pid, "path": job.path, **_progress(life.progress())}
    if job.key is not None:
        told["key"] = job.key
    if job.detached:
        told["detached"] = True
    if job.feed is not None:
        told["in-offset"] = job.feed.offset
    told["out-offset"] = job.out.offset
    if job.err is not None:
        told["err-offset"] = job.err.offset
    return told


def _invalid(name: str, value: int) -> CommandFailed:
    return CommandFailed(f"value '{value}' is invalid for argument {name}")
