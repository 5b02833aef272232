"""
Programs of the guest, with nothing started.

``tests/functional/test_exec_family.py`` starts real ones.
"""

import base64
import errno
import os
import subprocess
from collections.abc import Sequence

from twisted.internet.testing import MemoryReactor
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.families._children import ChildrenReaper, Program, open_files
from txqga.agent._capture import KEPT
from txqga.agent._family import Encoded
from txqga.agent.families._exec import Exec
from txqga.errors import CommandFailed
from txqga.wire import JSON, decode


class ExecTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactor()
        self.reaper = ChildrenReaper()
        self.exec = Exec(self.reactor, reaper=self.reaper, spawn=self.spawn)
        self.addCleanup(self.exec.close)
        self.pid = 4711  #: of the next program
        self.failure: OSError | None = None

    def spawn(
        self,
        argv: Sequence[bytes],
        env: Sequence[bytes] | None,
        stdin: int,
        stdout: int,
        stderr: int,
    ) -> int:
        if self.failure is not None:
            raise self.failure

        def inherited(fd: int) -> int:
            if fd < 0:
                return fd  # one of Popen's own
            copy = os.dup(fd)
            self.addCleanup(self.shut, copy)
            return copy

        self.program = Program(
            list(argv),
            None if env is None else list(env),
            inherited(stdin),
            inherited(stdout),
            inherited(stderr),
        )
        return self.pid

    def shut(self, fd: int) -> None:
        try:
            os.close(fd)
        except OSError as why:
            self.assertEqual(why.errno, errno.EBADF)  # the program has closed it

    def call(self, command: str, **arguments: JSON) -> JSON:
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        value = self.exec.commands()[command].function(wire)
        return decode(value.octets) if isinstance(value, Encoded) else value

    def start(self, **arguments: JSON) -> Program:
        reply = self.call("guest-exec", path="/bin/x", **arguments)
        self.assertEqual(reply, {"pid": self.pid})
        return self.program

    def status(self) -> JSON:
        return self.call("guest-exec-status", pid=self.pid)

    def refused(self, command: str, **arguments: JSON) -> str:
        with self.assertRaises(CommandFailed) as caught:
            self.call(command, **arguments)
        return str(caught.exception.desc)

    def turn(self) -> None:
        """Let the reactor read everything there is."""
        for _ in range(3):
            for reader in self.reactor.getReaders():
                reader.doRead()

    def writes(self, fd: int, data: bytes) -> None:
        """The program writes, and closes what it has written to."""
        os.write(fd, data)
        os.close(fd)

    def ends(self, status: int = 0) -> None:
        self.reaper.ended[self.pid].pop(0)(status)

    def test_commands(self) -> None:
        """
        Two commands, none of which waits for a program.
        """
        commands = self.exec.commands()
        self.assertEqual(set(commands), {"guest-exec", "guest-exec-status"})
        self.assertFalse(any(command.blocking for command in commands.values()))

    def test_words(self) -> None:
        """
        A program gets its path and its arguments, in UTF-8, U+0000 as C0 80.
        """
        program = self.start(arg=["-l", "ä b", "\0"])
        self.assertEqual(program.argv, [b"/bin/x", b"-l", b"\xc3\xa4 b", b"\xc0\x80"])
        self.assertEqual(self.start().argv, [b"/bin/x"])

    def test_variables(self) -> None:
        """
        A program inherits the variables, unless others are given: then it gets these only.
        """
        self.assertIsNone(self.start().env)
        self.assertEqual(self.start(env=[]).env, [])
        given = ["A=1", "FOO", "A=2", "=", "Ä=\0"]
        self.assertEqual(
            self.start(env=given).env, [b"A=1", b"FOO", b"A=2", b"=", b"\xc3\x84=\xc0\x80"]
        )

    def test_nothing_captured(self) -> None:
        """
        If nothing is said, a program reads nothing and writes to nobody, and only its end is told.
        """
        null = subprocess.DEVNULL
        for capture in ({}, {"capture_output": False}, {"capture_output": "none"}):
            program = self.start(**capture)
            self.assertEqual((program.stdin, program.stdout, program.stderr), (null, null, null))
            self.assertEqual(self.status(), {"exited": False})
            self.ends(3 << 8)
            self.assertEqual(self.status(), {"exited": True, "exitcode": 3})
        self.assertEqual(self.reactor.getReaders(), [])

    def test_separated(self) -> None:
        """
        Both streams are captured, each by itself.
        """
        for capture in (True, "separated"):
            program = self.start(capture_output=capture)
            self.writes(program.stdout, b"out")
            self.writes(program.stderr, b"err")
            self.turn()
            self.assertEqual(self.status(), {"exited": False})
            self.ends()
            self.assertEqual(
                self.status(),
                {
                    "exited": True,
                    "exitcode": 0,
                    "out-data": base64.b64encode(b"out").decode(),
                    "out-truncated": False,
                    "err-data": base64.b64encode(b"err").decode(),
                    "err-truncated": False,
                },
            )

    def test_one_stream(self) -> None:
        """
        Only the stream that was asked for is captured; the other goes nowhere.
        """
        program = self.start(capture_output="stdout")
        self.assertEqual(program.stderr, subprocess.DEVNULL)
        self.writes(program.stdout, b"out")
        self.turn()
        self.ends()
        self.assertEqual(
            self.status(),
            {"exited": True, "exitcode": 0, "out-data": "b3V0", "out-truncated": False},
        )
        program = self.start(capture_output="stderr")
        self.assertEqual(program.stdout, subprocess.DEVNULL)
        self.writes(program.stderr, b"err")
        self.turn()
        self.ends()
        self.assertEqual(
            self.status(),
            {"exited": True, "exitcode": 0, "err-data": "ZXJy", "err-truncated": False},
        )

    def test_merged(self) -> None:
        """
        Standard error is joined to the output.
        """
        program = self.start(capture_output="merged")
        self.assertEqual(program.stderr, subprocess.STDOUT)
        self.writes(program.stdout, b"both")
        self.turn()
        self.ends()
        self.assertEqual(
            self.status(),
            {"exited": True, "exitcode": 0, "out-data": "Ym90aA==", "out-truncated": False},
        )

    def test_no_output(self) -> None:
        """
        A captured stream that stayed empty is not mentioned.
        """
        program = self.start(capture_output=True)
        os.close(program.stdout)
        os.close(program.stderr)
        self.ends()
        self.assertEqual(self.status(), {"exited": False})
        self.turn()
        self.assertEqual(self.status(), {"exited": True, "exitcode": 0})

    def test_truncated(self) -> None:
        """
        Of what is written beyond 16 MiB nothing is kept, and the reply says so.
        """
        program = self.start(capture_output="stdout")
        os.set_blocking(program.stdout, False)
        left = KEPT + 1
        while left:
            left -= os.write(program.stdout, bytes(min(left, 1 << 16)))
            self.turn()
        os.close(program.stdout)
        self.turn()
        self.ends()
        status = self.status()
        self.assertEqual(len(base64.b64decode(status["out-data"])), KEPT)
        self.assertIs(status["out-truncated"], True)

    def test_signal(self) -> None:
        """
        A program that a signal ended has no exit code.
        """
        self.start()
        self.ends(9)
        self.assertEqual(self.status(), {"exited": True, "signal": 9})

    def test_told_once(self) -> None:
        """
        A result is forgotten when it was told; who asks again asks for what does not exist.
        """
        self.assertEqual(self.refused("guest-exec-status", pid=0), "PID ld does not exist")
        self.start()
        self.ends()
        self.status()
        self.assertEqual(self.refused("guest-exec-status", pid=self.pid), "PID ld does not exist")

    def test_pid_again(self) -> None:
        """
        When the system gives a pid out anew, the older program is answered for first.
        """
        self.start()
        self.ends(1 << 8)
        self.start()
        self.assertEqual(self.status(), {"exited": True, "exitcode": 1})
        self.assertEqual(self.status(), {"exited": False})
        self.ends(2 << 8)
        self.assertEqual(self.status(), {"exited": True, "exitcode": 2})

    def test_input(self) -> None:
        """
        Input data is what the program reads, to the end.
        """
        program = self.start(input_data="YWJj")
        self.assertEqual(os.read(program.stdin, 10), b"abc")
        self.assertEqual(os.read(program.stdin, 10), b"")
        program = self.start(input_data="")
        self.assertEqual(os.read(program.stdin, 10), b"")

    def test_bad_input(self) -> None:
        """
        Bad input data is found before anything is started.
        """
        self.failure = OSError(errno.ENOENT, "nothing of the kind")
        self.assertEqual(
            self.refused("guest-exec", path="/no/such", input_data="*"),
            "Base64 data contains invalid characters",
        )

    def test_not_started(self) -> None:
        """
        A program that cannot be started is a refusal at once, and leaves nothing open.
        """
        before = open_files()
        self.failure = OSError(errno.EACCES, os.strerror(errno.EACCES))
        self.assertEqual(
            self.refused(
                "guest-exec", path="/bin/ä", arg=["x"], input_data="YQ==", capture_output=True
            ),
            "Failed to execute child process “/bin/ä” (Permission denied)",
        )
        self.assertEqual(open_files(), before)
        self.assertEqual(self.reactor.getReaders(), [])

    def test_agent_keeps_nothing_of_the_program(self) -> None:
        """
        The program's ends of the pipes are open in the program only.
        """
        before = open_files()
        program = self.start(input_data="YQ==", capture_output=True)
        for fd in (program.stdin, program.stdout, program.stderr):
            os.close(fd)
        self.turn()
        self.assertEqual(open_files(), before)

    def test_close(self) -> None:
        """
        At the agent's end everything is let go.
        """
        before = open_files()
        program = self.start(input_data="YWJj" * 100_000, capture_output=True)
        for fd in (program.stdin, program.stdout, program.stderr):
            os.close(fd)
        self.exec.close()
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertEqual(self.reactor.getWriters(), [])
        self.assertEqual(open_files(), before)
        self.refused("guest-exec-status", pid=self.pid)

    def test_log(self) -> None:
        """
        What is run is logged, its variables and input are not.
        """
        with capturedLogs() as seen:
            self.start(arg=["-c", "true"], env=["PASSWORD=x"], input_data="YQ==")
            self.status()
        self.assertEqual(
            [event["log_format"].format(**event) for event in seen],
            ['guest-exec called: "/bin/x -c true"', "guest-exec-status called, pid: 4711"],
        )
        self.assertNotIn("PASSWORD", repr(seen))
