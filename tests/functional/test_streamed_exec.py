"""Programs of the guest, followed while they run: real ones, on the real reactor."""

import base64
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from attrs import define, field
from twisted.internet.task import deferLater
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.functional._client import Client, Refused
from tests.functional._oracle import OURS, AgentProcess, require
from tests.functional._started import PATIENCE, open_files
from txqga.agent._family import Encoded
from txqga.agent._window import WIDTH
from txqga.agent.families._streamed_exec import MOST_JOBS, StreamedExec
from txqga.errors import CommandFailed
from txqga.wire import JSON, decode

Call = Callable[..., JSON]

#: A program that tells when it was hung up, also where somebody ignores that signal.
_HUNG_UP = """\
import pathlib, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
signal.signal(signal.SIGHUP, lambda *_: None)
print("ready", flush=True)
signal.sigwait([signal.SIGHUP])
pathlib.Path(sys.argv[1]).write_text("hung up")
"""


@define
class Host:
    """Follows one job, and knows what has arrived."""

    call: Call
    job: str
    out: bytearray = field(factory=bytearray)
    err: bytearray = field(factory=bytearray)
    last: dict[str, JSON] = field(factory=dict)

    @property
    def done(self) -> bool:
        """Whether nothing will change any more."""
        last = self.last
        return bool(last) and not last["running"] and last["out-eof"] and last["err-eof"]

    def read(self, **arguments: JSON) -> None:
        self.last = self.call(
            "txqga-exec-read",
            job=self.job,
            out_offset=len(self.out),
            err_offset=len(self.err),
            **arguments,
        )
        assert self.last["out-offset"] == len(self.out)
        assert self.last["err-offset"] == len(self.err)
        self.out += base64.b64decode(self.last["out-data"])
        self.err += base64.b64decode(self.last["err-data"])

    def write(self, offset: int, data: bytes, *, eof: bool = False) -> JSON:
        encoded = base64.b64encode(data).decode()
        return self.call("txqga-exec-write", job=self.job, offset=offset, buf_b64=encoded, eof=eof)

    def signal(self, name: str) -> None:
        self.call("txqga-exec-signal", job=self.job, signal=name)

    def release(self) -> None:
        self.call("txqga-exec-release", job=self.job)


class StreamedTestCase(TestCase):
    timeout = 2 * PATIENCE

    def setUp(self) -> None:
        from twisted.internet import reactor

        self.reactor = reactor
        self.exec = StreamedExec(reactor, reactor)
        self.addCleanup(self.exec.close)
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()

    def call(self, command: str, **arguments: JSON) -> JSON:
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        value = self.exec.commands()[command].function(wire)
        return decode(value.octets) if isinstance(value, Encoded) else value

    def start(self, path: str, *words: str, **arguments: JSON) -> Host:
        reply = self.call("txqga-exec-start", path=path, arg=list(words), **arguments)
        return Host(self.call, reply["job"])

    def shell(self, script: str, **arguments: JSON) -> Host:
        return self.start("/bin/sh", "-c", script, **arguments)

    async def until(self, met: Callable[[], object]) -> None:
        deadline = self.reactor.seconds() + PATIENCE
        while not met():
            self.assertLess(self.reactor.seconds(), deadline)
            await deferLater(self.reactor, 0.002)

    async def follow(self, host: Host) -> None:
        """Read until there is nothing more to come."""

        def done() -> bool:
            host.read()
            return host.done

        await self.until(done)

    async def ended(self, host: Host) -> None:
        """Read until the program has ended."""

        def gone() -> bool:
            host.read()
            return not host.last["running"]

        await self.until(gone)

    async def heard(self, host: Host, said: bytes) -> None:
        """Read until something was said on standard output, and nothing else."""

        def arrived() -> bool:
            host.read()
            self.assertTrue(said.startswith(bytes(host.out)))
            return bytes(host.out) == said

        await self.until(arrived)

    def alive(self, pid: int) -> bool:
        """Whether a process runs; a zombie does not."""
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except FileNotFoundError:
            return False


