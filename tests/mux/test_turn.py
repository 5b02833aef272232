"""Whose command runs."""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._jobs import make
from txqga.errors import AgentUnavailable
from txqga.mux._job import Job
from txqga.mux._lanes import Lane
from txqga.mux._queue import Bounds, Queue
from txqga.mux._turn import CLOSED, IDLE, RUNNING, Core, builder, machine
from txqga.testing import transitions, unanswered


class TurnTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.running: list[tuple[Job, Deferred[None]]] = []
        self.dropped: list[Job] = []
        self.queue = Queue(Bounds(jobs=2))
        self.core = Core(self.queue, self.run_job, self.dropped.append)
        self.build: Callable[..., object] = builder.build
        self.turn = machine(self.core, IDLE)

    def run_job(self, job: Job) -> Deferred[None]:
        finished: Deferred[None] = Deferred()
        self.running.append((job, finished))
        return finished

    def finish(self) -> None:
        """The agent has answered."""
        _, finished = self.running.pop()
        finished.callback(None)

    def runs(self) -> list[Job]:
        return [job for job, _ in self.running]

    def test_idle_ask(self) -> None:
        """
        A command runs at once when the agent is free.
        """
        job = make()
        self.turn.ask(job)
        self.assertEqual(self.runs(), [job])

    def test_idle_withdraw(self) -> None:
        """
        What is over cannot be withdrawn.
        """
        self.turn.withdraw(make())
        self.assertEqual(self.dropped, [])

    def test_idle_close(self) -> None:
        """
        A mux that stops runs nothing more.
        """
        self.turn.close()
        self.refused(make(), "stopping")

    def refused(self, job: Job, why: str) -> None:
        waiting = job.wait()
        self.turn.ask(job)
        error = self.failureResultOf(waiting, AgentUnavailable).value
        self.assertIn(why, str(error))
        self.assertEqual(self.dropped[-1:], [job])

    def test_running_ask(self) -> None:
        """
        One command runs at a time, and the next when it is over.
        """
        first, second = make(), make()
        self.turn.ask(first)
        self.turn.ask(second)
        self.assertEqual(self.runs(), [first])
        self.finish()
        self.assertEqual(self.runs(), [second])
        self.finish()
        self.assertEqual(self.runs(), [])

    def test_running_no_room(self) -> None:
        """
        A command for which there is no room is refused at once, with the reason.
        """
        for _ in range(3):
            self.turn.ask(make())
        self.refused(make(), "the agent is busy: 2 commands are waiting")

    def test_running_withdraw(self) -> None:
        """
        What waits and is withdrawn does not run; what runs keeps its turn.
        """
        first, second, third = make(), make(), make()
        for job in (first, second, third):
            self.turn.ask(job)
        self.turn.withdraw(second)
        self.turn.withdraw(first)
        self.assertEqual((self.dropped, self.runs()), ([second], [first]))
        self.finish()
        self.assertEqual(self.runs(), [third])

    def left(self, job: Job, failure: Failure) -> Failure:
        self.turn.withdraw(job)
        return failure

    def test_sift(self) -> None:
        """
        What should not wait any longer is told why; the others keep their order, and what runs
        goes on. Who is told may leave at once.
        """
        jobs = [make(client=name) for name in ("ann", "bob", "cat", "bob", "cat")]
        self.core.queue = Queue()
        for job in jobs:
            self.turn.ask(job)
        bobs = [job.wait() for job in jobs if job.client == "bob"]
        bobs[0].addErrback(lambda failure: self.left(jobs[3], failure))
        why = AgentUnavailable("frozen", "by ann")
        self.turn.sift(lambda job: why if job.client in ("ann", "bob") else None)
        for waiting in bobs:
            error = self.failureResultOf(waiting, AgentUnavailable).value
            self.assertEqual(str(error), str(why))
        self.assertEqual(self.dropped, [jobs[1], jobs[3]])
        self.assertEqual(self.runs(), [jobs[0]])
        for job in (jobs[2], jobs[4]):
            self.finish()
            self.assertEqual(self.runs(), [job])

    def test_sift_nothing(self) -> None:
        """
        Where nothing waits there is nothing to be told.
        """
        for state in (IDLE, CLOSED):
            turn = machine(self.core, state)
            turn.sift(lambda job: AgentUnavailable("frozen", "by ann"))
        self.assertEqual(self.dropped, [])

    def test_running_close(self) -> None:
        """
        A mux that stops tells those who wait; what was written may still be answered.
        """
        first, second = make(), make()
        waiting = second.wait()
        self.turn.ask(first)
        self.turn.ask(second)
        self.turn.close()
        self.failureResultOf(waiting, AgentUnavailable)
        self.finish()
        self.assertEqual((self.runs(), self.dropped), ([], [second]))

    def test_closed(self) -> None:
        """
        A mux that has stopped stays stopped.
        """
        self.turn = machine(self.core, CLOSED)
        self.turn.close()
        self.turn.withdraw(make())
        self.refused(make(), "the agent is closed")

    def test_asked_while_told(self) -> None:
        """
        Who asks again because of an answer waits behind those who were waiting already.
        """
        again = make(client="ann")

        def answer(job: Job) -> Deferred[None]:
            self.turn.ask(again)
            return self.run_job(job)

        self.core.run = answer
        self.turn.ask(make(client="ann"))
        self.core.run = self.run_job
        thaw = make(lane=Lane.THAW, client="bob")
        self.turn.ask(thaw)
        self.finish()
        self.assertEqual(self.runs(), [thaw])
        self.finish()
        self.assertEqual(self.runs(), [again])

    def test_a_thousand_turns(self) -> None:
        """
        A long queue is worked off one after the other, not one inside the other.
        """
        self.core.queue = Queue(Bounds(jobs=5000, jobs_of_client=5000))
        for _ in range(3000):
            self.turn.ask(make())
        for _ in range(3000):
            self.finish()
        self.assertEqual(self.runs(), [])

    def test_whole(self) -> None:
        """
        Each public input has an answer in each state.
        """
        self.assertEqual(unanswered(machine), [])
        self.assertEqual(
            {each.state for each in transitions(machine)}, {"idle", "running", "closed"}
        )
        self.assertIsNot(IDLE, RUNNING)
