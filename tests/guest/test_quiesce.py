"""Work that is done while guests hold still."""

from collections.abc import Callable
from random import Random
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed, GroupFailed
from txqga.guest import Guest, Quiesced, while_frozen
from txqga.session import Session
from txqga.testing import ScriptedAgent
from txqga.wire import JSON


class WhileFrozenTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.log: list[str] = []
        self.agents: dict[str, ScriptedAgent] = {}
        self.db1, self.web1 = self.guest("db1"), self.guest("web1")
        self.flush()

    def guest(self, name: str) -> Guest:
        agent = self.agents[name] = ScriptedAgent()

        def answer(command: str, value: JSON) -> None:
            def said(arguments: Any) -> JSON:
                self.log.append(f"{name} {command}")
                return value

            agent.answer(f"guest-fsfreeze-{command}", said)

        agent.answer("guest-fsfreeze-status", "thawed")
        answer("freeze", 2)
        answer("thaw", 2)
        session = Session(self.clock, agent, name=name, random=Random(7))
        session.start()
        return Guest.of_session(self.clock, session)

    def flush(self) -> None:
        for _ in range(5):
            for agent in self.agents.values():
                agent.flush()

    def during(self, guests: Any, work: Callable[[], Any], **more: Any) -> Deferred[Quiesced[Any]]:
        done: Deferred[Quiesced[Any]] = while_frozen(
            self.clock, guests, work, owner="backup", **more
        )
        self.flush()
        return done

    def test_intervals(self) -> None:
        """
        What the work gave is told, and for how long each guest held still for it.
        """
        work: Deferred[str] = Deferred()
        done = self.during([self.db1, self.web1], lambda: work)
        self.clock.advance(5)
        work.callback("done")
        self.flush()
        report = self.successResultOf(done)
        self.assertEqual(report.result, "done")
        self.assertEqual(list(report.intervals), ["db1", "web1"])
        self.assertEqual([each.seconds for each in report.intervals.values()], [5.0, 5.0])
        self.assertEqual((report.seconds, report.skew), (5.0, 0.0))

    def test_coroutine(self) -> None:
        """
        The work may be a coroutine; a guest alone need not be in a list.
        """

        async def work() -> str:
            self.log.append("work")
            return await succeed("done")

        done = self.during(self.db1, work)
        self.assertEqual(self.successResultOf(done).result, "done")
        self.assertEqual(self.log, ["db1 freeze", "work", "db1 thaw"])

    def test_ranks(self) -> None:
        """
        Groups of guests are frozen one after the other, and thawed the other way round.
        """
        done = self.during([[self.web1], [self.db1]], lambda: succeed(None))
        self.successResultOf(done)
        self.assertEqual(self.log, ["web1 freeze", "db1 freeze", "db1 thaw", "web1 thaw"])

    def test_skew(self) -> None:
        """
        A guest that takes longer to freeze is told of; all of them held still for less.
        """
        slow: Deferred[JSON] = Deferred()
        self.agents["db1"].answer("guest-fsfreeze-freeze", slow)
        work: Deferred[None] = Deferred()
        done = self.during([self.web1, self.db1], lambda: work)
        self.clock.advance(2)
        slow.callback(1)
        self.flush()
        self.clock.advance(3)
        work.callback(None)
        self.flush()
        report = self.successResultOf(done)
        self.assertEqual((report.skew, report.seconds), (2.0, 3.0))
        self.assertEqual(report.intervals["web1"].seconds, 5.0)

    def test_work_fails(self) -> None:
        """
        Work that fails, by whatever way, leaves nothing frozen.
        """

        def broken() -> Deferred[None]:
            raise ZeroDivisionError

        for work in (broken, lambda: fail(ZeroDivisionError())):
            self.log.clear()
            self.failureResultOf(self.during([self.db1, self.web1], work), ZeroDivisionError)
            self.assertEqual({"db1 thaw", "web1 thaw"} - set(self.log), set())

    def test_cancelled(self) -> None:
        """
        Who waits no more ends the work, and everything is thawed.
        """
        work: Deferred[None] = Deferred(lambda _: self.log.append("ended"))
        done = self.during([self.db1, self.web1], lambda: work)
        done.cancel()
        self.flush()
        self.failureResultOf(done, CancelledError)
        self.assertIn("ended", self.log)
        self.assertEqual(set(self.log[-2:]), {"db1 thaw", "web1 thaw"})

    def test_one_refuses(self) -> None:
        """
        If one guest cannot be frozen, no work is done, and none stays frozen.
        """
        self.agents["web1"].answer("guest-fsfreeze-freeze", CommandFailed("disk full"))
        done = self.during([self.db1, self.web1], lambda: self.fail("frozen"))
        failed = self.failureResultOf(done, GroupFailed).value
        assert isinstance(failed, GroupFailed)
        self.assertEqual(list(failed.failures), ["web1"])
        self.assertIn("db1 thaw", self.log)

    def test_lapsed(self) -> None:
        """
        Work that goes on for longer than a guest may be frozen has failed.
        """
        work: Deferred[None] = Deferred()
        done = self.during([self.db1], lambda: work, seconds=10.0)
        self.clock.advance(10)
        self.flush()
        self.assertEqual(self.log[-1], "db1 thaw")
        work.callback(None)
        self.flush()
        self.failureResultOf(done, GroupFailed)

    def test_mountpoints(self) -> None:
        """
        It may be said what is to be frozen.
        """
        self.agents["db1"].answer("guest-fsfreeze-freeze-list", 1)
        self.successResultOf(self.during(self.db1, lambda: succeed(1), mountpoints=["/data"]))
        (asked,) = (a for name, a in self.agents["db1"].ran if name == "guest-fsfreeze-freeze-list")
        self.assertEqual(asked, {"mountpoints": ["/data"]})

    def test_same_name(self) -> None:
        """
        Guests are told apart by their names; some may have none.
        """
        twin = self.guest("db1")
        self.assertRaises(ValueError, self.during, [self.db1, twin], lambda: None)
        self.assertRaises(ValueError, self.during, [], lambda: None)
        self.assertRaises(ValueError, self.during, [self.db1, [self.web1]], lambda: None)
        nobody = self.guest("")
        self.flush()
        report = self.successResultOf(self.during([self.web1, nobody], lambda: succeed(None)))
        self.assertEqual(list(report.intervals), ["web1", "guest 2"])
