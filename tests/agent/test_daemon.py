"""
Going to the background, without going there.

Real daemons are in ``tests/functional/test_agent_daemon.py``.
"""

import os
import signal
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._daemon import daemon
from txqga.agent._pidfile import PidFile
from txqga.agent._start import StartFailed


class Ended(Exception):
    """The process would have ended."""


class DaemonTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())
        self.done: list[Any] = []
        for name in ("setsid", "chdir", "umask", "dup2", "kill"):
            self.patch(os, name, lambda *words, name=name: self.done.append((name, *words)))

    def forks(self, pid: int) -> None:
        """Let the next fork return that."""

        def end(status: int) -> None:
            raise Ended(status)

        self.patch(os, "fork", lambda: pid)
        self.patch(os, "_exit", end)

    def test_parent(self) -> None:
        """
        The parent writes down the child's number and ends; it does not serve.
        """
        self.forks(4321)
        written: list[str] = []
        self.patch(PidFile, "remove", lambda file: written.append(self.path.read_text()))
        with self.assertRaises(Ended) as caught, daemon(str(self.path)):
            self.fail("served by the parent")
        self.assertEqual(caught.exception.args, (0,))
        self.assertEqual((written, self.done), (["4321\n"], []))

    def test_child(self) -> None:
        """
        The child leaves its terminal, its folder and its streams behind, and then serves.
        """
        self.forks(0)
        with daemon(str(self.path)):
            self.assertTrue(self.path.exists())
            served = list(self.done)
        self.assertEqual(served[:3], [("umask", 0o077), ("setsid",), ("chdir", "/")])
        self.assertEqual(
            [(name, to) for name, _, to in served[3:]], [("dup2", n) for n in range(3)]
        )

    def test_removed(self) -> None:
        """
        The pidfile goes with the daemon, however that ends.
        """
        self.forks(0)
        with self.assertRaises(SystemExit), daemon(str(self.path)):
            raise SystemExit(0)
        self.assertFalse(self.path.exists())

    def test_another(self) -> None:
        """
        Where there is one already, there is no other; and its pidfile stays.
        """
        other = PidFile.lock(str(self.path))
        other.write(1)
        self.forks(0)
        with self.assertRaises(StartFailed), daemon(str(self.path)):
            self.fail("served beside another")
        self.assertEqual(self.path.read_text(), "1\n")

    def test_cannot_be_written(self) -> None:
        """
        Where its number cannot be written down the child is ended, and the failure told.
        """
        self.forks(4321)

        def full(file: PidFile, pid: int) -> None:
            raise StartFailed("Failed to write pid file: No space left on device")

        self.patch(PidFile, "write", full)
        with self.assertRaises(StartFailed), daemon(str(self.path)):
            self.fail("served by the parent")
        self.assertEqual(self.done, [("kill", 4321, signal.SIGTERM)])
        self.assertFalse(self.path.exists())

    def test_later(self) -> None:
        """
        While filesystems are frozen there is no pidfile; then the daemon writes its own number.
        """
        self.forks(0)
        with daemon(str(self.path), later=True) as write:
            self.assertFalse(self.path.exists())
            write()
            self.assertEqual(self.path.read_text(), f"{os.getpid()}\n")
            write()
        self.assertFalse(self.path.exists())

    def test_never(self) -> None:
        """
        One that ends before that leaves nothing behind.
        """
        self.forks(0)
        with daemon(str(self.path), later=True):
            pass
        self.assertFalse(self.path.exists())
