"""Programs of guests whose agents are real, as programs of the host see them."""

import atexit
import functools
import random
import signal
import subprocess
from pathlib import Path
from typing import Any

from attrs import define, field
from twisted.internet import reactor
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require
from txqga.errors import CommandFailed, CommandNotFound, ProgramLost
from txqga.exec import Exec, Running, Way
from txqga.exec._kill import KILL
from txqga.guest import Guest
from txqga.session import SessionOptions

CLOCK = IReactorTime(reactor)

PATIENT = SessionOptions(
    deadline=PATIENCE, sync_timeout=PATIENCE, retry_initial=0.05, retry_max=0.2
)

MIB = 1 << 20


@functools.cache
def agent(series: str, behind: str = "") -> AgentProcess:
    """
    An agent that many tests share: starting one takes longer than they do.

    :param behind: what it is behind; an agent talks to one at a time.
    """
    made = AgentProcess(require(series))
    atexit.register(made.remove)
    made.start()
    return made


@functools.cache
def mux(series: str) -> MuxProcess:
    """A mux in front of it."""
    made = MuxProcess({"db1": agent(series, "mux").socket})
    atexit.register(made.remove)
    made.start()
    return made


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
        self.agent = agent(self.series)
        self.guest = self.make()
        self.addCleanup(self.guest.close)
        await self.guest.wait_ready(PATIENCE)
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.kept = self.folder / "kept"
        self.kept.mkdir()
        self.exec = self.programs()

    def make(self) -> Guest:
        return Guest.connect(reactor, f"unix:{self.agent.socket}", name="db1", options=PATIENT)

    def programs(self) -> Exec:
        """Programs of the guest, as someone new to them sees them."""
        return Exec(CLOCK, self.guest, place=str(self.kept))

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

    async def test_much(self: Any) -> None:
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
        again = await self.programs().attach(running.name)
        heard = [each async for each in again.stdout]
        done = await again.wait()
        self.assertEqual((b"".join(heard), done.exit_code), (b"got it\n", 3))


class HeardAsItComes:
    """What is true where a program is heard while it runs."""

    streaming = Way.FOLLOWED
    megabytes = 20

    async def test_as_it_comes(self: Any) -> None:
        """
        A program is heard line by line: each before the next one is said.
        """
        script = "for i in 1 2 3; do echo $i; while ! [ -e $i ]; do sleep 0.01; done; done; exit 4"
        running = await self.shell(script, cwd=str(self.folder))
        self.assertIs(running.way, self.streaming)
        for number in (1, 2, 3):
            self.assertEqual(await running.stdout.read(), b"%d\n" % number)
            (self.folder / str(number)).touch()
        self.assertEqual(await running.stdout.read(), b"")
        done = await running.wait()
        self.assertEqual((done.exit_code, done.way), (4, self.streaming))
        self.assertEqual(self.left(), [])

    def left(self: Any) -> list[str]:
        """What is left in the guest of programs of ours."""
        return [each.name for each in self.kept.iterdir()]

    async def test_listeners(self: Any) -> None:
        """
        What listens is told in order, and what is said on two streams is told apart.
        """
        out, err = Heard(), Heard()
        script = "i=0; while [ $i -lt 2000 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done"
        running = await self.shell(script, stdout=out, stderr=err)
        self.assertTrue((await running.wait()).ok)
        for heard, letter in ((out, "o"), (err, "e")):
            said = "".join(f"{letter}{number}\n" for number in range(2000))
            self.assertEqual(heard.octets.decode(), said)

    async def test_merged(self: Any) -> None:
        """
        Joined streams keep their order.
        """
        heard = Heard()
        running = await self.shell("echo 1; echo 2 >&2; echo 3", merge=True, stdout=heard)
        self.assertTrue((await running.wait()).ok)
        self.assertEqual(heard.octets, b"1\n2\n3\n")

    async def test_not_started(self: Any) -> None:
        """
        What cannot be started is an error at once, and leaves nothing.
        """
        for path, cwd in (("no-such-program", None), ("true", "/no/such/folder")):
            await self.failure(self.exec.start(path, cwd=cwd), CommandFailed)
        self.assertEqual(self.left(), [])

    async def test_ctrl_c(self: Any) -> None:
        """
        A signal reaches all that belongs to a program, and how it ended is told.
        """
        # the inner one talks when the outer one has begun to wait for it
        running = await self.shell("sh -c 'echo go; exec sleep 1000'; echo never")
        self.assertEqual(await running.stdout.read(), b"go\n")
        await running.signal("int")
        done = await running.wait()
        self.assertEqual((done.exit_code, done.signal), (None, signal.SIGINT))
        self.assertEqual(self.left(), [])

    async def test_time_out_of_a_talker(self: Any) -> None:
        """
        A program that never stops talking is killed when its time is over.
        """
        running = await self.shell("while :; do echo talk; done", time_out=1)
        done = await running.wait()
        self.assertEqual((done.timed_out, done.signal), (True, signal.SIGKILL))

    async def test_much_input(self: Any) -> None:
        """
        Tens of megabytes go in, and come out again, unchanged.
        """
        size = self.megabytes * MIB
        data = random.Random(2).randbytes(size)
        done = await self.exec.run("cat", input=data, limit=size)
        self.assertTrue(done.stdout == data)
        self.assertEqual((done.exit_code, done.out_truncated), (0, False))
        self.assertEqual(self.left(), [])

    async def test_found_again(self: Any) -> None:
        """
        A program that is heard while it runs can be let go, and heard by another.
        """
        script = "echo 1; while ! [ -e on ]; do sleep 0.01; done; echo 2; exit 5"
        running = await self.shell(script, cwd=str(self.folder))
        self.assertEqual(await running.stdout.read(), b"1\n")
        running.let_go()
        again = await self.programs().attach(running.name)
        (self.folder / "on").touch()
        heard = b"".join([each async for each in again.stdout])
        self.assertEqual((await again.wait()).exit_code, 5)
        self.assertTrue(heard.endswith(b"2\n"))
        self.assertEqual(self.left(), [])


