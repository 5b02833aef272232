"""Several guests that hold still together."""

from collections import deque

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from txqga.errors import CommandFailed, GroupFailed, HookFailed
from txqga.fsfreeze._group import PATIENCE, Group
from txqga.fsfreeze._hook import Hook
from txqga.fsfreeze._quiesce import while_frozen
from txqga.interfaces import IFreezer


class Guest:
    """Does what it is asked when the test says so."""

    def __init__(self, name: str, log: list[str]) -> None:
        self._name = name
        self._log = log
        self.answers: deque[Deferred[int]] = deque()
        self.owes = False

    def ready(self) -> "Deferred[None]":
        return self._ask("ready").addCallback(lambda _: None)

    def freeze(self) -> "Deferred[int]":
        self.owes = True
        return self._ask("freeze")

    def thaw(self) -> "Deferred[int]":
        if not self.owes:
            return succeed(0)
        self.owes = False
        return self._ask("thaw")

    def _ask(self, what: str) -> "Deferred[int]":
        self._log.append(f"{self._name} {what}")
        self.answers.append(Deferred())
        return self.answers[-1]

    def say(self, count: int = 2) -> None:
        self.answers.popleft().callback(count)

    def refuse(self, why: str = "no") -> None:
        self.owes = False
        self.answers.popleft().errback(CommandFailed(why))


class GroupTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.log: list[str] = []
        self.web1, self.web2, self.db1 = (Guest(each, self.log) for each in ("web1", "web2", "db1"))
        self.hooked: dict[str, Deferred[None]] = {"freeze": succeed(None), "thaw": succeed(None)}
        self.patch(Hook, "run", self.run_hook)
        self.group = Group(
            self.clock,
            [{"web1": self.web1, "web2": self.web2}, {"db1": self.db1}],
            Hook(["/bin/quiet"]),
        )

    def run_hook(self, reactor: object, word: str, guests: list[str]) -> "Deferred[None]":
        self.log.append(f"hook {word} {' '.join(guests)}")
        return self.hooked[word]

    def logged(self, *entries: str) -> None:
        self.assertEqual(self.log, list(entries))
        self.log.clear()

    def test_resumed(self) -> None:
        """
        A group that the last process has frozen is thawed the other way round, and the hook is run.
        """
        for guest in (self.web1, self.web2, self.db1):
            guest.owes = True
        self.group.resume({"web1": 1.0, "web2": 1.5, "db1": 2.0})
        self.assertEqual(self.group.report.skew, 1.0)
        thawed = self.group.thaw()
        self.logged("db1 thaw")
        self.db1.say()
        self.logged("web1 thaw", "web2 thaw")
        self.web1.say()
        self.web2.say()
        self.logged("hook thaw web1 web2 db1")
        self.assertEqual(self.successResultOf(thawed), 6)

    def ready(self) -> "Deferred[int]":
        """All are asked to freeze, after all have answered."""
        frozen = self.group.freeze()
        self.logged("hook freeze web1 web2 db1", "web1 ready", "web2 ready", "db1 ready")
        for guest in (self.web1, self.db1):
            guest.say()
        self.assertEqual(self.log, [])
        self.web2.say()
        self.logged("web1 freeze", "web2 freeze")
        return frozen

    def frozen(self) -> None:
        frozen = self.ready()
        self.web1.say(1)
        self.clock.advance(0.5)
        self.web2.say(2)
        self.logged("db1 freeze")
        self.clock.advance(0.25)
        self.db1.say(3)
        self.assertEqual(self.successResultOf(frozen), 6)

    def test_interface(self) -> None:
        """
        A group holds still as a guest does.
        """
        verifyObject(IFreezer, self.group)

    def test_in_order(self) -> None:
        """
        When all have answered they are frozen rank by rank, and thawed the other way round; how
        far apart they were is told.
        """
        self.frozen()
        self.assertEqual(self.group.report.frozen, {"web1": 1, "web2": 2, "db1": 3})
        self.assertEqual(self.group.report.skew, 0.75)
        thawed = self.group.thaw()
        self.logged("db1 thaw")
        self.db1.say(3)
        self.logged("web1 thaw", "web2 thaw")
        self.web1.say(1)
        self.assertEqual(self.log, [])
        self.web2.say(2)
        self.logged("hook thaw web1 web2 db1")
        self.assertEqual(self.successResultOf(thawed), 6)
        self.assertEqual(self.successResultOf(self.group.thaw()), 0)

    def test_none_in_vain(self) -> None:
        """
        Where one does not answer none is frozen.
        """
        frozen = self.group.freeze()
        self.log.clear()
        self.web1.say()
        self.web2.refuse("the agent is absent")
        self.clock.advance(PATIENCE)
        why = self.failureResultOf(frozen, GroupFailed).value
        self.assertEqual(list(why.failures), ["web2", "db1"])
        self.logged("hook thaw web1 web2 db1")
        self.assertEqual(self.group.report.skew, 0.0)

    def test_all_or_nothing(self) -> None:
        """
        Where one cannot be frozen all are thawed.
        """
        frozen = self.ready()
        self.web1.say()
        self.assertNoResult(frozen)
        self.web2.refuse()
        self.logged("web1 thaw")
        self.assertNoResult(frozen)
        self.web1.say()
        why = self.failureResultOf(frozen, GroupFailed).value
        self.assertEqual(str(why), "web2: no")
        self.logged("hook thaw web1 web2 db1")

    def test_did_not_hold(self) -> None:
        """
        Where one did not stay frozen the group has failed, and the others are thawed.
        """
        self.frozen()
        thawed = self.group.thaw()
        self.db1.refuse("thawed by the host after 300 s")
        self.web1.say()
        self.web2.say()
        why = self.failureResultOf(thawed, GroupFailed).value
        self.assertIn("db1: thawed by the host", str(why))
        self.assertIn("hook thaw web1 web2 db1", self.log)

    def test_hook_fails(self) -> None:
        """
        Where the program that is run before fails, no guest is asked, and it is run the other way.
        """
        self.hooked["freeze"] = fail(HookFailed("/bin/quiet freeze", "exit status 1"))
        self.failureResultOf(self.group.freeze(), HookFailed)
        self.logged("hook freeze web1 web2 db1", "hook thaw web1 web2 db1")

    def test_hook_fails_afterwards(self) -> None:
        """
        Where the one that is run after fails, that is told, unless there is worse to tell.
        """
        for refuses, kind in ((False, HookFailed), (True, GroupFailed)):
            self.setUp()
            self.hooked["thaw"] = fail(HookFailed("/bin/quiet thaw", "exit status 1"))
            self.frozen()
            thawed = self.group.thaw()
            if refuses:
                self.db1.refuse()
            else:
                self.db1.say()
            self.web1.say()
            self.web2.say()
            self.failureResultOf(thawed, kind)

    def test_cancelled(self) -> None:
        """
        A freeze that nobody waits for any more is undone.
        """
        frozen = self.ready()
        self.web1.say()
        frozen.cancel()
        self.logged("web1 thaw", "web2 thaw")
        self.web1.say()
        self.web2.answers.pop().callback(2)
        self.failureResultOf(frozen)
        self.logged("hook thaw web1 web2 db1")

    def test_one_hangs(self) -> None:
        """
        Where one hangs while it is frozen, and the freeze is given up, the others are thawed at
        once.
        """
        frozen = self.ready()
        self.web1.say()
        self.web2.say()
        self.logged("db1 freeze")
        frozen.cancel()
        self.assertEqual(sorted(self.log), ["db1 thaw", "web1 thaw", "web2 thaw"])
        self.web1.say()
        self.web2.say()
        self.assertNoResult(frozen)
        self.db1.answers.pop().callback(0)
        self.failureResultOf(frozen)

    def test_without_hook(self) -> None:
        """
        Work is done while all hold still, with no program run.
        """
        group = Group(self.clock, [{"db1": self.db1}])
        done = while_frozen(group, lambda: succeed("copied"))
        for _ in ("ready", "freeze", "thaw"):
            self.db1.say()
        self.assertEqual(self.successResultOf(done), "copied")
        self.logged("db1 ready", "db1 freeze", "db1 thaw")

    def test_once(self) -> None:
        """
        A guest is in a group once.
        """
        self.assertRaises(ValueError, Group, self.clock, [{"db1": self.db1}, {"db1": self.db1}])
