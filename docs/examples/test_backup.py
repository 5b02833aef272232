"""Tests of a program that makes a backup of a guest, with a guest in memory."""

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed, GroupFailed
from txqga.guest import while_frozen
from txqga.testing import MemoryGuest


async def back_up(reactor, guest, take_snapshot):
    """What is tested: take a snapshot while the guest holds still; fires with its name."""
    named = await guest.get_host_name()
    done = await while_frozen(
        reactor, guest, lambda: take_snapshot(named.host_name), owner="backup"
    )
    return done.result


class BackUpTests(SynchronousTestCase):
    def setUp(self):
        self.guest = MemoryGuest({"guest-get-host-name": {"host-name": "db1"}})
        self.taken = []

    def take_snapshot(self, name):
        self.taken.append((name, self.guest.is_frozen))
        return succeed(f"{name}-1")

    def back_up(self):
        return Deferred.fromCoroutine(back_up(self.guest.clock, self.guest, self.take_snapshot))

    def test_frozen(self):
        """
        The snapshot is taken while the guest is frozen, and no longer.
        """
        self.assertEqual(self.successResultOf(self.back_up()), "db1-1")
        self.assertEqual(self.taken, [("db1", True)])
        self.assertFalse(self.guest.is_frozen)

    def test_cannot_be_frozen(self):
        """
        Of a guest that cannot be frozen no snapshot is taken.
        """
        self.guest.answer("guest-fsfreeze-freeze", CommandFailed("fsfreeze hook has failed"))
        self.failureResultOf(self.back_up(), GroupFailed)
        self.assertEqual(self.taken, [])