class StreamsTests(StreamedTestCase):
    async def test_as_it_comes(self) -> None:
        """
        A program that prints slowly is seen line by line.
        """
        host = self.shell("while read line; do echo $line; done; echo end >&2; exit 3", stdin=True)
        said, offset = b"", 0
        for number in range(5):
            line = b"%d\n" % number
            offset = host.write(offset, line)["offset"]
            said += line
            await self.heard(host, said)
            self.assertTrue(host.last["running"])
        host.write(offset, b"", eof=True)
        await self.follow(host)
        self.assertEqual((host.last["exitcode"], bytes(host.err)), (3, b"end\n"))

    async def test_merged(self) -> None:
        """
        Joined streams keep their order.
        """
        script = "for n in 1 2 3; do echo o$n; echo e$n >&2; done"
        job = self.shell(script, merge=True).job
        await self.until(lambda: self.call("txqga-exec-read", job=job)["out-eof"])
        reply = self.call("txqga-exec-read", job=job)
        self.assertEqual(base64.b64decode(reply["out-data"]), b"o1\ne1\no2\ne2\no3\ne3\n")

    async def test_lossy(self) -> None:
        """
        Whichever replies are lost, what goes in comes out again.
        """
        dice = random.Random(4711)
        data = dice.randbytes(3_000_000)
        host = self.start("/bin/cat", stdin=True)
        offset = 0
        while not host.done:
            reply = host.write(offset, data[offset : offset + 100_000], eof=offset > 2_900_000)
            if dice.random() < 0.5:
                offset = reply["offset"]
            before = len(host.out)
            host.read(count=dice.choice([0, 1, 1000, 65536, WIDTH]))
            if dice.random() < 0.3:
                del host.out[before:]
                host.last = {}
            await deferLater(self.reactor, 0)
        self.assertEqual(bytes(host.out), data)

    async def test_unread(self) -> None:
        """
        A program of which nothing is read waits, and nothing of what it says is lost.
        """
        host = self.shell(
            "i=0; while [ $i -lt 20000 ]; do echo 012345678901234567890123456789;"
            " i=$((i+1)); done; echo done >&2"
        )
        # the other stream is read, and can tell when the program goes on
        await self.until(lambda: self._waits_in_write(host))
        reply = self.call("txqga-exec-read", job=host.job, count=0)
        self.assertTrue(reply["running"])
        await self.follow(host)
        self.assertEqual(bytes(host.out), b"012345678901234567890123456789\n" * 20000)
        self.assertEqual(bytes(host.err), b"done\n")

    def _waits_in_write(self, host: Host) -> bool:
        pid = self.call("txqga-exec-status", job=host.job)["pid"]
        found = Path(f"/proc/{pid}/wchan").read_text()
        return "pipe_write" in found

    async def test_nobody_reads_input(self) -> None:
        """
        Who writes is told that nobody reads any more.
        """
        host = self.shell("exec <&-; echo closed; sleep 1000", stdin=True)
        await self.heard(host, b"closed\n")
        self.assertEqual(host.write(0, b"abc"), {"offset": 0, "closed": True})
        host.signal("kill")

    async def test_grandchild(self) -> None:
        """
        What a grandchild says after the program's end belongs to it.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        host = self.shell(f"(read word < {gate}; echo $word) & exit 4")
        await self.ended(host)
        self.assertEqual(host.last["exitcode"], 4)
        self.assertFalse(host.last["out-eof"])
        gate.write_text("late\n")
        await self.follow(host)
        self.assertEqual(bytes(host.out), b"late\n")

    async def test_directory(self) -> None:
        """
        A program begins in its directory, and a relative path is looked for from there.
        """
        program = self.folder / "program"
        program.write_text("#!/bin/sh\npwd -P\n")
        program.chmod(0o755)
        for path in ("./program", str(program)):
            host = self.start(path, cwd=str(self.folder))
            await self.follow(host)
            self.assertEqual(bytes(host.out).decode().strip(), str(self.folder.resolve()))
        host = self.start("program", cwd=str(self.folder), env=["PATH=", "A=1"])
        await self.follow(host)
        self.assertEqual(host.last["exitcode"], 0)

    async def test_no_program(self) -> None:
        """
        What cannot be started is a refusal at once.
        """
        with self.assertRaises(CommandFailed) as caught:
            self.start("/no/such")
        self.assertEqual(
            caught.exception.desc,
            "Failed to execute child process “/no/such” (No such file or directory)",
        )


class GroupTests(StreamedTestCase):
    async def family(self, script: str, **arguments: JSON) -> tuple[Host, list[int]]:
        """A program that says its pid and that of its child."""
        host = self.shell(f"sleep 1000 & echo $$ $!; {script}", **arguments)

        def said() -> bool:
            host.read()
            return bytes(host.out).endswith(b"\n")

        await self.until(said)
        return host, [int(pid) for pid in bytes(host.out).split()]

    async def test_own_session(self) -> None:
        """
        A program leads a session and a process group of its own, whose number is its pid.
        """
        host, (pid, child) = await self.family("wait")
        self.assertEqual(self.call("txqga-exec-status", job=host.job)["pid"], pid)
        self.assertEqual((os.getsid(child), os.getpgid(child)), (pid, pid))
        host.signal("kill")

    async def test_signal(self) -> None:
        """
        A signal goes to the program and its children.
        """
        host, pids = await self.family("wait")
        host.signal("kill")
        await self.follow(host)
        self.assertEqual(host.last["signal"], signal.SIGKILL)
        await self.until(lambda: not any(map(self.alive, pids)))

    async def test_interrupt(self) -> None:
        """
        A program may have plans for Ctrl-C.
        """
        host = self.shell("trap 'echo no; exit 7' INT; echo ready; while :; do sleep 0.01; done")
        await self.heard(host, b"ready\n")
        host.signal("int")
        await self.follow(host)
        self.assertEqual((host.last["exitcode"], bytes(host.out)), (7, b"ready\nno\n"))

    async def test_leader_gone(self) -> None:
        """
        What a program has left behind can still be signalled.
        """
        host, (_, child) = await self.family("exit 5")
        await self.ended(host)
        self.assertTrue(self.alive(child))
        host.signal("term")
        await self.follow(host)
        self.assertEqual(host.last["exitcode"], 5)

    async def test_time_out(self) -> None:
        """
        When its time is up, a program is killed with its children.
        """
        host, pids = await self.family("wait", time_out=1)
        await self.follow(host)
        self.assertEqual((host.last["signal"], host.last["timed-out"]), (signal.SIGKILL, True))
        await self.until(lambda: not any(map(self.alive, pids)))

    async def test_time_out_of_what_is_left(self) -> None:
        """
        When its time is up, what still writes for a program that has ended is killed.
        """
        host, (_, child) = await self.family("exit 5", time_out=1)
        await self.follow(host)
        self.assertEqual((host.last["exitcode"], host.last["timed-out"]), (5, True))
        await self.until(lambda: not self.alive(child))

    async def test_released(self) -> None:
        """
        A program that is released lives on, and leaves no zombie.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        host = self.shell(f"read word < {gate}")
        pid = self.call("txqga-exec-status", job=host.job)["pid"]
        host.release()
        self.assertTrue(self.alive(pid))
        gate.write_text("go\n")
        await self.until(lambda: not Path(f"/proc/{pid}").exists())


