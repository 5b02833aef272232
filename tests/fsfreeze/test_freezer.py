"""One holder of a guest."""

from collections.abc import Callable, Mapping
from functools import partial

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.fsfreeze._bench import Agent, Bench
from txqga.errors import CommandFailed, CommandNotFound, DidNotHold, OutcomeUnknown
from txqga.fsfreeze._freezer import Freezer, count
from txqga.fsfreeze._freezes import Freezes
from txqga.fsfreeze._wishes import FREEZE_LIST, THAW, Send
from txqga.interfaces import IFreezer
from txqga.wire import JSON


class FreezerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.agent = Bench().clock, Agent()
        self.freezes = Freezes(self.clock, self.agent.ask)
        self.freezer = Freezer(self.freezes, self.run_it, "ann", seconds=60)

    def run_it(
        self, command: str, arguments: Mapping[str, JSON], through: Callable[[Send], Deferred[JSON]]
    ) -> "Deferred[JSON]":
        return through(partial(self.agent.ask, command, arguments))

    def frozen(self) -> None:
        answer = self.freezer.freeze()
        self.agent.answer(3)
        self.agent.fail(CommandNotFound("never heard of it"))
        self.assertEqual(self.successResultOf(answer), 3)

    def test_interface(self) -> None:
        """
        It freezes and thaws, for so long at most.
        """
        verifyObject(IFreezer, self.freezer)
        self.frozen()
        self.assertEqual(self.freezer.standing.lease.seconds, 60)
        thawed = self.freezer.thaw()
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(thawed), 3)

    def test_mountpoints(self) -> None:
        """
        It may be about some filesystems only.
        """
        Freezer(self.freezes, self.run_it, "ann", mountpoints=["/data"]).freeze()
        asked = self.agent.waiting[0]
        self.assertEqual(asked.command, FREEZE_LIST)
        self.assertEqual(asked.arguments, {"mountpoints": ["/data"]})
        self.assertEqual(self.freezer.standing.lease.mountpoints, ("/data",))

    def test_resumed(self) -> None:
        """
        What was frozen for it by the last process it holds on, and thaws, in time or too late.
        """
        self.frozen()
        lease = self.freezer.standing.lease
        for _ in range(2):
            again = Freezer(self.freezes, self.run_it, "ann", group=("6f", 1))
            self.assertFalse(again.holds)
            again.resume()
            self.assertTrue(again.holds)
        self.assertIs(again.standing.lease, lease)
        thawed = again.thaw()
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(thawed), 3)
        again.resume()
        self.failureResultOf(again.thaw(), DidNotHold)

    def test_right_behind_a_thaw(self) -> None:
        """
        It holds what is frozen for it in the moment in which another's thaw has ended.
        """
        self.frozen()
        bob = Freezer(self.freezes, self.run_it, "bob")
        frozen = self.freezer.thaw().addCallback(lambda _: bob.freeze())
        for _ in range(2):
            self.agent.answer(3)
        self.agent.fail(CommandNotFound("never heard of it"))
        self.assertEqual(self.successResultOf(frozen), 3)
        self.assertTrue(bob.holds)
        thawed = bob.thaw()
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(thawed), 3)

    def test_group(self) -> None:
        """
        Of what it is frozen with, the lease tells.
        """
        Freezer(self.freezes, self.run_it, "ann", group=("6f", 1)).freeze()
        self.assertEqual(self.freezes.standing.lease.group, ("6f", 1))

    def test_nothing_owed(self) -> None:
        """
        Who has frozen nothing thaws nothing, in particular not what another has frozen.
        """
        self.assertEqual(self.successResultOf(self.freezer.thaw()), 0)
        other = Freezer(self.freezes, self.run_it, "bob")
        self.frozen()
        self.failureResultOf(other.freeze(), CommandNotFound)
        self.assertEqual(self.successResultOf(other.thaw()), 0)
        self.assertEqual(self.freezer.standing.stage.value, "frozen")

    def test_not_frozen(self) -> None:
        """
        A freeze that never ran owes nothing.
        """
        answer = self.freezer.freeze()
        self.agent.fail(CommandNotFound("disabled"))
        self.failureResultOf(answer, CommandNotFound)
        self.agent.answer("thawed")
        self.assertEqual(self.successResultOf(self.freezer.thaw()), 0)

    def test_cancelled(self) -> None:
        """
        A freeze that nobody waits for any more may land all the same, and is owed a thaw.
        """
        answer = self.freezer.freeze()
        answer.cancel()
        self.failureResultOf(answer)
        thawed = self.freezer.thaw()
        self.agent.answer(3)
        self.assertEqual([each.command for each in self.agent.waiting], [THAW])
        self.agent.answer(3)
        self.assertEqual(self.successResultOf(thawed), 3)

    def test_lapsed(self) -> None:
        """
        Who holds a guest that was thawed in between learns that when it thaws.
        """
        self.frozen()
        self.clock.advance(60)
        self.agent.answer(3)
        thawed = self.freezer.thaw()
        self.agent.answer(0)
        self.failureResultOf(thawed, CommandFailed)
        self.assertEqual(self.successResultOf(self.freezer.thaw()), 0)

    def test_thawed_by_another(self) -> None:
        """
        Who holds a guest that somebody else has thawed, and frozen again perhaps, learns that too.
        """
        for again in (False, True):
            self.setUp()
            self.frozen()
            self.assertTrue(self.freezer.holds)
            self.clock.advance(1)
            self.freezes.thaw(partial(self.agent.ask, THAW, {}))
            self.agent.answer(3)
            other = Freezer(self.freezes, self.run_it, "bob")
            if again:
                other.freeze()
                self.agent.answer(3)
            self.assertFalse(self.freezer.holds)
            self.failureResultOf(self.freezer.thaw(), DidNotHold)
            self.assertEqual(self.successResultOf(self.freezer.thaw()), 0)
            self.assertEqual(other.holds, again)

    def test_being_thawed(self) -> None:
        """
        So does who thaws while somebody else's thaw is under way, when it is thawed.
        """
        self.frozen()
        self.freezes.thaw(partial(self.agent.ask, THAW, {}))
        thawed = self.freezer.thaw()
        self.assertNoResult(thawed)
        self.agent.answer(3)
        self.agent.answer(0)
        self.failureResultOf(thawed, DidNotHold)

    def test_nothing_there(self) -> None:
        """
        Where there was nothing to be frozen, nobody can have thawed it.
        """
        answer = self.freezer.freeze()
        self.agent.answer(0)
        self.assertEqual(self.successResultOf(answer), 0)
        self.agent.answer(0)
        self.assertEqual(self.successResultOf(self.freezer.thaw()), 0)

    def test_renew(self) -> None:
        """
        A lease that is renewed is still the same holder's.
        """
        self.frozen()
        self.clock.advance(50)
        self.assertEqual(self.successResultOf(self.freezer.renew()), 60)
        self.clock.advance(50)
        self.freezer.thaw()
        self.assertEqual(self.agent.waiting[0].command, THAW)

    def test_ready(self) -> None:
        """
        Whether the guest answers can be known before anything is frozen.
        """
        ready = self.freezer.ready()
        self.assertEqual(self.agent.waiting[0].command, "guest-ping")
        self.agent.answer({})
        self.assertIsNone(self.successResultOf(ready))
        ready = self.freezer.ready()
        self.agent.lose()
        self.failureResultOf(ready, OutcomeUnknown)

    def test_count(self) -> None:
        """
        A guest may say anything; what is no number counts nothing.
        """
        said: list[JSON] = [3, None, "3", True, {}]
        self.assertEqual([count(each) for each in said], [3, 0, 0, 0, 0])
