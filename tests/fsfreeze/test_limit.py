"""The guest's own limit."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.fsfreeze._bench import Agent
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.fsfreeze._limit import GuestLimit, seconds_left
from txqga.wire import JSON


class GuestLimitTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.agent = Clock(), Agent()
        self.told: list[float] = []
        self.found: list[bool] = []
        self.limit = GuestLimit(
            self.clock, self.agent.ask, 600.0, self.told.append, self.found.append
        )
        self.limit.renew()

    def test_long_enough(self) -> None:
        """
        A limit that is as long as the lease is not asked for again.
        """
        self.assertEqual(self.agent.waiting[0].arguments, {"seconds": 600})
        self.agent.answer({"seconds": 600})
        self.assertEqual(self.told, [600])
        self.clock.advance(600)
        self.assertEqual(len(self.agent.asked), 1)

    def test_shorter(self) -> None:
        """
        A shorter one is renewed at half its time.
        """
        self.agent.answer({"seconds": 100})
        self.clock.advance(50)
        self.assertEqual(self.agent.waiting[0].arguments, {"seconds": 550})
        self.agent.answer({"seconds": 100})
        self.assertEqual(self.told, [100, 150])

    def test_none(self) -> None:
        """
        An agent without the command has no limit that could be renewed.
        """
        self.agent.fail(CommandNotFound("never heard of it"))
        self.limit.renew()
        self.clock.advance(600)
        self.assertEqual((len(self.agent.asked), self.told), (1, []))

    def test_away(self) -> None:
        """
        While the agent is away it is asked again, each second.
        """
        self.agent.fail(AgentUnavailable("absent", "no such file"))
        self.clock.advance(1)
        self.agent.lose()
        self.clock.advance(1)
        self.assertEqual(len(self.agent.asked), 3)

    def test_refused(self) -> None:
        """
        A guest that refuses is asked whether it is frozen at all.
        """
        self.agent.fail(CommandFailed("not frozen"))
        self.agent.answer("thawed")
        self.assertEqual(self.found, [False])
        self.clock.advance(1)
        self.agent.fail(CommandFailed("not frozen"))
        self.agent.fail(CommandFailed("no"))
        self.assertEqual(self.found, [False])

    def test_nonsense(self) -> None:
        """
        A guest that answers nonsense tells nothing, and is not asked without end.
        """
        self.agent.answer({"seconds": "soon"})
        self.assertEqual((self.told, len(self.agent.asked)), ([], 1))
        self.clock.advance(1)
        self.agent.answer({"seconds": 0})
        self.assertEqual((self.told, len(self.agent.asked)), ([1], 2))

    def test_cancel(self) -> None:
        """
        What has ended asks nothing more.
        """
        self.limit.cancel()
        self.assertEqual(list(self.agent.waiting), [])
        self.clock.advance(10)
        self.limit.renew()
        self.assertEqual(len(self.agent.asked), 1)

    def test_never(self) -> None:
        """
        A guest that never thaws by itself is not asked again.
        """
        self.agent.answer({})
        self.clock.advance(600)
        self.assertEqual((self.told, len(self.agent.asked)), ([float("inf")], 1))

    def test_seconds_left(self) -> None:
        """
        What is left is a number of seconds, or no limit, or unknown.
        """
        self.assertEqual(seconds_left({"seconds": 5}), 5.0)
        self.assertEqual(seconds_left({"seconds": 10**400}), 2.0**53)
        self.assertEqual(seconds_left({}), float("inf"))
        wrongs: list[JSON] = [None, 5, "5", [5], {"seconds": False}, {"seconds": -1}]
        wrongs += [{"seconds": float("nan")}]
        for wrong in wrongs:
            self.assertIsNone(seconds_left(wrong), wrong)
