"""Guests in memory that run programs, or say that they do."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from attrs import define, field
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed
from txqga.exec import Exec
from txqga.testing import MemoryGuest
from txqga.wire import JSON


def coded(data: bytes) -> str:
    return b64encode(data).decode()


@define
class Job:
    """A program of an agent that can stream."""

    arguments: Mapping[str, JSON]
    pid: int
    out: bytearray = field(factory=bytearray)
    err: bytearray = field(factory=bytearray)
    input: bytearray = field(factory=bytearray)
    room: int = 1 << 30  #: octets of input that it has room for
    closed: bool = False
    ended: dict[str, JSON] | None = None
    told: list[int] = field(factory=list)  #: the offsets of standard output that were asked for
    signals: list[str] = field(factory=list)
    mortal: bool = True  #: whether it ends when it is killed
    detached: bool = False  #: whether it was said that it is meant to outlive its owner

    def end(self, exitcode: int = 0) -> None:
        self.ended = {"exitcode": exitcode}


class StreamedGuest(MemoryGuest):
    """A guest whose agent can stream."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, Job] = {}
        self.lie: dict[str, JSON] = {}  #: what it says of a program, whatever is true
        for name in ("start", "read", "write", "signal", "status", "list", "detach", "release"):
            self.answer(f"txqga-exec-{name}", getattr(self, f"_{name}"))

    @property
    def job(self) -> Job:
        """The one that was started last."""
        return list(self.jobs.values())[-1]

    def _start(self, said: Mapping[str, JSON]) -> JSON:
        for name, job in self.jobs.items():
            if job.arguments["key"] == said["key"]:
                return {"job": name, "pid": job.pid}
        pid = 100 + len(self.jobs)
        self.jobs[f"job{pid}"] = Job(said, pid)
        return {"job": f"job{pid}", "pid": pid}

    def _progress(self, job: Job) -> dict[str, JSON]:
        return {"running": job.ended is None, "timed-out": False, **(job.ended or {})}

    def _read(self, said: Mapping[str, JSON]) -> Any:
        job = self.jobs.get(said["job"])
        if job is None:
            return CommandFailed(f"job '{said['job']}' has not been found")
        told = self._progress(job)
        job.told.append(said["out-offset"])
        for name, octets in (("out", job.out), ("err", job.err)):
            if name == "err" and job.arguments["merge"]:
                continue
            offset, count = said[f"{name}-offset"], said["count"]
            told[f"{name}-offset"] = offset
            told[f"{name}-data"] = coded(bytes(octets[offset : offset + count]))
            told[f"{name}-eof"] = job.ended is not None and offset + count >= len(octets)
        return {**told, **self.lie}

    def _write(self, said: Mapping[str, JSON]) -> JSON:
        job, data = self.jobs[said["job"]], b64decode(said["buf-b64"])
        data = data[len(job.input) - said["offset"] :]
        taken = data[: max(0, job.room - len(job.input))]
        job.input += taken
        job.closed |= said["eof"] and len(taken) == len(data)
        return {"offset": len(job.input), "closed": job.closed, **self.lie}

    def _signal(self, said: Mapping[str, JSON]) -> JSON:
        job = self.jobs[said["job"]]
        job.signals.append(said["signal"])
        if said["signal"] == "kill" and job.mortal:
            job.ended = {"signal": 9}
        return {}

    def _told(self, name: str) -> dict[str, JSON]:
        job = self.jobs[name]
        return {
            "job": name,
            "pid": job.pid,
            "path": job.arguments["path"],
            "key": job.arguments["key"],
            "out-offset": 0,
            "err-offset": 0,
            "in-offset": len(job.input),
            **self._progress(job),
        }

    def _status(self, said: Mapping[str, JSON]) -> Any:
        if said["job"] not in self.jobs:
            return CommandFailed(f"job '{said['job']}' has not been found")
        return self._told(said["job"])

    def _list(self, said: Mapping[str, JSON]) -> JSON:
        return [self._told(name) for name in self.jobs]

    def _detach(self, said: Mapping[str, JSON]) -> JSON:
        self.jobs[said["job"]].detached = True
        return {}

    def _release(self, said: Mapping[str, JSON]) -> JSON:
        self.jobs.pop(said["job"], None)
        return {}


class StockGuest(MemoryGuest):
    """
    A guest whose agent can start programs, and tell their ends.

    :param system: ``id`` of its operating system.
    """

    def __init__(self, system: str = "debian") -> None:
        super().__init__({"guest-get-osinfo": {"id": system}})
        self.started: list[Mapping[str, JSON]] = []
        self.replies: dict[int, dict[str, JSON]] = {}  #: by pid, what was not asked for yet
        self.helper: dict[str, JSON] = {"exited": True, "exitcode": 0}  #: how those of ours end
        self.answer("guest-exec", self._exec)
        self.answer("guest-exec-status", self._exec_status)

    def end(self, pid: int = 100, **reply: JSON) -> None:
        """Let a program end, with a reply whose octets are not yet base64."""
        named = {name.replace("_", "-"): value for name, value in reply.items()}
        for name, value in named.items():
            if isinstance(value, bytes):
                named[name] = coded(value)
        self.replies[pid] = {"exited": True, **named}

    def _exec(self, said: Mapping[str, JSON]) -> JSON:
        self.started.append(said)
        pid = 99 + len(self.started)
        self.replies[pid] = {"exited": False}
        words = [said["path"], *said["arg"]]
        if words[0] == "taskkill.exe" or "kill -s" in " ".join(words):
            self.replies[pid] = self.helper
            if self.helper["exitcode"] == 0:
                self.end(int(words[-1]), signal=9)
        return {"pid": pid}

    def _exec_status(self, said: Mapping[str, JSON]) -> Any:
        reply = self.replies.get(said["pid"])
        if reply is None:
            return CommandFailed(f"PID {said['pid']} does not exist")
        if reply["exited"]:
            del self.replies[said["pid"]]
        return reply


class ExecCase(SynchronousTestCase):
    """What tests of programs have at hand."""

    def streamed(self) -> StreamedGuest:
        guest = StreamedGuest()
        self._ask(guest)
        return guest

    def stock(self, system: str = "debian") -> StockGuest:
        guest = StockGuest(system)
        self._ask(guest)
        return guest

    def _ask(self, guest: MemoryGuest) -> None:
        self.guest: Any = guest
        self.clock = Clock()
        self.exec = Exec(self.clock, guest)

    def coming(self, coroutine: Any) -> Deferred[Any]:
        """Let a coroutine go on; the test keeps it."""
        asked = Deferred.fromCoroutine(coroutine)
        self.guest.advance()
        return asked

    def later(self, seconds: float = 2.5) -> None:
        """Let so much time pass that whoever waits has asked again."""
        for _ in range(50):
            self.guest.advance(seconds / 50)
            self.clock.advance(seconds / 50)
