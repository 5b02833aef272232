"""Programs of guests whose agents are real, as programs of the host see them."""

import random
import signal
from pathlib import Path
from typing import Any

from attrs import define, field
from twisted.internet import reactor
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require
from txqga.errors import CommandFailed
from txqga.exec import Exec, Running, Way
from txqga.guest import Guest
from txqga.session import SessionOptions

CLOCK = IReactorTime(reactor)

PATIENT = SessionOptions(
    deadline=PATIENCE, sync_timeout=PATIENCE, retry_initial=0.05, retry_max=0.2
)

MIB = 1 << 20


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@define
class Heard:
    """What has been said, as often as it came."""

    pieces: list[bytes] = field(factory=list)

    def __call__(self, octets: bytes) -> None:
        self.pieces.append(octets)

    @property
    def octets(self) -> bytes:
        return b"".join(self.pieces)


class Case(TestCase):
    """A guest that is asked directly."""

    series = OURS
    timeout = 4 * PATIENCE

    async def setUp(self) -> None:  # type: ignore[override]  # trial waits for it
        self.agent = AgentProcess(require(self.series))
        self.addCleanup(self.agent.remove)
        self.agent.start()
        self.guest = self.make()
        self.addCleanup(self.guest.close)
        await self.guest.wait_ready(PATIENCE)
        self.exec = Exec(CLOCK, self.guest)
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()

    def make(self) -> Guest:
        return Guest.connect(reactor, f"unix:{self.agent.socket}", name="db1", options=PATIENT)

    async def failure(self, asked: Deferred[Any], *kinds: type[Exception]) -> Any:
        """Give what fails."""
        return await self.assertFailure(asked, *kinds)

    async def until(self, met: Any) -> None:
        while not met():
            await deferLater(reactor, 0.005)

    async def shell(self, script: str, **options: Any) -> Running:
        return await self.exec.start("sh", ["-c", script], **options)


class AnyAgent:
    """What is true of every agent."""

    way = Way.WHOLE

    async def test_run(self: Any) -> None:
        """
        A program is run, and what it says is told apart from what it complains of.
        """
        done = await self.exec.run("sh", ["-c", "echo out; echo err >&2; exit 7"])
        self.assertEqual((done.exit_code, done.signal, done.timed_out), (7, None, False))
        self.assertEqual((done.stdout, done.stderr), (b"out\n", b"err\n"))
        self.assertEqual((done.out_truncated, done.err_truncated), (False, False))
        self.assertIs(done.way, self.way)
        self.assertFalse(done.ok)

    async def test_input(self: Any) -> None:
        """
        A program reads what it is given, and its end.
        """
        data = random.Random(1).randbytes(MIB)
        done = await self.exec.run("cat", input=data)
        self.assertTrue(done.ok)
        self.assertEqual(done.stdout, data)
        self.assertEqual((await self.exec.run("cat")).stdout, b"")

    async def test_killed(self: Any) -> None:
        """
        A program that was killed by a signal has no exit code.
        """
        done = await self.exec.run("sh", ["-c", "kill -s TERM $$"])
        self.assertEqual((done.exit_code, done.signal), (None, signal.SIGTERM))

    async def test_surroundings(self: Any) -> None:
        """
        A program has the environment and the folder that it was given, and its streams joined.
        """
        script = "echo $FOO-$PATH >&2; pwd; echo end >&2"
        done = await self.exec.run(
            "sh",
            ["-c", script],
            env={"FOO": "bar baz", "PATH": "/usr/bin:/bin"},
            cwd=str(self.folder),
            merge=True,
        )
        said = f"bar baz-/usr/bin:/bin\n{self.folder}\nend\n"
        self.assertEqual((done.stdout.decode(), done.stderr), (said, b""))

    async def test_no_search(self: Any) -> None:
        """
        A program is looked for in PATH, or not.
        """
        program = self.folder / "true"
        program.write_text("#!/bin/sh\necho mine\n")
        program.chmod(0o755)
        done = await self.exec.run("true", search=False, cwd=str(self.folder))
        self.assertEqual(done.stdout, b"mine\n")
        done = await self.exec.run("true", cwd=str(self.folder))
        self.assertEqual(done.stdout, b"")

    async def test_not_there(self: Any) -> None:
        """
        A program that is not there is an error, not a program that has failed.
        """
        await self.failure(self.exec.run("no-such-program"), CommandFailed)

    async def test_time_out(self: Any) -> None:
        """
        A program whose time is over is killed, with all that it has started.
        """
        script = f"sleep 1000 & echo $! > {self.folder}/pid; wait"
        done = await self.exec.run("sh", ["-c", script], time_out=1)
        self.assertEqual((done.exit_code, done.signal), (None, signal.SIGKILL))
        self.assertTrue(done.timed_out)
        pid = int((self.folder / "pid").read_text())
        await self.until(lambda: not alive(pid))

    async def test_cancelled(self: Any) -> None:
        """
        A program that nobody waits for any more is killed.
        """
        asked = self.exec.run("sh", ["-c", f"echo $$ > {self.folder}/pid; exec sleep 1000"])
        pid = self.folder / "pid"
        await self.until(lambda: pid.exists() and pid.read_text().endswith("\n"))
        asked.cancel()
        await self.failure(asked, CancelledError)
        await self.until(lambda: not alive(int(pid.read_text())))

    async def test_signals(self: Any) -> None:
        """
        Ctrl-C is told to a program, which may have other plans; the second time it is killed.
        """
        script = f"trap 'echo heard > {self.folder}/int' INT; echo $$ > {self.folder}/pid;"
        running = await self.shell(script + " while :; do sleep 0.01; done")
        await self.until((self.folder / "pid").exists)
        await running.interrupt()
        await self.until((self.folder / "int").exists)
        self.assertIs(running.result, None)
        await running.interrupt()
        done = await running.wait()
        self.assertEqual((done.exit_code, done.signal), (None, signal.SIGKILL))
        await running.kill()  # is no error

    async def test_bounded(self: Any) -> None:
        """
        Of a program that says much only the beginning is kept, and that it was cut.
        """
        done = await self.exec.run("sh", ["-c", "head -c 3000000 /dev/zero; echo >&2"], limit=1000)
        self.assertEqual((done.stdout, done.stderr), (bytes(1000), b"\n"))
        self.assertEqual((done.out_truncated, done.err_truncated), (True, False))
        self.assertTrue(done.ok)

    async def no_test_much(self: Any) -> None:
        """
        More than an agent keeps in memory arrives whole, if that is asked for.
        """
        script = "head -c 20000000 /dev/zero | tr '\\0' x; head -c 18000000 /dev/zero >&2"
        done = await self.exec.run("sh", ["-c", script], limit=32 * MIB)
        self.assertTrue(done.stdout == b"x" * 20_000_000)
        self.assertTrue(done.stderr == bytes(18_000_000))
        self.assertEqual((done.out_truncated, done.err_truncated), (False, False))

    async def test_collected_later(self: Any) -> None:
        """
        A program that was let go is found again, by its name, by whoever has that.
        """
        running = await self.shell(
            "read line; echo got $line; exit 3", input=b"it\n", detached=True
        )
        running.let_go()
        again = await Exec(CLOCK, self.guest).attach(running.name)
        heard = [each async for each in again.stdout]
        done = await again.wait()
        self.assertEqual((b"".join(heard), done.exit_code), (b"got it\n", 3))


class Qga7Tests(AnyAgent, Case):
    series = V7_2


class Qga10Tests(AnyAgent, Case):
    series = V10_0


class OursTests(AnyAgent, Case):
    way = Way.STREAMED
