"""Making the agent forget what nobody needs."""

from collections.abc import Mapping

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import Outcome
from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, OutcomeUnknown
from txqga.mux._handles import Handle, Kind
from txqga.mux._releases import AWAY, LONGEST, MOST, REFUSALS, Releases
from txqga.wire import JSON

A, B = Handle(Kind.FILE, 1000), Handle(Kind.FILE, 1001)
P = Handle(Kind.EXEC, 77)
RUNNING, DONE = {"exited": False}, {"exited": True, "exitcode": 0}
AWAY_ERROR = AgentUnavailable("absent", "there is no socket")


class ReleasesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.asked: list[tuple[str, Mapping[str, JSON]]] = []
        self.waiting: list[Deferred[JSON]] = []
        self.released: list[tuple[Handle, JSON]] = []
        self.releases = Releases(
            self.clock, self.ask, lambda handle, value: self.released.append((handle, value))
        )

    def ask(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        self.asked.append((command, arguments))
        self.waiting.append(Deferred())
        return self.waiting[-1]

    def answer(self, value: JSON) -> None:
        self.waiting.pop().callback(value)
        self.clock.advance(0)

    def refuse(self, why: Exception) -> None:
        self.waiting.pop().errback(why)
        self.clock.advance(0)

    def test_file(self) -> None:
        """
        A file is closed.
        """
        self.releases.add(A)
        self.assertEqual(self.asked, [("guest-file-close", {"handle": 1000})])
        self.answer({})
        self.assertEqual(self.released, [(A, {})])
        self.assertNotIn(A, self.releases)

    def test_one_at_a_time(self) -> None:
        """
        What is left behind does not crowd out those who are there.
        """
        for handle in (A, B, B):
            self.releases.add(handle)
        self.assertEqual(len(self.asked), 1)
        self.answer({})
        self.assertEqual(len(self.asked), 2)
        self.answer({})
        self.assertEqual([handle for handle, _ in self.released], [A, B])

    def test_process(self) -> None:
        """
        A process is asked about until it has ended, less and less often.
        """
        self.releases.add(P)
        asked = 0
        for _ in range(100):
            self.answer(RUNNING)
            self.clock.advance(LONGEST)
            asked += 1
        self.assertEqual(self.asked, [("guest-exec-status", {"pid": 77})] * (asked + 1))
        self.answer(DONE)
        self.assertEqual(self.released, [(P, DONE)])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_waiting_process(self) -> None:
        """
        A process that runs on keeps nothing else from being released.
        """
        self.releases.add(P)
        self.releases.add(A)
        self.answer(RUNNING)
        self.answer({})
        self.assertEqual([handle for handle, _ in self.released], [A])

    def test_unknown(self) -> None:
        """
        An agent that knows nothing of the number, for it was started anew, has nothing to forget.
        """
        self.releases.add(A)
        self.refuse(CommandFailed("handle '1000' has not been found"))
        self.assertEqual(self.released, [(A, None)])

    def test_away(self) -> None:
        """
        When the agent is away, everything is tried again when it is back.
        """
        for why in (AWAY_ERROR, OutcomeUnknown("guest-file-close", "once", "lost", Outcome())):
            self.releases.add(A)
            self.releases.add(B)
            self.refuse(why)
            self.clock.advance(1)
            self.assertEqual(self.waiting, [])
            self.releases.ready()
            self.answer({})
            self.answer({})
        self.assertEqual(len(self.released), 4)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_away_for_long(self) -> None:
        """
        Even if nobody says that the agent is back, it is tried again.
        """
        self.releases.add(A)
        self.refuse(AWAY_ERROR)
        self.clock.advance(AWAY)
        self.answer({})
        self.assertEqual(len(self.released), 1)

    def test_frozen(self) -> None:
        """
        An agent that does not run the command now is asked again, for about an hour.
        """
        self.releases.add(A)
        for _ in range(REFUSALS - 1):
            self.refuse(CommandNotFound("not while frozen"))
            self.clock.advance(LONGEST)
        self.assertEqual(self.released, [])
        self.assertGreater(self.clock.seconds(), 3600)
        self.refuse(CommandNotFound("not while frozen"))
        self.assertEqual(self.released, [(A, None)])
        self.assertEqual((self.waiting, self.clock.getDelayedCalls()), ([], []))

    def test_discard(self) -> None:
        """
        A number that was given out again is not released, wherever it stands.
        """
        for handle in (A, B, P):
            self.releases.add(handle)
        self.releases.discard(B)
        self.releases.discard(A)
        self.clock.advance(0)
        self.assertEqual(self.asked[-1], ("guest-exec-status", {"pid": 77}))
        self.answer(RUNNING)
        self.releases.discard(P)
        self.releases.discard(P)
        self.assertEqual((self.released, self.clock.getDelayedCalls()), ([], []))

    def test_discard_and_again(self) -> None:
        """
        The new one of a number can be released as the old one could.
        """
        self.releases.add(A)
        self.releases.discard(A)
        self.releases.add(A)
        self.clock.advance(0)
        self.assertEqual(len(self.asked), 2)
        self.answer({})
        self.assertEqual(self.released, [(A, {})])

    def test_bounded(self) -> None:
        """
        So many wait; then the oldest are left in the agent.
        """
        for number in range(MOST + 10):
            self.releases.add(Handle(Kind.FILE, number))
        self.assertNotIn(Handle(Kind.FILE, 9), self.releases)
        self.assertIn(Handle(Kind.FILE, 10), self.releases)

    def test_quiet(self) -> None:
        """
        Whoever stops the mux can wait until nothing more can be released at once.
        """
        self.successResultOf(self.releases.quiet())
        self.releases.add(A)
        self.releases.add(P)
        quiet, given_up = self.releases.quiet(), self.releases.quiet()
        given_up.addErrback(lambda _: None)
        given_up.cancel()
        self.answer({})
        self.assertNoResult(quiet)
        self.answer(RUNNING)
        self.successResultOf(quiet)

    def test_quiet_when_away(self) -> None:
        """
        Nothing can be released of an agent that is away.
        """
        self.releases.add(A)
        quiet = self.releases.quiet()
        self.refuse(AWAY_ERROR)
        self.successResultOf(quiet)

    def test_stop(self) -> None:
        """
        A mux that stops asks nothing more and waits for nothing.
        """
        self.releases.add(P)
        self.releases.add(A)
        self.answer(RUNNING)
        self.releases.stop()
        self.clock.advance(0)
        self.assertEqual((len(self.asked), self.clock.getDelayedCalls()), (2, []))

    def test_bug(self) -> None:
        """
        What cannot be explained is logged, and does not keep the rest from being released.
        """
        self.releases.add(A)
        self.releases.add(B)
        self.refuse(ZeroDivisionError())
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual([arguments for _, arguments in self.asked][1:], [{"handle": 1001}])
