"""Work that is done while a guest holds still."""

from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from txqga.errors import CommandFailed
from txqga.fsfreeze._quiesce import while_frozen
from txqga.interfaces import IFreezer


@implementer(IFreezer)
class Guest:
    """Freezes and thaws as it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.frozen: Deferred[int] = succeed(3)
        self.thawed: Deferred[int] = succeed(3)

    def freeze(self) -> "Deferred[int]":
        self.asked.append("freeze")
        return self.frozen

    def thaw(self) -> "Deferred[int]":
        self.asked.append("thaw")
        return self.thawed


class WhileFrozenTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.guest = Guest()

    def work(self) -> "Deferred[str]":
        self.guest.asked.append("work")
        return succeed("done")

    def test_done(self) -> None:
        """
        Work is done while the guest is frozen, and what comes of it is told when it is thawed.
        """
        self.assertEqual(self.successResultOf(while_frozen(self.guest, self.work)), "done")
        self.assertEqual(self.guest.asked, ["freeze", "work", "thaw"])

    def test_work_fails(self) -> None:
        """
        Work that fails leaves nothing frozen.
        """
        failed = while_frozen(self.guest, lambda: fail(ZeroDivisionError()))
        self.failureResultOf(failed, ZeroDivisionError)
        self.assertEqual(self.guest.asked, ["freeze", "thaw"])

    def test_freeze_fails(self) -> None:
        """
        Without a freeze no work is done; a thaw may be owed all the same.
        """
        self.guest.frozen = fail(CommandFailed("no"))
        self.failureResultOf(while_frozen(self.guest, self.work), CommandFailed)
        self.assertEqual(self.guest.asked, ["freeze", "thaw"])

    def test_did_not_hold(self) -> None:
        """
        Work that was done on a guest that thawed meanwhile has failed.
        """
        self.guest.thawed = fail(CommandFailed("the snapshot may be inconsistent"))
        self.failureResultOf(while_frozen(self.guest, self.work), CommandFailed)

    def test_cancelled(self) -> None:
        """
        Work that nobody waits for any more ends, and the guest is thawed.
        """
        done = while_frozen(self.guest, lambda: Deferred[str]())
        done.cancel()
        self.failureResultOf(done, CancelledError)
        self.assertEqual(self.guest.asked, ["freeze", "thaw"])
