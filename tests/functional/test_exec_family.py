"""Programs of the guest, with real programs and the real reactor."""

import base64
import contextlib
import errno
import os
import re
import resource
import signal
import time
from collections import Counter
from pathlib import Path

from attrs import define
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from txqga.agent._family import Encoded
from txqga.agent._reaper import Reaper
from txqga.agent.families._exec import Exec
from txqga.errors import CommandFailed
from txqga.wire import JSON, decode

PATIENCE = 60.0  #: seconds


@define
class Done:
    """What came of a program."""

    exitcode: int | None
    signal: int | None
    out: bytes
    err: bytes
    truncated: list[str]


class ProgramTestCase(TestCase):
    timeout = 2 * PATIENCE

    def setUp(self) -> None:
        from twisted.internet import reactor

        self.reactor = reactor
        self.exec = self.make()
        self.addCleanup(self.exec.close)
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()

    def make(self) -> Exec:
        return Exec(self.reactor)

    def call(self, command: str, **arguments: JSON) -> JSON:
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        value = self.exec.commands()[command].function(wire)
        return decode(value.octets) if isinstance(value, Encoded) else value

    def start(self, path: str, *words: str, **arguments: JSON) -> int:
        reply = self.call("guest-exec", path=path, arg=list(words), **arguments)
        return int(reply["pid"])

    def shell(self, script: str, **arguments: JSON) -> int:
        arguments.setdefault("capture_output", True)
        return self.start("/bin/sh", "-c", script, **arguments)

    def refused(self, path: str, *words: str, **arguments: JSON) -> str:
        with self.assertRaises(CommandFailed) as caught:
            self.start(path, *words, **arguments)
        return str(caught.exception.desc)

    def program(self, content: str, mode: int = 0o755) -> Path:
        path = self.folder / "program"
        path.write_text(content)
        path.chmod(mode)
        return path

    async def pause(self) -> None:
        await deferLater(self.reactor, 0.002)

    async def until_gone(self, pid: int) -> None:
        """Wait until there is not even a zombie of it."""
        await self.until(lambda: not Path(f"/proc/{pid}").exists())

    async def until(self, met: object) -> None:
        assert callable(met)
        deadline = time.monotonic() + PATIENCE
        while not met():
            self.assertLess(time.monotonic(), deadline)
            await self.pause()

    async def done(self, pid: int) -> Done:
        """Ask until it is over."""
        deadline = time.monotonic() + PATIENCE
        while not (status := self.call("guest-exec-status", pid=pid))["exited"]:
            self.assertEqual(status, {"exited": False})
            self.assertLess(time.monotonic(), deadline)
            await self.pause()
        for name in ("out", "err"):
            self.assertEqual(f"{name}-data" in status, f"{name}-truncated" in status)
        return Done(
            status.get("exitcode"),
            status.get("signal"),
            base64.b64decode(status.get("out-data", "")),
            base64.b64decode(status.get("err-data", "")),
            [name for name in ("out", "err") if status.get(f"{name}-truncated")],
        )

    async def output(self, script: str, **arguments: JSON) -> str:
        """What a script writes."""
        done = await self.done(self.shell(script, **arguments))
        self.assertEqual((done.exitcode, done.err), (0, b""))
        return done.out.decode()


