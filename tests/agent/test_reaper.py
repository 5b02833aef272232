"""
Noticing that a child has ended.

``tests/functional/test_exec_family.py`` has real children, and the way without pidfd.
"""

import errno
import os

from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.testing import MemoryReactor
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.agent._reaper import Reaper, wait


class ReaperTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = MemoryReactor()
        self.statuses: dict[int, int] = {}  # of children that have ended
        self.told: list[int] = []
        self.reaper = Reaper(self.reactor, self.pidfd_open, self.statuses.get)

    def pidfd_open(self, pid: int) -> int:
        self.fd = os.open("/dev/null", os.O_RDONLY)
        return self.fd

    def watched(self) -> IReadDescriptor:
        child: IReadDescriptor
        (child,) = self.reactor.getReaders()
        return child

    def is_open(self) -> bool:
        try:
            os.fstat(self.fd)
        except OSError:
            return False
        return True

    def test_interface(self) -> None:
        """
        The reactor can watch a child.
        """
        self.reaper.watch(7, self.told.append)
        child = self.watched()
        verifyObject(IReadDescriptor, child)
        self.assertEqual(child.fileno(), self.fd)
        self.assertIsInstance(child.logPrefix(), str)
        self.reaper.close()

    def test_ended(self) -> None:
        """
        The status of a child that has ended is told, once, and nothing of it stays open.
        """
        self.reaper.watch(7, self.told.append)
        self.statuses[7] = 3 << 8
        self.watched().doRead()
        self.assertEqual(self.told, [3 << 8])
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertFalse(self.is_open())
        self.reaper.close()

    def test_runs(self) -> None:
        """
        Nothing is told of a child that runs.
        """
        self.reaper.watch(7, self.told.append)
        self.watched().doRead()
        self.assertEqual(self.told, [])
        self.reaper.close()

    def test_hang_up(self) -> None:
        """
        A child whose descriptor only hangs up is reaped too.
        """
        self.reaper.watch(7, self.told.append)
        self.statuses[7] = 9
        child = self.watched()
        self.reactor.removeReader(child)
        child.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.told, [9])
        self.assertFalse(self.is_open())
        self.reaper.close()

    def test_reactor_ends(self) -> None:
        """
        Nothing is told of a child that outlives the reactor.
        """
        self.reaper.watch(7, self.told.append)
        child = self.watched()
        self.reactor.removeReader(child)
        child.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.told, [])
        self.assertFalse(self.is_open())

    def test_close(self) -> None:
        """
        Closing forgets the children that run.
        """
        self.reaper.watch(7, self.told.append)
        self.reaper.close()
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertFalse(self.is_open())
        self.assertEqual(self.told, [])


class WaitTests(SynchronousTestCase):
    def test_not_ours(self) -> None:
        """
        A child whose status somebody else has taken counts as ended.
        """
        self.assertEqual(wait(os.getppid()), 0)
        self.assertRaises(ProcessLookupError, os.kill, 2**22 + 1, 0)
        self.assertEqual(wait(2**22 + 1), 0)


class UnsupportedTests(SynchronousTestCase):
    def test_signal(self) -> None:
        """
        Where there is no descriptor to be had, SIGCHLD is waited for, until it is closed.
        """
        from twisted.internet.process import reapProcessHandlers

        def no_more(pid: int) -> int:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

        told: list[int] = []
        statuses: dict[int, int] = {}
        reactor = MemoryReactor()
        reaper = Reaper(reactor, no_more, statuses.get)
        pid = 2**22 + 1  # Linux has none so high: nothing is there to be reaped in truth
        for _ in range(2):
            reaper.watch(pid, told.append)
            self.flushLoggedErrors(ChildProcessError)
            reapProcessHandlers[pid].reapProcess()
            self.assertEqual(told, [])
            reaper.close()
            self.assertNotIn(pid, reapProcessHandlers)
        reaper.watch(pid, told.append)
        self.flushLoggedErrors(ChildProcessError)
        statuses[pid] = 9
        reapProcessHandlers[pid].reapProcess()
        self.assertEqual(told, [9])
        self.assertNotIn(pid, reapProcessHandlers)
        self.assertEqual(reactor.getReaders(), [])
