"""
Running a program and waiting for it, without one.

``tests/functional/test_children.py`` runs real ones.
"""

import errno
import os
import signal
import subprocess
from collections.abc import Sequence
from functools import partial
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.families._children import open_files
from txqga.agent._child import Children
from txqga.errors import CommandFailed


class FakeProgram:
    """A program that says something, and ends when it was looked at for the second time."""

    pid = 4711

    def __init__(self, status: int = 0, says: bytes = b"", *, ends: bool = True) -> None:
        self.status = status
        self.says = says
        self.ends = ends  # by itself
        self.fails: OSError | None = None
        self.argv: Sequence[bytes] = ()
        self.heard = b""
        self.killed: list[tuple[int, int]] = []
        self.stdin = subprocess.DEVNULL
        self._looks = 0
        self._ended, self._end = os.pipe()
        self._time = 0.0

    @property
    def children(self) -> Children:
        return Children(
            spawn=self.spawn,
            pidfd_open=lambda pid: os.dup(self._ended),
            wait=self.wait,
            killpg=self.killpg,
            now=self.now,
        )

    def spawn(
        self,
        argv: Sequence[bytes],
        env: Any,
        stdin: int,
        stdout: int,
        stderr: int,
        *,
        new_session: bool,
    ) -> int:
        assert new_session
        assert env is None
        assert stderr == subprocess.STDOUT
        if self.fails is not None:
            raise self.fails
        self.argv = argv
        self.stdin = stdin if stdin == subprocess.DEVNULL else os.dup(stdin)
        os.write(stdout, self.says)
        if self.ends:
            os.write(self._end, b"x")
        return self.pid

    def wait(self, pid: int) -> int | None:
        assert pid == self.pid
        self._looks += 1
        if self.stdin != subprocess.DEVNULL:
            self.heard += os.read(self.stdin, 1 << 16)
        return self.status if self._looks > 1 and (self.ends or self.killed) else None

    def killpg(self, group: int, number: int) -> None:
        self.killed.append((group, number))
        os.write(self._end, b"x")

    def now(self) -> float:
        self._time += 1.0
        return self._time

    def close(self) -> None:
        for fd in (self._ended, self._end):
            os.close(fd)
        if self.stdin >= 0:
            os.close(self.stdin)


class ChildrenTests(SynchronousTestCase):
    def program(self, *words: Any, **more: Any) -> FakeProgram:
        program = FakeProgram(*words, **more)
        self.addCleanup(program.close)
        return program

    def refusal(self, program: FakeProgram, **more: Any) -> str:
        before = open_files()
        run = partial(program.children.run, ["/sbin/x", "ä"], "do it", **more)
        desc = str(self.assertRaises(CommandFailed, run).desc)
        self.assertEqual(open_files(), before)
        return desc

    def test_success(self) -> None:
        """
        A program that ends well says nothing to anybody.
        """
        program = self.program(says=b"fine\n")
        before = open_files()
        program.children.run(["/sbin/x", "ä"], "do it")
        self.assertEqual(program.argv, [b"/sbin/x", "ä".encode()])
        self.assertEqual(program.stdin, subprocess.DEVNULL)
        self.assertEqual(open_files(), before)

    def test_failures(self) -> None:
        """
        What it said is why it failed; if it said nothing, its status is.
        """
        for status, says, desc in (
            (1 << 8, b"no\n", "child process has failed to do it: no\n"),
            (3 << 8, b"", "child process has failed to do it: exit status 3"),
            (signal.SIGTERM, b"", "child process has terminated abnormally"),
            (signal.SIGTERM, b"oops", "child process has terminated abnormally: oops"),
            (1 << 8, b"\xff\n", "child process has failed to do it: \udcff\n"),
        ):
            self.assertEqual(self.refusal(self.program(status, says)), desc)

    def test_code(self) -> None:
        """
        Of a program that answers by its status only that is told, or that it has none.
        """
        for status, code in ((0, 0), (3 << 8, 3), (signal.SIGTERM, None)):
            self.assertEqual(self.program(status, b"words").children.code(["x"]), code)
        program = self.program()
        program.fails = OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        self.assertIsNone(program.children.code(["x"]))

    def test_not_started(self) -> None:
        """
        A program that is not there fails as one that says so.
        """
        program = self.program()
        program.fails = OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        desc = "failed to exec '/sbin/x': No such file or directory\n"
        for data in (None, b"input"):
            self.assertEqual(
                self.refusal(program, data=data), f"child process has failed to do it: {desc}"
            )

    def test_much_output(self) -> None:
        """
        Of what it says 64 KiB are kept, which is what the pipe holds here too.
        """
        desc = self.refusal(self.program(1 << 8, b"x" * (1 << 16)))
        self.assertEqual(len(desc), len("child process has failed to do it: ") + (1 << 16))

    def test_input(self) -> None:
        """
        It is given its input to the end.
        """
        for data in (b"alice:secret\n", b""):
            program = self.program()
            program.wait = partial(self.reads, program)  # type: ignore[method-assign]
            before = open_files()
            program.children.run(["x"], "do it", data=data)
            self.assertEqual(program.heard, data)
            self.assertEqual(open_files() - before, 1)  # the program's own end

    def reads(self, program: FakeProgram, pid: int) -> int | None:
        """Look at a program that reads its input, and ends with it."""
        os.set_blocking(program.stdin, False)
        try:
            piece = os.read(program.stdin, 100)
        except BlockingIOError:
            return None
        program.heard += piece
        return None if piece else 0

    def test_input_unread(self) -> None:
        """
        A program that does not read what it is given may end all the same.
        """
        program = self.program()

        def wait(pid: int) -> int | None:
            if program.stdin >= 0:
                os.close(program.stdin)
                program.stdin = -1
                return None
            return 0

        program.wait = wait  # type: ignore[method-assign]
        program.children.run(["x"], "do it", data=bytes(1 << 20))

    def test_too_long(self) -> None:
        """
        A program whose time is up is killed, with all in its group.
        """
        program = self.program(signal.SIGKILL, b"waiting for the database\n", ends=False)
        self.assertEqual(
            self.refusal(program, limit=0),
            "child process has failed to do it: not done after 0 s, and killed: "
            "waiting for the database\n",
        )
        self.assertEqual(program.killed, [(program.pid, signal.SIGKILL)])

    def test_cannot_be_killed(self) -> None:
        """
        A program that does not even die is not waited for.
        """
        program = self.program(ends=False)
        program.wait = lambda pid: None  # type: ignore[method-assign]
        self.assertEqual(
            self.refusal(program, limit=0),
            "child process has failed to do it: not done after 0 s, and killed",
        )

    def test_old_kernel(self) -> None:
        """
        Where the kernel does not tell that a program has ended, it is looked at now and then.
        """
        program = self.program(2 << 8, b"no")

        def pidfd_open(pid: int) -> int:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

        children = Children(
            spawn=program.spawn, pidfd_open=pidfd_open, wait=program.wait, now=program.now
        )
        failed = self.assertRaises(CommandFailed, children.run, ["x"], "do it")
        self.assertEqual(failed.desc, "child process has failed to do it: no")
