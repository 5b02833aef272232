"""
Process groups, without processes.

``tests/functional/test_streamed_exec.py`` signals real ones.
"""

import os
import signal
from types import SimpleNamespace
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._group import Group, peek

PID = 4711


def seen(code: int, status: int) -> Any:
    return SimpleNamespace(si_code=code, si_status=status)


def nobodys(kind: int, pid: int, options: int) -> Any:
    raise ChildProcessError


class PeekTests(SynchronousTestCase):
    def status(self, found: Any) -> int | None:
        def waitid(kind: int, pid: int, options: int) -> Any:
            self.assertEqual((kind, pid), (os.P_PID, PID))
            self.assertEqual(options, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            return found

        return peek(PID, waitid)

    def test_runs(self) -> None:
        """
        A program that runs has no status.
        """
        self.assertIsNone(self.status(None))

    def test_exited(self) -> None:
        """
        Its exit code is where ``waitpid`` has it.
        """
        status = self.status(seen(os.CLD_EXITED, 3))
        assert status is not None
        self.assertTrue(os.WIFEXITED(status))
        self.assertEqual(os.WEXITSTATUS(status), 3)

    def test_killed(self) -> None:
        """
        So is the signal that ended it, with or without a core dump.
        """
        for code in (os.CLD_KILLED, os.CLD_DUMPED):
            status = self.status(seen(code, signal.SIGSEGV))
            assert status is not None
            self.assertTrue(os.WIFSIGNALED(status))
            self.assertEqual(os.WTERMSIG(status), signal.SIGSEGV)

    def test_taken(self) -> None:
        """
        When somebody else took its status, all that is known is that it has ended.
        """
        self.assertEqual(peek(PID, nobodys), 0)


class GroupTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.sent: list[tuple[int, int]] = []
        self.failure: OSError | None = None

    def killpg(self, pid: int, number: int) -> None:
        if self.failure is not None:
            raise self.failure
        self.sent.append((pid, number))

    def group(self, found: Any = None) -> Group:
        return Group(PID, lambda kind, pid, options: found, self.killpg)

    def test_signal(self) -> None:
        """
        Who is in the group gets the signal, also when its leader has ended.
        """
        self.group().signal(signal.SIGINT)
        self.group(seen(os.CLD_EXITED, 0)).signal(signal.SIGTERM)
        self.assertEqual(self.sent, [(PID, signal.SIGINT), (PID, signal.SIGTERM)])

    def test_strangers(self) -> None:
        """
        Once the leader is reaped, its number may be a stranger's: nobody gets a signal.
        """
        Group(PID, nobodys, self.killpg).signal(signal.SIGKILL)
        self.assertEqual(self.sent, [])

    def test_empty(self) -> None:
        """
        A group in which nobody is left is no error.
        """
        self.failure = ProcessLookupError()
        self.group().signal(signal.SIGINT)

    def test_not_allowed(self) -> None:
        """
        That none of them may be signalled is told.
        """
        self.failure = PermissionError()
        self.assertRaises(PermissionError, self.group().signal, signal.SIGINT)

    def test_reap(self) -> None:
        """
        The status of the leader is taken, unless somebody else has done so.
        """
        taken: list[tuple[int, int]] = []
        Group(PID, waitpid=lambda *given: taken.append(given)).reap()
        self.assertEqual(taken, [(PID, os.WNOHANG)])

        def gone(pid: int, options: int) -> object:
            raise ChildProcessError

        Group(PID, waitpid=gone).reap()