class Stock:
    """What is true of agents that cannot stream."""

    async def test_no_stream(self: Any) -> None:
        """
        A program that shall be written to while it runs is not started.
        """
        await self.failure(self.shell_later("cat", stdin=True), CommandNotFound)

    def shell_later(self: Any, path: str, **options: Any) -> Deferred[Running]:
        asked: Deferred[Running] = self.exec.start(path, **options)
        return asked

    async def test_lists_nothing(self: Any) -> None:
        """
        An agent that keeps no list says so.
        """
        await self.failure(self.exec.jobs(), CommandNotFound)

    async def test_pid(self: Any) -> None:
        """
        A program of a pid that the agent does not know is lost.
        """
        running = await self.exec.attach("1")
        await self.failure(running.wait(), ProgramLost)

    async def test_cut(self: Any) -> None:
        """
        What the agent has cut is told.
        """
        script = "head -c 17000000 /dev/zero"
        done = await self.exec.run("sh", ["-c", script], way=Way.WHOLE, limit=32 * MIB)
        self.assertEqual((len(done.stdout), done.out_truncated), (16 * MIB, True))
        self.assertEqual((done.stderr, done.err_truncated), (b"", False))


class Qga7Tests(AnyAgent, HeardAsItComes, Stock, Case):
    series = V7_2


class Qga10Tests(AnyAgent, HeardAsItComes, Stock, Case):
    series = V10_0


class OursTests(AnyAgent, HeardAsItComes, Case):
    way = streaming = Way.STREAMED
    megabytes = 64

    async def test_conversation(self) -> None:
        """
        A program is written to while it runs, and answers.
        """
        running = await self.shell("while read line; do echo got $line; done", stdin=True)
        assert running.stdin is not None
        for number in range(5):
            await running.stdin.write(b"%d\n" % number)
            self.assertEqual(await running.stdout.read(), b"got %d\n" % number)
        await running.stdin.close()
        self.assertTrue((await running.wait()).ok)

    async def test_nobody_reads(self) -> None:
        """
        A program that does not read its input takes no more of it, which is no error.
        """
        done = await self.exec.run("true", input=bytes(4 * MIB))
        self.assertTrue(done.ok)

    async def test_jobs(self) -> None:
        """
        Programs that were let go are listed, and found by the name that they were given.
        """
        running = await self.shell("echo x; exit 6", key="backup", detached=True)
        running.let_go()
        (job,) = await self.exec.jobs()
        self.assertEqual((job.name, job.key, job.path), (running.name, "backup", "sh"))
        again = await self.exec.attach("backup")
        self.assertEqual(await again.stdout.read(), b"x\n")
        self.assertEqual((await again.wait()).exit_code, 6)
        self.assertEqual(await self.exec.jobs(), [])

    async def test_stock_commands(self) -> None:
        """
        Our agent is a stock one, too, for who wants that.
        """
        script = "echo out; exit 3"
        for way in (Way.WHOLE, Way.FOLLOWED):
            done = await self.exec.run("sh", ["-c", script], way=way)
            self.assertEqual((done.stdout, done.exit_code, done.way), (b"out\n", 3, way))


