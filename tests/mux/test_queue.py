"""What waits for its turn."""

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._jobs import make
from txqga.mux._job import Job
from txqga.mux._lanes import Lane
from txqga.mux._queue import PATIENCE, Bounds, Queue


class QueueTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.queue = Queue()

    def add(self, *jobs: Job) -> None:
        for job in jobs:
            self.assertIsNone(self.queue.no_room(job))
            self.queue.add(job)

    def test_empty(self) -> None:
        """
        It is nobody's turn when nobody waits.
        """
        self.assertIsNone(self.queue.take())
        self.assertEqual(self.queue.clear(), [])

    def test_lanes(self) -> None:
        """
        A thaw goes first, then questions how the agent is, then people, transfers and polls.
        """
        jobs = [make(lane=lane) for lane in reversed(Lane)]
        self.add(*jobs)
        self.assertEqual(self.queue.clear(), jobs[::-1])

    def test_depths(self) -> None:
        """
        It is known how many wait in each lane, whoever they are.
        """
        bulk = [make(client=name, lane=Lane.BULK) for name in ("ann", "ann", "bob")]
        self.add(*bulk)
        self.assertEqual(self.queue.depths, {**dict.fromkeys(Lane, 0), Lane.BULK: 3})
        self.queue.remove(bulk[0])
        self.assertEqual(self.queue.depths[Lane.BULK], 2)

    def test_looked_through(self) -> None:
        """
        All that wait can be looked through, and wait on.
        """
        ann, bob = [make(client="ann"), make(client="ann")], make(client="bob")
        poll = make(client="cat", lane=Lane.POLLS)
        self.add(poll, ann[0], bob, ann[1])
        self.assertEqual(list(self.queue), [*ann, bob, poll])
        self.assertEqual(self.queue.clear(), [ann[0], bob, ann[1], poll])

    def test_round_robin(self) -> None:
        """
        Who asks for much waits behind who asks for little, after each of its own turns.
        """
        greedy = [make(client="ann") for _ in range(3)]
        modest = [make(client="bob"), make(client="cat")]
        self.add(*greedy, *modest)
        self.assertEqual(self.queue.clear(), [greedy[0], *modest, *greedy[1:]])

    def test_remove(self) -> None:
        """
        A client that goes takes its own commands with it, and no others.
        """
        first, second, other = make(client="ann"), make(client="ann"), make(client="bob")
        self.add(first, second, other)
        self.assertTrue(self.queue.remove(first))
        self.assertFalse(self.queue.remove(first))
        self.assertEqual(self.queue.clear(), [second, other])
        self.assertEqual(len(self.queue), 0)

    def test_overtaken(self) -> None:
        """
        A lane that has been overtaken many times in a row has a turn before those above it.
        """
        transfer = make(client="ann", lane=Lane.BULK)
        self.add(transfer)
        turns = 0
        while True:
            self.add(make(client="bob"))
            turns += 1
            if self.queue.take() is transfer:
                break
        self.assertEqual(turns, PATIENCE + 1)

    def test_thaw_is_never_overtaken(self) -> None:
        """
        However long others have been waiting, a thaw goes first.
        """
        self.add(make(lane=Lane.BULK))
        for _ in range(PATIENCE * 2):
            thaw = make(lane=Lane.THAW)
            self.add(thaw)
            self.assertIs(self.queue.take(), thaw)

    def test_bound_of_all(self) -> None:
        """
        There is room for so many commands, and the reason says so.
        """
        self.queue = Queue(Bounds(jobs=2))
        self.add(make(client="ann"), make(client="bob"))
        self.assertIn("2 commands are waiting", str(self.queue.no_room(make(client="cat"))))
        self.queue.take()
        self.assertIsNone(self.queue.no_room(make(client="cat")))

    def test_bound_of_one(self) -> None:
        """
        One client cannot fill the queue.
        """
        self.queue = Queue(Bounds(jobs_of_client=1))
        self.add(make(client="ann"))
        self.assertIn("of this client", str(self.queue.no_room(make(client="ann"))))
        self.assertIsNone(self.queue.no_room(make(client="bob")))

    def test_bound_of_octets(self) -> None:
        """
        Big requests are bounded together; a single one always has room.
        """
        self.queue = Queue(Bounds(octets=100))
        self.add(make(client="ann", octets=1000))
        self.assertIn("1000 octets", str(self.queue.no_room(make(client="bob", octets=1))))
        self.queue.take()
        self.add(make(client="ann", octets=60), make(client="bob", octets=40))


class AnyOrder(RuleBasedStateMachine):
    """Jobs come, leave and are taken, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.waiting: list[Job] = []
        self.passed: Counter[tuple[Lane, str, str]] = Counter()

    @rule(client=st.sampled_from("abc"), lane=st.sampled_from(Lane))
    def add(self, client: str, lane: Lane) -> None:
        job = make(client=client, lane=lane)
        if self.queue.no_room(job) is None:
            self.queue.add(job)
            self.waiting.append(job)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        job = data.draw(st.sampled_from(self.waiting))
        assert self.queue.remove(job)
        self.gone(job)

    @precondition(lambda self: self.waiting)
    @rule()
    def take(self) -> None:
        job = self.queue.take()
        assert job is not None
        same = [each for each in self.waiting if (each.lane, each.client) == (job.lane, job.client)]
        assert job is same[0], "a client's commands keep their order"
        if any(each.lane is Lane.THAW for each in self.waiting):
            assert job.lane is Lane.THAW
        self.gone(job)
        # nobody in the lane has to see a client served twice before their own turn
        for each in {str(e.client) for e in self.waiting if e.lane is job.lane}:
            if each != job.client:
                self.passed[job.lane, each, str(job.client)] += 1
                assert self.passed[job.lane, each, str(job.client)] <= 1
        for key in list(self.passed):
            if key[:2] == (job.lane, job.client):
                del self.passed[key]

    def gone(self, job: Job) -> None:
        self.waiting.remove(job)
        present = {(each.lane, str(each.client)) for each in self.waiting}
        for key in list(self.passed):
            if key[:2] not in present:
                del self.passed[key]

    @invariant()
    def count(self) -> None:
        assert len(self.queue) == len(self.waiting)


class FairnessTests(SynchronousTestCase):
    def test_any_order(self) -> None:
        """
        Nobody starves within a lane, and a thaw is never overtaken, whatever comes and goes.
        """
        run(AnyOrder)
