"""
Programs of the guest, followed while they run, with nothing started.

``tests/functional/test_streamed_exec.py`` starts real ones.
"""

import base64
import contextlib
import errno
import os
import signal
import subprocess
from collections.abc import Sequence

from twisted.internet.testing import MemoryReactorClock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.families._children import ChildrenReaper, Program, open_files
from txqga.agent._family import Encoded
from txqga.agent._group import Group
from txqga.agent._streamed import KEPT
from txqga.agent._window import WIDTH
from txqga.agent.families._streamed_exec import MOST_JOBS, StreamedExec
from txqga.errors import CommandFailed
from txqga.schema import Enum, check, extended
from txqga.wire import JSON, decode


class FakeGroup(Group):
    """Nobody is in it."""

    def __init__(self, pid: int) -> None:
        self.sent: list[int] = []
        self.failure: OSError | None = None
        self.reaped = False

    def signal(self, number: int) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append(number)

    def reap(self) -> None:
        self.reaped = True


class StreamedExecTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactorClock()
        self.reaper = ChildrenReaper()
        self.groups: list[FakeGroup] = []
        self.exec = StreamedExec(
            self.reactor, self.reactor, reaper=self.reaper, spawn=self.spawn, group=self.make_group
        )
        self.addCleanup(self.exec.close)
        self.pid = 4711  #: of the next program
        self.cwd: bytes | None = None  #: of the last program
        self.failure: OSError | None = None
        self.schema = extended()

    def make_group(self, pid: int) -> Group:
        self.groups.append(FakeGroup(pid))
        return self.groups[-1]

    def spawn(
        self,
        argv: Sequence[bytes],
        env: Sequence[bytes] | None,
        stdin: int,
        stdout: int,
        stderr: int,
        *,
        new_session: bool,
        cwd: bytes | None,
    ) -> int:
        if self.failure is not None:
            raise self.failure

        def inherited(fd: int) -> int:
            if fd < 0:
                return fd  # one of Popen's own
            copy = os.dup(fd)
            self.addCleanup(self.shut, copy)
            return copy

        self.assertTrue(new_session)
        self.cwd = cwd
        self.program = Program(
            list(argv),
            None if env is None else list(env),
            inherited(stdin),
            inherited(stdout),
            inherited(stderr),
        )
        return self.pid

    def shut(self, fd: int) -> None:
        with contextlib.suppress(OSError):  # the program has closed it
            os.close(fd)

    def call(self, command: str, **arguments: JSON) -> JSON:
        """What a command returns; its arguments and its reply are as the schema says."""
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        checked = check(self.schema, self.schema.commands[command], wire)
        value = self.exec.commands()[command].function(checked)
        return decode(value.octets) if isinstance(value, Encoded) else value

    def start(self, **arguments: JSON) -> str:
        reply = self.call("txqga-exec-start", path="/bin/x", **arguments)
        self.assertEqual(reply["pid"], self.pid)
        return str(reply["job"])

    def refused(self, command: str, **arguments: JSON) -> str:
        with self.assertRaises(CommandFailed) as caught:
            self.call(command, **arguments)
        return str(caught.exception.desc)

    def ends(self, status: int = 0) -> None:
        self.reaper.ended[self.pid].pop(0)(status)

    def read(self, job: str, **arguments: JSON) -> JSON:
        reply = self.call("txqga-exec-read", job=job, **arguments)
        for name in ("out-data", "err-data"):
            if name in reply:
                reply[name] = base64.b64decode(reply[name])
        return reply

    def write(self, job: str, offset: int, data: bytes = b"", **arguments: JSON) -> JSON:
        encoded = base64.b64encode(data).decode()
        return self.call("txqga-exec-write", job=job, offset=offset, buf_b64=encoded, **arguments)

    def test_commands(self) -> None:
        """
        All of the schema's commands are served, and none of them waits for a program.
        """
        commands = self.exec.commands()
        declared = {name for name in self.schema.commands if name.startswith("txqga-exec-")}
        self.assertEqual(set(commands), declared)
        self.assertFalse(any(command.blocking for command in commands.values()))

    def test_words(self) -> None:
        """
        A program gets its arguments, variables and directory in UTF-8, U+0000 as C0 80.
        """
        self.start(arg=["ä b", "\0"], env=["A=ä"], cwd="/")
        self.assertEqual(self.program.argv, [b"/bin/x", b"\xc3\xa4 b", b"\xc0\x80"])
        self.assertEqual((self.program.env, self.cwd), ([b"A=\xc3\xa4"], b"/"))
        self.start()
        self.assertIsNone(self.program.env)
        self.assertIsNone(self.cwd)

    def test_streams(self) -> None:
        """
        Output and errors are told apart; the input is empty, unless somebody wants to write it.
        """
        job = self.start()
        self.assertEqual(self.program.stdin, subprocess.DEVNULL)
        os.write(self.program.stdout, b"out")
        os.write(self.program.stderr, b"error")
        self.assertEqual(
            self.read(job),
            {
                "running": True,
                "timed-out": False,
                "out-offset": 0,
                "out-data": b"out",
                "out-eof": False,
                "err-offset": 0,
                "err-data": b"error",
                "err-eof": False,
            },
        )
        self.assertEqual(
            self.refused("txqga-exec-write", job=job, offset=0),
            f"job '{job}' has no standard input",
        )

    def test_merged(self) -> None:
        """
        Errors joined to the output are part of it.
        """
        job = self.start(merge=True)
        self.assertEqual(self.program.stderr, subprocess.STDOUT)
        os.write(self.program.stdout, b"both")
        self.assertEqual(
            self.read(job),
            {
                "running": True,
                "timed-out": False,
                "out-offset": 0,
                "out-data": b"both",
                "out-eof": False,
            },
        )
        self.assertEqual(
            self.refused("txqga-exec-read", job=job, err_offset=0),
            f"job '{job}' has no standard error of its own",
        )

    def test_lost_reply(self) -> None:
        """
        A read whose reply was lost is repeated; each offset says what has arrived.
        """
        job = self.start()
        os.write(self.program.stdout, b"out")
        os.write(self.program.stderr, b"error")
        first = self.read(job, out_offset=0, err_offset=0)
        self.assertEqual(self.read(job, out_offset=0, err_offset=0), first)
        reply = self.read(job, out_offset=3, err_offset=2)
        self.assertEqual((reply["out-offset"], reply["out-data"]), (3, b""))
        self.assertEqual((reply["err-offset"], reply["err-data"]), (2, b"ror"))
        self.assertIn("is not kept", self.refused("txqga-exec-read", job=job, out_offset=2))
        self.assertIn("is too far", self.refused("txqga-exec-read", job=job, err_offset=6))

    def test_count(self) -> None:
        """
        As much is told as was asked for: 64 KiB of each stream unless something else is said.
        """
        job = self.start()
        os.set_blocking(self.program.stdout, False)
        with self.assertRaises(BlockingIOError):
            while True:
                os.write(self.program.stdout, bytes(1 << 12))
        self.assertEqual(len(self.read(job)["out-data"]), 64 << 10)
        self.assertEqual(self.read(job, count=5)["out-data"], bytes(5))
        self.assertEqual(self.read(job, count=0)["out-data"], b"")
        for count in (-1, WIDTH + 1):
            self.assertEqual(
                self.refused("txqga-exec-read", job=job, count=count),
                f"value '{count}' is invalid for argument count",
            )

    def test_input(self) -> None:
        """
        What is written is what the program reads, to the end; a repeated write changes nothing.
        """
        job = self.start(stdin=True)
        for _ in range(2):
            self.assertEqual(self.write(job, 0, b"abc"), {"offset": 3, "closed": False})
        for _ in range(2):
            self.assertEqual(self.write(job, 3, b"de", eof=True), {"offset": 5, "closed": True})
        self.assertEqual(os.read(self.program.stdin, 10), b"abcde")
        self.assertEqual(os.read(self.program.stdin, 10), b"")
        self.assertEqual(
            self.refused("txqga-exec-write", job=job, offset=6),
            "offset 6 of standard input is too far: 5 octets were taken",
        )
        self.assertEqual(
            self.refused("txqga-exec-write", job=job, offset=5, buf_b64="*"),
            "Base64 data contains invalid characters",
        )

    def test_end(self) -> None:
        """
        How a program ended is told with what it has said.
        """
        job = self.start()
        os.write(self.program.stdout, b"out")
        os.close(self.program.stdout)
        self.ends(3 << 8)
        reply = self.read(job)
        self.assertEqual((reply["running"], reply["exitcode"]), (False, 3))
        self.assertNotIn("signal", reply)
        self.assertEqual((reply["out-data"], reply["out-eof"]), (b"out", True))
        self.assertEqual((reply["err-data"], reply["err-eof"]), (b"", False))
        os.write(self.program.stderr, b"of a grandchild")
        os.close(self.program.stderr)
        reply = self.read(job)
        self.assertEqual((reply["err-data"], reply["err-eof"]), (b"of a grandchild", True))

    def test_killed(self) -> None:
        """
        A program that a signal ended has no exit code.
        """
        job = self.start()
        self.ends(signal.SIGTERM)
        reply = self.read(job)
        self.assertEqual((reply["running"], reply["signal"]), (False, signal.SIGTERM))
        self.assertNotIn("exitcode", reply)

    def test_signal(self) -> None:
        """
        Each signal of the schema is known; what is sent goes to the whole group.
        """
        job = self.start()
        signals = self.schema.definitions["TxqgaExecSignal"]
        assert isinstance(signals, Enum)
        names = [value.name for value in signals.values]
        for name in names:
            self.assertEqual(self.call("txqga-exec-signal", job=job, signal=name), {})
        self.assertEqual(
            self.groups[0].sent, [signal.Signals[f"SIG{name.upper()}"] for name in names]
        )
        self.ends()
        self.call("txqga-exec-signal", job=job, signal="int")
        self.assertEqual(self.groups[0].sent[-1], signal.SIGINT)
        self.groups[0].failure = PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        self.assertEqual(
            self.refused("txqga-exec-signal", job=job, signal="kill"),
            "failed to send the signal: Operation not permitted",
        )

    def test_time_out(self) -> None:
        """
        When its time is up, a program and all that belongs to it is killed.
        """
        job = self.start(time_out=5)
        self.reactor.advance(4.9)
        self.assertEqual(self.groups[0].sent, [])
        self.reactor.advance(0.1)
        self.assertEqual(self.groups[0].sent, [signal.SIGKILL])
        self.ends(signal.SIGKILL)
        self.assertTrue(self.read(job)["timed-out"])

    def test_bad_time_out(self) -> None:
        """
        A time-out is at least a second, and no longer than the reactor can wait.
        """
        for seconds in (0, -1, 1_000_001):
            self.assertEqual(
                self.refused("txqga-exec-start", path="/bin/x", time_out=seconds),
                f"value '{seconds}' is invalid for argument time-out",
            )
        self.start(time_out=1_000_000)

    def test_key(self) -> None:
        """
        A start that is repeated under the same key starts nothing.
        """
        job = self.start(key="a")
        self.failure = OSError(errno.ENOENT, "started once more")
        self.assertEqual(self.start(key="a"), job)
        self.failure = None
        others = {self.start(key="b"), self.start(), self.start()}
        self.assertEqual(len(others | {job}), 4)
        self.call("txqga-exec-release", job=job)
        self.assertNotEqual(self.start(key="a"), job)
        self.assertEqual(
            self.refused("txqga-exec-start", path="/bin/x", key="a" * 129),
            "the key has more than 128 characters",
        )

    def test_status(self) -> None:
        """
        What is known of a job is told without changing anything.
        """
        job = self.start(stdin=True, key="k")
        self.write(job, 0, b"abc")
        os.write(self.program.stdout, b"ab")
        self.read(job)
        self.read(job, out_offset=1)
        status = {
            "job": job,
            "pid": self.pid,
            "path": "/bin/x",
            "key": "k",
            "running": True,
            "timed-out": False,
            "in-offset": 3,
            "out-offset": 1,
            "err-offset": 0,
        }
        self.assertEqual(self.call("txqga-exec-status", job=job), status)
        self.assertEqual(self.call("txqga-exec-detach", job=job), {})
        status["detached"] = True
        self.assertEqual(self.call("txqga-exec-status", job=job), status)
        other = self.start(merge=True)
        self.ends(1 << 8)
        self.assertEqual(
            self.call("txqga-exec-list"),
            [
                {**status, "running": False, "exitcode": 1},
                {
                    "job": other,
                    "pid": self.pid,
                    "path": "/bin/x",
                    "running": True,
                    "timed-out": False,
                    "out-offset": 0,
                },
            ],
        )

    def test_release(self) -> None:
        """
        A job that was released is unknown; to release it again is no error.
        """
        before = open_files()
        job = self.start(stdin=True)
        for fd in (self.program.stdin, self.program.stdout, self.program.stderr):
            os.close(fd)
        self.ends()
        self.assertEqual(self.call("txqga-exec-release", job=job), {})
        self.assertTrue(self.groups[0].reaped)
        self.assertEqual(open_files(), before)
        self.assertEqual(self.call("txqga-exec-release", job=job), {})
        unknown = f"job '{job}' has not been found"
        for command, arguments in (
            ("read", {}),
            ("status", {}),
            ("write", {"offset": 0}),
            ("signal", {"signal": "int"}),
        ):
            self.assertEqual(self.refused(f"txqga-exec-{command}", job=job, **arguments), unknown)
        self.assertEqual(self.call("txqga-exec-list"), [])

    def test_release_running(self) -> None:
        """
        A program that is released while it runs loses its streams, lives on, and is reaped.
        """
        job = self.start(stdin=True)
        self.call("txqga-exec-release", job=job)
        self.assertRaises(BrokenPipeError, os.write, self.program.stdout, b"x")
        self.assertEqual(os.read(self.program.stdin, 1), b"")
        self.assertEqual(self.groups[0].sent, [])
        self.ends()
        self.assertTrue(self.groups[0].reaped)

    def test_forgotten(self) -> None:
        """
        A job that has ended, and that nobody asks for, is released by itself after ten minutes.
        """
        self.assertEqual(KEPT, 600)
        before = open_files()
        job = self.start()
        os.close(self.program.stdout)
        os.close(self.program.stderr)
        self.reactor.advance(2 * KEPT)
        self.ends()
        self.reactor.advance(KEPT - 1)
        self.read(job)
        self.reactor.advance(KEPT - 1)
        self.call("txqga-exec-list")
        self.call("txqga-exec-status", job=job)
        self.reactor.advance(1)
        self.assertEqual(self.call("txqga-exec-list"), [])
        self.assertTrue(self.groups[0].reaped)
        self.assertEqual(open_files(), before)

    def test_too_many(self) -> None:
        """
        There is an end to jobs, until one is released.
        """
        jobs = [self.start() for _ in range(MOST_JOBS)]
        self.assertEqual(
            self.refused("txqga-exec-start", path="/bin/x"),
            "too many jobs: 64 have not been released",
        )
        self.call("txqga-exec-release", job=jobs[0])
        self.start()

    def test_not_started(self) -> None:
        """
        A program that cannot be started is a refusal at once, and leaves nothing.
        """
        before = open_files()
        self.failure = OSError(errno.EACCES, os.strerror(errno.EACCES))
        self.assertEqual(
            self.refused("txqga-exec-start", path="/bin/ä", arg=["x"], stdin=True),
            "Failed to execute child process “/bin/ä” (Permission denied)",
        )
        self.assertEqual(open_files(), before)
        self.assertEqual(self.call("txqga-exec-list"), [])

    def test_no_such_directory(self) -> None:
        """
        A directory into which nobody can change is a refusal that names it.
        """
        for cwd, why in (
            ("/no/ä", "No such file or directory"),
            ("/dev/null", "Not a directory"),
            ("", "No such file or directory"),
        ):
            self.assertEqual(
                self.refused("txqga-exec-start", path="/bin/x", cwd=cwd),
                f"Failed to change to directory “{cwd}” ({why})",
            )

    def test_agent_keeps_nothing_of_the_program(self) -> None:
        """
        The program's ends of the pipes are open in the program only.
        """
        job = self.start(stdin=True)
        for fd in (self.program.stdin, self.program.stdout, self.program.stderr):
            os.close(fd)
        reply = self.read(job)
        self.assertTrue(reply["out-eof"] and reply["err-eof"])
        self.assertEqual(self.write(job, 0, b"x"), {"offset": 0, "closed": True})

    def test_close(self) -> None:
        """
        At the agent's end programs are hung up, and everything is let go.
        """
        before = open_files()
        self.start(stdin=True, time_out=5)
        for fd in (self.program.stdin, self.program.stdout, self.program.stderr):
            os.close(fd)
        released = self.start(time_out=5)
        for fd in (self.program.stdout, self.program.stderr):
            os.close(fd)
        self.call("txqga-exec-release", job=released)
        self.exec.close()
        self.assertEqual([group.sent for group in self.groups], [[signal.SIGHUP], []])
        self.assertEqual(self.reactor.getDelayedCalls(), [])
        self.assertEqual(open_files(), before)

    def test_log(self) -> None:
        """
        What is run is logged; its variables, input and output are not.
        """
        with capturedLogs() as seen:
            job = self.start(arg=["-c", "{true}"], env=["PASSWORD=x"], stdin=True)
            self.write(job, 0, b"secret")
            os.write(self.program.stdout, b"secret")
            self.read(job)
            self.call("txqga-exec-signal", job=job, signal="int")
            self.call("txqga-exec-release", job=job)
        self.assertEqual(
            [event["log_format"].format(**event) for event in seen],
            [
                'txqga-exec-start called: "/bin/x -c {true}"',
                f"txqga-exec-signal called, job: {job}, signal: int",
                f"txqga-exec-release called, job: {job}",
            ],
        )
        self.assertNotIn("PASSWORD", repr(seen))