class Through(Case):
    """A guest that is asked through a mux of another process."""

    def make(self) -> Guest:
        return Guest.at_mux(reactor, "db1", folder=mux(self.series).served, options=PATIENT)


class Qga7ThroughMuxTests(Through, Qga7Tests):
    """QEMU's agent through a mux."""


class OursThroughMuxTests(Through, OursTests):
    """Our agent through a mux."""


class RestartedMuxTests(TestCase):
    """What becomes of a program when what leads to it goes away for a while."""

    timeout = 4 * PATIENCE

    async def test_nothing_lost(self) -> None:
        """
        A program is followed through a mux that is killed and started anew: nothing that it says,
        or is told, is lost or doubled.
        """
        between = MuxProcess({"db1": agent(OURS, "restarted").socket})
        self.addCleanup(between.remove)
        between.start()
        guest = Guest.at_mux(reactor, "db1", folder=between.served, options=PATIENT)
        self.addCleanup(guest.close)
        await guest.wait_ready(PATIENCE)
        heard = Heard()
        running = await Exec(CLOCK, guest).start("cat", stdin=True, stdout=heard)
        assert running.stdin is not None
        data = random.Random(3).randbytes(4 * MIB)
        writing = running.stdin.write(data, end=True)
        while len(heard.octets) < MIB:
            await deferLater(reactor, 0.001)
        between.kill()
        between.start()
        self.assertTrue(await writing)
        done = await running.wait()
        self.assertTrue(heard.octets == data)
        self.assertTrue(done.ok)


class TurnsTests(TestCase):
    """What others notice of a program that says much."""

    timeout = 4 * PATIENCE

    async def test_others(self) -> None:
        """
        While a program says all it can, others are answered between each two pieces.
        """
        guests = [
            Guest.at_mux(reactor, "db1", folder=mux(OURS).served, options=PATIENT) for _ in range(2)
        ]
        for guest in guests:
            self.addCleanup(guest.close)
            await guest.wait_ready(PATIENCE)
        talker, other = guests
        heard = Heard()
        script = f"head -c {64 * MIB} /dev/zero"
        running = await Exec(CLOCK, talker).start("sh", ["-c", script], stdout=heard)
        waiting = running.wait()
        answered = 0
        while running.result is None:
            await other.ping()
            answered += 1
        self.assertTrue((await waiting).ok)
        self.assertEqual(len(heard.octets), 64 * MIB)
        self.assertGreater(answered, 64)


class KillTests(TestCase):
    """The shell that sends a signal where the agent cannot."""

    def setUp(self) -> None:
        self.sleeper = subprocess.Popen(["sleep", "1000"])
        self.addCleanup(self.sleeper.wait)
        self.addCleanup(self.sleeper.kill)

    def kill(self, *before: str) -> int:
        argv = [*before, "sh", "-c", KILL, "sh", "TERM", str(self.sleeper.pid)]
        return subprocess.run(argv, check=False, timeout=PATIENCE).returncode

    def test_stranger(self) -> None:
        """
        A process that is not a child of the agent gets no signal, whatever its number.
        """
        self.assertEqual(self.kill("sh", "-c", '"$@"; exit $?', "sh"), 3)
        self.assertIs(self.sleeper.poll(), None)

    def test_child(self) -> None:
        """
        A child of the agent gets it; and one that is gone is no error.
        """
        self.assertEqual(self.kill(), 0)
        self.assertEqual(self.sleeper.wait(PATIENCE), -signal.SIGTERM)
        self.assertEqual(self.kill(), 0)