class ProgramTests(ProgramTestCase):
    async def test_exit(self) -> None:
        """
        Both streams and the exit code come back, apart from each other.
        """
        done = await self.done(self.shell("echo out; echo err >&2; exit 300"))
        self.assertEqual(done, Done(44, None, b"out\n", b"err\n", []))

    async def test_signal(self) -> None:
        """
        A program that was killed has a signal instead.
        """
        done = await self.done(self.shell("kill -KILL $$"))
        self.assertEqual(done, Done(None, signal.SIGKILL, b"", b"", []))

    async def test_merged(self) -> None:
        """
        Joined streams keep their order.
        """
        done = await self.done(
            self.shell("for n in 1 2 3; do echo o$n; echo e$n >&2; done", capture_output="merged")
        )
        self.assertEqual(done, Done(0, None, b"o1\ne1\no2\ne2\no3\ne3\n", b"", []))

    async def test_one_stream(self) -> None:
        """
        What is not captured is gone, again and again.
        """
        script = "echo out; echo err >&2"
        for _ in range(3):
            out = await self.done(self.shell(script, capture_output="stdout"))
            self.assertEqual((out.out, out.err), (b"out\n", b""))
            err = await self.done(self.shell(script, capture_output="stderr"))
            self.assertEqual((err.out, err.err), (b"", b"err\n"))
            none = await self.done(self.shell(script, capture_output="none"))
            self.assertEqual((none.out, none.err), (b"", b""))

    async def test_searched(self) -> None:
        """
        A program is looked for along its own PATH, and gets the name it was called by.
        """
        self.program("#!/bin/sh\necho found $0\n")
        path = f"PATH=/nowhere:{self.folder}:/bin:/usr/bin"
        done = await self.done(self.start("program", env=[path], capture_output=True))
        self.assertEqual(done.out.decode(), f"found {self.folder}/program\n")
        self.assertEqual(
            self.refused("program", env=["PATH=/bin"]),
            "Failed to execute child process “program” (No such file or directory)",
        )

    async def test_no_interpreter(self) -> None:
        """
        A file that does not say what runs it is a shell script.
        """
        path = self.program("echo shell $0 $1 $FOO\n")
        for name in (str(path), "program"):
            done = await self.done(
                self.start(
                    name,
                    "word",
                    env=[f"PATH={self.folder}", "FOO=bar"],
                    capture_output=True,
                )
            )
            self.assertEqual(done.out.decode(), f"shell {path} word bar\n")

    async def test_not_executable(self) -> None:
        """
        What may not be executed is refused at once; a later one that may be is found.
        """
        path = self.program("echo hello\n", 0o644)
        for name, reason in (
            (str(path), "Permission denied"),
            (str(self.folder), "Permission denied"),
            (f"{path}/x", "Not a directory"),
            ("", "No such file or directory"),
            (f"{path}\0", "No such file or directory"),
        ):
            self.assertEqual(
                self.refused(name), f"Failed to execute child process “{name}” ({reason})"
            )
        for search, reason in (
            (f"{self.folder}:/nowhere", "Permission denied"),
            ("/nowhere", "No such file or directory"),
        ):
            self.assertIn(reason, self.refused("program", env=[f"PATH={search}"]))
        (self.folder / "true").touch(0o644)
        search = f"PATH={self.folder}:/bin:/usr/bin"
        done = await self.done(self.start("true", env=[search]))
        self.assertEqual(done.exitcode, 0)

    async def test_too_long(self) -> None:
        """
        Arguments that the system does not take are refused.
        """
        self.assertEqual(
            self.refused("/bin/true", "x" * 140_000),
            "Failed to execute child process “/bin/true” (Argument list too long)",
        )

    async def test_variables(self) -> None:
        """
        The given variables are all there are, as they are: twice, empty, without a sign.
        """
        given = ["FOO", "A=1", "A=2", "=x", "B=1=2", "Ä=ü", "", "N=\0"]
        done = await self.done(
            self.start("/bin/cat", "/proc/self/environ", env=given, capture_output=True)
        )
        self.assertEqual(
            done.out,
            b"FOO\0A=1\0A=2\0=x\0B=1=2\0\xc3\x84=\xc3\xbc\0\0N=\xc0\x80\0",
        )
        done = await self.done(
            self.start("/bin/cat", "/proc/self/environ", env=[], capture_output=True)
        )
        self.assertEqual(done.out, b"")
        done = await self.done(self.start("/bin/cat", "/proc/self/environ", capture_output=True))
        inherited = {b"%b=%b" % pair for pair in os.environb.items()}
        self.assertLessEqual(inherited, set(done.out.split(b"\0")))

    async def test_arguments(self) -> None:
        """
        Arguments reach the program as they are.
        """
        words = ["a b", "", "$HOME", "ä\U0001f600", "x\0y"]
        done = await self.done(self.start("/usr/bin/printf", "<%s>", *words, capture_output=True))
        expected = "".join(f"<{word}>" for word in words).encode().replace(b"\0", b"\xc0\x80")
        self.assertEqual(done.out, expected)

    async def test_surroundings(self) -> None:
        """
        Folder, umask, session and process group are the agent's.
        """
        before = os.umask(0o027)
        self.addCleanup(os.umask, before)
        here, umask, stat = (await self.output("pwd -P; umask; cat /proc/$$/stat")).splitlines()
        self.assertEqual(Path(here), Path.cwd().resolve())
        self.assertEqual(int(umask, 8), 0o027)
        group, session = stat.rpartition(")")[2].split()[2:4]
        self.assertEqual((int(group), int(session)), (os.getpgrp(), os.getsid(0)))

    async def test_signals(self) -> None:
        """
        A program dies of a broken pipe, as programs expect, though the agent does not.
        """
        self.assertIs(signal.getsignal(signal.SIGPIPE), signal.SIG_IGN)
        for env in (None, ["PATH=/bin:/usr/bin"]):
            more = {} if env is None else {"env": env}
            ignored = await self.output("grep SigIgn /proc/self/status", **more)
            bit = 1 << (signal.SIGPIPE - 1)
            self.assertEqual(int(ignored.split()[1], 16) & bit, 0)

    async def test_files_of_the_agent(self) -> None:
        """
        A program has its three streams open and no file of the agent's, inheritable or not.
        """
        leaked = os.open("/dev/null", os.O_RDONLY)
        self.addCleanup(os.close, leaked)
        os.set_inheritable(leaked, True)
        for env in (None, ["PATH=/bin:/usr/bin"]):
            more = {} if env is None else {"env": env}
            # the shell's own "$$" is not the one that opens the folder
            listed = await self.output("ls /proc/$$/fd; true", input_data="", **more)
            self.assertEqual([n for n in listed.split() if int(n) < 10], ["0", "1", "2"])
            self.assertNotIn(str(leaked), listed.split())

    async def test_no_input(self) -> None:
        """
        Without input data a program reads nothing.
        """
        self.assertEqual(await self.output("readlink /proc/$$/fd/0; cat"), "/dev/null\n")

    async def test_input(self) -> None:
        """
        Input of any size goes through, while the output is read.
        """
        for size in (0, 1, 65536, 65537, 3_000_000):
            data = os.urandom(size)
            done = await self.done(
                self.start(
                    "/bin/cat",
                    input_data=base64.b64encode(data).decode(),
                    capture_output=True,
                )
            )
            self.assertEqual(done, Done(0, None, data, b"", []))

    async def test_unwanted_input(self) -> None:
        """
        A program need not read its input.
        """
        data = base64.b64encode(bytes(1_000_000)).decode()
        done = await self.done(self.shell("exec 0<&-; echo no", input_data=data))
        self.assertEqual(done, Done(0, None, b"no\n", b"", []))
        await self.until(lambda: not self.reactor.getWriters())

    async def test_background(self) -> None:
        """
        A program is not over while another one that it started writes into its output.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        pid = self.shell(f"(read word < {gate}; echo $word) & echo early")
        await self.until_gone(pid)
        for _ in range(20):
            self.assertEqual(self.call("guest-exec-status", pid=pid), {"exited": False})
            await self.pause()
        gate.write_text("late\n")
        self.assertEqual(await self.done(pid), Done(0, None, b"early\nlate\n", b"", []))

    async def test_closed_output(self) -> None:
        """
        A program that closes its streams runs on.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        pid = self.shell(f"echo early; exec >&- 2>&-; read word < {gate}; exit 3")
        for _ in range(20):
            self.assertEqual(self.call("guest-exec-status", pid=pid), {"exited": False})
            await self.pause()
        gate.write_text("go\n")
        self.assertEqual(await self.done(pid), Done(3, None, b"early\n", b"", []))

    async def test_truncated(self) -> None:
        """
        Of each stream 16 MiB are kept; the program is not held up by the rest.
        """
        done = await self.done(
            self.shell("head -c 16777216 /dev/zero >&2; head -c 40000000 /dev/zero")
        )
        self.assertEqual((done.exitcode, done.truncated), (0, ["out"]))
        self.assertEqual((len(done.out), len(done.err)), (16777216, 16777216))

    async def test_told_once(self) -> None:
        """
        A result is told once.
        """
        pid = self.shell("echo x")
        await self.done(pid)
        with self.assertRaises(CommandFailed) as caught:
            self.call("guest-exec-status", pid=pid)
        self.assertEqual(caught.exception.desc, "PID ld does not exist")

    async def test_no_zombies(self) -> None:
        """
        A program that ended is buried at once, whether anybody asks or not.
        """
        pids = [self.start("/bin/true") for _ in range(20)]
        for pid in pids:
            await self.until_gone(pid)
        for pid in pids:
            self.assertEqual((await self.done(pid)).exitcode, 0)

    async def test_many(self) -> None:
        """
        Many programs at a time do not mix, and leave nothing open.
        """
        await self.pause()  # the reactor has opened what it needs
        before = open_files()
        pids = [
            self.shell(f"echo {n}; read x; echo $x >&2; exit {n}", input_data="eA==")
            for n in range(60)
        ]
        for n, pid in enumerate(pids):
            self.assertEqual(await self.done(pid), Done(n, None, b"%d\n" % n, b"x\n", []))
        self.assertEqual(open_files(), before)

    async def test_failed_starts_leave_nothing(self) -> None:
        """
        Programs that cannot be started leave nothing open and no zombies.
        """
        await self.pause()  # the reactor has opened what it needs
        before = open_files()
        path = self.program("", 0o644)
        for _ in range(20):
            self.refused(str(path), input_data="eA==", capture_output=True)
        self.assertEqual(open_files(), before)
        self.assertRaises(ChildProcessError, os.waitpid, -1, os.WNOHANG)

    async def test_no_descriptors(self) -> None:
        """
        An agent that may open no more files says so, or runs the program; it loses track of none.
        """
        await self.pause()
        before = open_files()
        os.close(lowest := os.dup(0))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        started, refusals = [], set()
        for more in range(24):
            resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + more, hard))
            try:
                started.append(self.shell("cat; exit 3", input_data="eA=="))
            except CommandFailed as why:
                refusals.add(why.desc)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        self.assertEqual(
            refusals, {"Failed to execute child process “/bin/sh” (Too many open files)"}
        )
        self.assertTrue(started)
        for pid in started:
            self.assertEqual(await self.done(pid), Done(3, None, b"x", b"", []))
        self.assertEqual(open_files(), before)