class ManyTests(StreamedTestCase):
    timeout = 4 * PATIENCE

    async def test_thousand(self) -> None:
        """
        A thousand jobs, as many at a time as there may be, leave nothing behind.
        """
        warm = self.shell("echo warm")
        await self.follow(warm)
        warm.release()
        before = open_files()
        names: set[str] = set()
        pids: set[int] = set()
        left = 1000
        while left:
            batch = min(left, MOST_JOBS)
            hosts = [self.shell(f"echo {n}; exit {n}") for n in range(batch)]
            pids.update(status["pid"] for status in self.call("txqga-exec-list"))
            for n, host in enumerate(hosts):
                await self.follow(host)
                self.assertEqual((bytes(host.out), host.last["exitcode"]), (b"%d\n" % n, n))
                host.release()
            names.update(host.job for host in hosts)
            left -= batch
        self.assertEqual(len(names), 1000)
        self.assertEqual(open_files(), before)
        for pid in pids:
            self.assertRaises(ChildProcessError, os.waitpid, pid, os.WNOHANG)


class AgentTests(SynchronousTestCase):
    """The same commands, asked of the agent as a process."""

    def start(self, client: Client, *words: str, **arguments: JSON) -> Host:
        path, *rest = words
        reply = client.call("txqga-exec-start", path=path, arg=rest, **arguments)
        return Host(client.call, reply["job"])

    def test_much(self) -> None:
        """
        64 MiB go through a program, in and out, and the agent stays small.
        """
        size = 64 << 20
        piece = random.Random(4711).randbytes(1 << 20)
        with AgentProcess(require(OURS)) as agent, agent.connect() as client:
            host = self.start(client, "/bin/cat", stdin=True)
            client.call("guest-ping")
            before = agent.memory()
            agent.forget_peak()
            given = got = 0
            while not host.done:
                if given < size:
                    at = given % len(piece)
                    data = piece[at : at + WIDTH]
                    last = given + len(data) == size
                    given = host.write(given, data, eof=last)["offset"]
                reply = client.call(
                    "txqga-exec-read", job=host.job, out_offset=got, err_offset=0, count=WIDTH
                )
                host.last = reply
                data = base64.b64decode(reply["out-data"])
                at = got % len(piece)
                self.assertEqual(data, (piece + piece)[at : at + len(data)])
                got += len(data)
            self.assertEqual(got, size)
            self.assertEqual(host.last["exitcode"], 0)
            self.assertLess(agent.peak_memory() - before, 16 << 20)

    def test_stop(self) -> None:
        """
        A program that runs when the agent stops is hung up.
        """
        with AgentProcess(require(OURS)) as agent:
            fifo = agent.folder / "fifo"
            os.mkfifo(fifo)
            with agent.connect() as client:
                host = self.start(client, sys.executable, "-c", _HUNG_UP, str(fifo))
                while not host.out:
                    host.read()
            agent.stop()
            self.assertEqual(fifo.read_text(), "hung up")

    def test_beside_guest_exec(self) -> None:
        """
        A job is none of guest-exec's programs, and the other way round.
        """
        with AgentProcess(require(OURS)) as agent, agent.connect() as client:
            job = client.call("txqga-exec-start", path="/bin/true")
            with self.assertRaises(Refused):
                client.call("guest-exec-status", pid=job["pid"])
            pid = client.call("guest-exec", path="/bin/true")["pid"]
            with self.assertRaises(Refused):
                client.call("txqga-exec-status", job=str(pid))
            self.assertEqual(len(client.call("txqga-exec-list")), 1)

    def test_blocked(self) -> None:
        """
        Each of the commands can be refused, as any other.
        """
        with (
            AgentProcess(require(OURS), block=["txqga-exec-start"]) as agent,
            agent.connect() as client,
        ):
            with self.assertRaises(Refused) as caught:
                client.call("txqga-exec-start", path="/bin/true")
            self.assertEqual(caught.exception.wire_class, "CommandNotFound")
