"""A guest that is asked through a session."""

from twisted.internet.defer import Deferred

from tests.guest._case import GuestCase
from txqga.fsfreeze import while_frozen
from txqga.guest import Guest
from txqga.session import State


class SessionSourceTests(GuestCase):
    def setUp(self) -> None:
        super().setUp()
        self.agent.answer("guest-fsfreeze-status", "thawed")
        self.agent.answer("guest-fsfreeze-freeze", 2)
        self.agent.answer("guest-fsfreeze-thaw", 2)

    def close(self, guest: Guest) -> None:
        closed = guest.close()
        self.agent.flush()
        self.assertIs(self.successResultOf(closed), None)

    def test_somebody_elses(self) -> None:
        """
        A session that somebody else has started goes on when the guest is closed.
        """
        self.close(self.guest)
        self.assertEqual(self.session.status.state, State.READY)

    def test_ours(self) -> None:
        """
        A session of ours ends with the guest.
        """
        self.session.stop()
        self.agent.flush()
        guest = Guest.connect(self.clock, self.agent)
        self.agent.flush()
        self.assertEqual(guest.status.state, State.READY)
        self.close(guest)
        self.assertEqual(guest.status.state, State.CLOSED)

    def test_freezer(self) -> None:
        """
        Its holders freeze as a lease says, and share what is known of the guest.
        """
        work: Deferred[None] = Deferred()
        done = while_frozen(self.guest.freezer("backup", 30.0), lambda: work)
        self.agent.flush()
        standing = self.guest.freezer("other").standing
        self.assertEqual((standing.lease.owner, standing.lease.seconds), ("backup", 30.0))
        work.callback(None)
        self.result(done)
        self.assertIn("guest-fsfreeze-freeze", self.agent.executed)
        self.assertEqual(self.agent.executed[-1], "guest-fsfreeze-thaw")

    def test_close_thaws(self) -> None:
        """
        What was frozen through a guest is thawed when it is closed.
        """
        self.assertEqual(self.result(self.guest.freezer("backup").freeze()), 2)
        self.close(self.guest)
        self.assertEqual(self.agent.executed[-1], "guest-fsfreeze-thaw")

    def test_no_freeze(self) -> None:
        """
        Who never freezes asks nothing about freezing.
        """
        self.result(self.guest.ping())
        self.close(self.guest)
        self.assertEqual(self.agent.executed, [])