def open_files() -> Counter[str]:
    """What is open in this process, by kind."""
    found: Counter[str] = Counter()
    for link in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(FileNotFoundError):  # what has listed the folder
            found[re.sub(r"\d+", "", str(link.readlink()))] += 1
    return found


class SignalTests(ProgramTestCase):
    """The same where the kernel has no pidfd."""

    def make(self) -> Exec:
        def missing(pid: int) -> int:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

        reactor = self.reactor
        return Exec(reactor, reaper=Reaper(reactor, missing))

    async def test_ends(self) -> None:
        """
        Programs that end are noticed by SIGCHLD.
        """
        gate = self.folder / "gate"
        os.mkfifo(gate)
        pids = [self.shell(f"read word < {gate}; echo $word; exit 3"), self.start("/bin/true")]
        await self.until_gone(pids[1])
        gate.write_text("go\n")
        self.assertEqual(await self.done(pids[0]), Done(3, None, b"go\n", b"", []))
        self.assertEqual((await self.done(pids[1])).exitcode, 0)

    async def test_ended_before(self) -> None:
        """
        A program that ended before anybody watched it is noticed too.
        """
        pid = os.fork()
        if not pid:
            os._exit(3)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        told: list[int] = []
        reaper = Reaper(self.reactor, _no_more)
        reaper.watch(pid, told.append)
        self.assertEqual(told, [3 << 8])


def _no_more(pid: int) -> int:
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
