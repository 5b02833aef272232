"""Acting with no more rights than a user."""

import errno
import os
from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform import User
from txqga.agent.platform.linux._identity import acting_as
from txqga.errors import CommandFailed

ALICE = User(name="alice", uid=1000, gid=100, home="/home/alice")


class FakeIds:
    """The ids of a process; some may not be set."""

    def __init__(self, uid: int = 0, gid: int = 0, groups: Sequence[int] = (0, 4, 27)) -> None:
        self.uid, self.gid, self.groups = uid, gid, list(groups)
        self.refused = ""
        self.done: list[str] = []

    def geteuid(self) -> int:
        return self.uid

    def getegid(self) -> int:
        return self.gid

    def getgroups(self) -> list[int]:
        return self.groups

    def seteuid(self, uid: int, /) -> None:
        self.step("seteuid")
        self.uid = uid

    def setegid(self, gid: int, /) -> None:
        self.step("setegid")
        self.gid = gid

    def setgroups(self, groups: Sequence[int], /) -> None:
        self.step("setgroups")
        self.groups = list(groups)

    def step(self, name: str) -> None:
        self.done.append(name)
        if name == self.refused:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    @property
    def now(self) -> tuple[int, int, list[int]]:
        return self.uid, self.gid, self.groups


class ActingAsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.ids = FakeIds()

    def test_inside_and_after(self) -> None:
        """
        Inside it is the user with his primary group; afterwards all is as before.
        """
        before = self.ids.now
        with acting_as(ALICE, self.ids):
            self.assertEqual(self.ids.now, (1000, 100, [100]))
        self.assertEqual(self.ids.now, before)

    def test_order(self) -> None:
        """
        Root's rights are given up last and taken back first: the other steps need them.
        """
        with acting_as(ALICE, self.ids):
            self.assertEqual(self.ids.done, ["setgroups", "setegid", "seteuid"])
        self.assertEqual(self.ids.done[3:], ["seteuid", "setegid", "setgroups"])

    def test_failure_inside(self) -> None:
        """
        What is done inside may fail: all is as before.
        """
        before = self.ids.now

        def fail() -> None:
            with acting_as(ALICE, self.ids):
                raise FileNotFoundError

        self.assertRaises(FileNotFoundError, fail)
        self.assertEqual(self.ids.now, before)

    def test_refused(self) -> None:
        """
        Who is not root cannot be somebody else; what was changed up to then is changed back.
        """
        before = self.ids.now
        for step, what in (
            ("setgroups", "group"),
            ("setegid", "effective group ID"),
            ("seteuid", "effective user ID"),
        ):
            self.ids.refused = step

            def act() -> None:
                with acting_as(ALICE, self.ids):
                    self.fail("nothing may be done")

            refused = self.assertRaises(CommandFailed, act)
            self.assertEqual(
                refused.desc, f"failed to set {what} for user 'alice': Operation not permitted"
            )
            self.assertEqual(self.ids.now, before)

    def test_himself(self) -> None:
        """
        An agent that is the user already has nothing to change, and needs no rights.
        """
        self.ids = FakeIds(uid=1000, gid=100, groups=[100, 5])
        with acting_as(ALICE, self.ids):
            self.assertEqual(self.ids.now, (1000, 100, [100, 5]))
        self.assertEqual(self.ids.done, [])

    def test_not_taken_back(self) -> None:
        """
        That it cannot be itself any more is never passed over.
        """

        def act() -> None:
            with acting_as(ALICE, self.ids):
                self.ids.refused = "seteuid"

        self.assertRaises(PermissionError, act)
