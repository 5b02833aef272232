"""What clients keep in the agent."""

from collections.abc import Hashable, Mapping

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._jobs import make
from tests.mux._session import Outcome
from txqga.errors import CommandFailed
from txqga.mux._callers import Caller, Peer, User
from txqga.mux._custody import FORGOTTEN, IDLE, SWEEP, Custody
from txqga.mux._handles import Handle, Kind
from txqga.mux._job import Job
from txqga.mux._results import KEPT
from txqga.wire import JSON, Refusal

ROOT = User(0)
A = Handle(Kind.FILE, 1000)
P = Handle(Kind.EXEC, 77)
J = Handle(Kind.JOB, "b5bb")
RUNNING, DONE = {"exited": False}, {"exited": True, "exitcode": 0}


class CustodyCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.asked: list[str] = []
        self.waiting: list[Deferred[JSON]] = []
        self.custody = Custody(self.clock, self.ask, masters=[ROOT])
        self.custody.start()

    def ask(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        self.asked.append(f"{command} {next(iter(arguments.values()))}")
        self.waiting.append(Deferred())
        return self.waiting[-1]

    def told(self, value: JSON) -> None:
        """The agent answers the mux."""
        self.waiting.pop(0).callback(value)
        self.clock.advance(0)

    def pass_time(self, seconds: float) -> None:
        self.clock.pump([SWEEP] * round(seconds / SWEEP))

    def open(self, client: Hashable = "ann", *, wanted: bool = True) -> None:
        self.run_job(make("guest-file-open", client=client, path="/x"), 1000, wanted=wanted)

    def start(self, client: Hashable = "ann", *, wanted: bool = True) -> None:
        self.run_job(make("guest-exec", client=client, path="/x"), {"pid": 77}, wanted=wanted)

    def run_job(self, job: Job, value: JSON, *, wanted: bool = True) -> None:
        if wanted:
            job.wait()
        self.custody.begin(job)
        self.custody.end(job)
        self.custody.answered(job, value)
        job.answer(value)


class CustodyTests(CustodyCase):
    def test_owner(self) -> None:
        """
        A file is there for whoever opened it, and for nobody else.
        """
        self.assertFalse(self.custody.may_use("ann", A))
        self.open()
        self.assertTrue(self.custody.may_use("ann", A))
        self.assertFalse(self.custody.may_use("bob", A))
        self.run_job(make("guest-file-close", handle=1000), {})
        self.assertFalse(self.custody.may_use("ann", A))
        self.assertEqual(self.asked, [])

    def test_left(self) -> None:
        """
        What a client leaves behind is released.
        """
        self.open()
        self.start()
        self.custody.left("ann")
        self.told({})
        self.told(RUNNING)
        self.clock.advance(1)
        self.told(DONE)
        self.assertEqual(
            self.asked,
            ["guest-file-close 1000", "guest-exec-status 77", "guest-exec-status 77"],
        )
        self.assertFalse(self.custody.may_use("ann", P))
        self.assertIsNone(self.custody.kept(P))

    def test_left_before_the_answer(self) -> None:
        """
        A file whose number nobody was told is closed at once.
        """
        self.open(wanted=False)
        self.start(wanted=False)
        self.assertEqual(self.asked, ["guest-file-close 1000"])
        self.assertFalse(self.custody.may_use("ann", A))

    def test_late(self) -> None:
        """
        So is one whose number comes when its client was told that nobody knows.
        """
        outcome, job = Outcome(), make("guest-file-open", path="/x")
        self.custody.unsettled(job, outcome.settled)
        outcome.late(1000)
        self.assertEqual(self.asked, ["guest-file-close 1000"])

    def test_late_close(self) -> None:
        """
        A file that was closed after all is not closed again.
        """
        self.open()
        outcome = Outcome()
        self.custody.unsettled(make("guest-file-close", handle=1000), outcome.settled)
        self.assertTrue(self.custody.may_use("ann", A))
        outcome.late({})
        self.assertFalse(self.custody.may_use("ann", A))
        self.assertEqual(self.asked, [])

    def test_never_known(self) -> None:
        """
        What a late refusal says, or what can never be known, changes nothing.
        """
        for reply in (None, Refusal(wire_class="GenericError", desc="no", id=1)):
            outcome = Outcome()
            self.custody.unsettled(make("guest-file-open", path="/x"), outcome.settled)
            outcome.settle(reply)
        outcome = Outcome()
        self.custody.unsettled(make("guest-ping"), outcome.settled)
        outcome.late({})
        self.assertEqual(self.asked, [])

    def test_late_result(self) -> None:
        """
        The result of a process that came too late is kept for its owner, once.
        """
        self.start()
        outcome = Outcome()
        self.custody.unsettled(make("guest-exec-status", pid=77), outcome.settled)
        outcome.late(DONE)
        self.assertTrue(self.custody.may_use("ann", P))
        self.assertEqual(self.custody.kept(P), DONE)
        self.assertFalse(self.custody.may_use("ann", P))
        self.assertIsNone(self.custody.kept(P))

    def test_refused(self) -> None:
        """
        A file that could not be closed, or a process that the agent does not know, is no more.
        """
        self.open()
        self.start()
        self.custody.refused(make("guest-file-read", handle=1000))
        self.assertTrue(self.custody.may_use("ann", A))
        self.custody.refused(make("guest-file-close", handle=1000))
        self.custody.refused(make("guest-exec-status", pid=77))
        self.assertFalse(self.custody.may_use("ann", A))
        self.assertFalse(self.custody.may_use("ann", P))
        self.custody.left("ann")
        self.assertEqual(self.asked, [])

    def test_given_out_again(self) -> None:
        """
        After a reboot numbers come again: the new file is not closed in place of the old one.
        """
        self.open("ann")
        self.open("bob")
        self.custody.left("ann")
        self.assertEqual(self.asked, [])
        self.start("ann")
        self.custody.left("ann")
        self.told(RUNNING)
        self.start("bob")
        self.pass_time(20)
        self.assertEqual(self.asked, ["guest-exec-status 77"])
        self.assertTrue(self.custody.may_use("bob", P))

    def test_late_and_given_out_again(self) -> None:
        """
        What comes late of the old one says nothing about the new one of the same number.
        """
        outcomes = [Outcome(), Outcome(), Outcome()]
        self.open("ann")
        self.custody.unsettled(make("guest-file-close", handle=1000), outcomes[0].settled)
        self.open("bob")
        self.start("ann")
        self.custody.unsettled(make("guest-exec-status", pid=77), outcomes[1].settled)
        self.start("bob")
        outcomes[0].late({})
        outcomes[1].late(DONE)
        self.custody.unsettled(make("guest-file-open", path="/x"), outcomes[2].settled)
        outcomes[2].late(1000)
        self.assertEqual(self.asked, [])
        self.custody.refused(make("guest-file-close", handle=1000))
        self.assertTrue(self.custody.may_use("bob", A))
        self.assertTrue(self.custody.may_use("bob", P))
        self.assertIsNone(self.custody.kept(P))

    def test_idle_file(self) -> None:
        """
        A user's file is closed when nobody has used it for a minute.
        """
        self.open(ROOT)
        self.pass_time(IDLE - SWEEP)
        self.run_job(make("guest-file-read", client=ROOT, handle=1000), {"count": 0})
        self.pass_time(IDLE - SWEEP)
        self.assertEqual(self.asked, [])
        self.assertTrue(self.custody.may_use(ROOT, A))
        self.pass_time(2 * SWEEP)
        self.assertEqual(self.asked, ["guest-file-close 1000"])
        self.assertFalse(self.custody.may_use(ROOT, A))

    def test_idle_process(self) -> None:
        """
        A user's process that nobody asks about is watched; its result is kept for five minutes.
        """
        self.start(ROOT)
        self.pass_time(IDLE + SWEEP)
        self.told(RUNNING)
        self.assertTrue(self.custody.may_use(ROOT, P))
        self.pass_time(SWEEP)
        self.told(DONE)
        self.pass_time(KEPT - 2 * SWEEP)
        self.assertTrue(self.custody.may_use(ROOT, P))
        self.assertEqual(len(self.asked), 2)
        self.pass_time(4 * SWEEP)
        self.assertFalse(self.custody.may_use(ROOT, P))
        self.assertIsNone(self.custody.kept(P))

    def test_idle_connection(self) -> None:
        """
        A connection may take its time: what it has opened stays open, what it has started is not
        asked about.
        """
        self.open()
        self.start()
        self.pass_time(10 * KEPT)
        self.assertEqual(self.asked, [])
        self.assertTrue(self.custody.may_use("ann", A))
        self.assertTrue(self.custody.may_use("ann", P))

    def test_asked_while_watched(self) -> None:
        """
        Who asks about a process that is watched gets its result, and it is watched no more.
        """
        self.start(ROOT)
        self.pass_time(IDLE + SWEEP)
        self.told(RUNNING)
        self.run_job(make("guest-exec-status", client=ROOT, pid=77), DONE)
        self.pass_time(IDLE)
        self.assertEqual(len(self.asked), 1)

    def test_result_of_nobody(self) -> None:
        """
        A result that was asked for by somebody who has gone is kept for the user, not for a
        connection.
        """
        self.start(ROOT)
        self.run_job(make("guest-exec-status", client=ROOT, pid=77), DONE, wanted=False)
        self.assertEqual(self.custody.kept(P), DONE)
        self.start("ann")
        self.custody.left("ann")
        self.run_job(make("guest-exec-status", client="ann", pid=77), DONE, wanted=False)
        self.assertIsNone(self.custody.kept(P))

    def test_left_with_a_result(self) -> None:
        """
        A process whose result is known already has not to be asked about again.
        """
        self.start()
        self.run_job(make("guest-exec-status", pid=77), DONE, wanted=False)
        self.custody.left("ann")
        self.assertEqual(self.asked, [])
        self.assertIsNone(self.custody.kept(P))

    def test_nothing_held(self) -> None:
        """
        An agent that keeps nothing for anybody costs the mux no timer.
        """
        self.assertEqual(self.clock.getDelayedCalls(), [])
        for _ in range(2):
            self.open(ROOT)
            self.assertEqual(len(self.clock.getDelayedCalls()), 1)
            self.run_job(make("guest-file-close", client=ROOT, handle=1000), {})
            self.pass_time(SWEEP)
            self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_stop(self) -> None:
        """
        A mux that stops waits for nothing.
        """
        self.start(ROOT)
        self.pass_time(IDLE + SWEEP)
        self.told(RUNNING)
        self.custody.stop()
        self.custody.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class JobsTests(CustodyCase):
    """The jobs of our agent; each client is a connection of a person."""

    def setUp(self) -> None:
        super().setUp()
        # two connections of one person, one of another
        self.ann, self.again = (Caller("ann", who=Peer(pid=1, uid=5, gid=5)) for _ in range(2))
        self.bob = Caller("bob", who=Peer(pid=2, uid=6, gid=6))

    def begin(
        self, caller: Caller, value: str = "b5bb", *, wanted: bool = True, **arguments: JSON
    ) -> Job:
        job = self.make("txqga-exec-start", caller, path="/x", **arguments)
        self.run_job(job, {"job": value, "pid": 77}, wanted=wanted)
        return job

    def make(self, command: str, caller: Caller, **arguments: JSON) -> Job:
        job = make(command, client=caller.owner, **arguments)
        job.person = caller.person
        return job

    def may(self, caller: Caller) -> bool:
        return self.custody.may_use(caller.owner, J, caller.person)

    def test_theirs(self) -> None:
        """
        A job is there for the connection that has started it, and for no other.
        """
        self.begin(self.ann)
        self.assertEqual([self.may(each) for each in (self.ann, self.again, self.bob)], [1, 0, 0])
        listed = [{"job": "b5bb"}, {"job": "other"}, {"job": 7}, "b5bb"]
        for caller, seen in ((self.ann, listed[:1]), (self.bob, [])):
            told = self.custody.listed(caller.owner, caller.person, listed)
            self.assertEqual(told, seen)
        self.assertEqual(self.custody.listed(self.bob.owner, self.bob.person, {"a": 1}), {"a": 1})
        self.run_job(self.make("txqga-exec-release", self.ann, job="b5bb"), {})
        self.assertFalse(self.may(self.ann))
        self.assertEqual(self.asked, [])

    def test_killed(self) -> None:
        """
        What is not detached is killed and released when its connection goes; what has ended cannot
        be killed, and is released too.
        """
        for refused in (False, True):
            self.begin(self.ann)
            self.custody.left(self.ann.owner)
            self.assertFalse(self.may(self.ann))
            if refused:
                self.waiting.pop(0).errback(CommandFailed("no"))
                self.clock.advance(0)
            else:
                self.told({})
            self.told({})
            self.assertEqual(self.asked, ["txqga-exec-signal b5bb", "txqga-exec-release b5bb"])
            self.asked.clear()

    def test_detached(self) -> None:
        """
        What is detached stays when its connection goes, and is the person's from then on; it can
        be so from the beginning, or later.
        """
        for later in (False, True):
            self.ann = Caller("ann", who=Peer(pid=1, uid=5, gid=5))
            self.begin(self.ann, detached=not later)
            if later:
                self.assertFalse(self.may(self.again))
                self.run_job(self.make("txqga-exec-detach", self.ann, job="b5bb"), {})
            self.assertTrue(self.may(self.again))
            self.custody.left(self.ann.owner)
            self.assertEqual([self.may(self.again), self.may(self.bob)], [True, False])
            self.run_job(self.make("txqga-exec-release", self.again, job="b5bb"), {})
            self.assertFalse(self.may(self.again))
        self.assertEqual(self.asked, [])

    def test_key(self) -> None:
        """
        Who asks for a key that is another's is not told of the job; the owner finds it.
        """
        self.begin(self.ann, key="k")
        found = self.make("txqga-exec-start", self.ann, path="/x", key="k")
        self.assertIsNone(self.custody.withheld(found, {"job": "b5bb", "pid": 77}))
        other = self.make("txqga-exec-start", self.bob, path="/x", key="k")
        why = self.custody.withheld(other, {"job": "b5bb", "pid": 77})
        self.assertEqual(getattr(why, "desc", ""), "a job of another client has this key")
        self.begin(self.bob, key="k", detached=True)
        self.assertEqual([self.may(self.ann), self.may(self.bob)], [True, False])
        self.custody.left(self.bob.owner)
        self.assertEqual(self.asked, [])

    def test_key_of_the_gone(self) -> None:
        """
        A job that is about to be released is nobody's, also if somebody asks for its key.
        """
        self.begin(self.ann, key="k")
        self.custody.left(self.ann.owner)
        other = self.make("txqga-exec-start", self.bob, path="/x", key="k")
        self.assertIsNotNone(self.custody.withheld(other, {"job": "b5bb", "pid": 77}))
        self.begin(self.bob, key="k")
        self.assertFalse(self.may(self.bob))
        self.told({})
        self.told({})
        self.assertEqual(self.asked, ["txqga-exec-signal b5bb", "txqga-exec-release b5bb"])

    def test_unwanted(self) -> None:
        """
        A job whose name nobody was told is killed, but not a detached one.
        """
        self.begin(self.ann, wanted=False)
        self.assertEqual(self.asked, ["txqga-exec-signal b5bb"])
        self.told({})
        self.told({})
        self.asked.clear()
        self.begin(self.ann, wanted=False, detached=True)
        self.assertEqual(self.asked, [])
        self.assertTrue(self.may(self.again))

    def test_late_start(self) -> None:
        """
        A start that came late waits for who may ask again with its key; where they have gone, it
        is killed.
        """
        for gone in (False, True):
            outcome = Outcome()
            job = self.make("txqga-exec-start", self.ann, path="/x", key="k")
            self.custody.unsettled(job, outcome.settled)
            if gone:
                self.custody.left(self.ann.owner)
            outcome.late({"job": f"job{gone}", "pid": 77})
            self.assertEqual(self.asked, ["txqga-exec-signal jobTrue"] if gone else [])
            if not gone:
                self.run_job(self.make("txqga-exec-release", self.ann, job="jobFalse"), {})

    def test_nobodys(self) -> None:
        """
        What nobody here has started is there for root, and for nobody else.
        """
        root = Caller("root", who=Peer(pid=3, uid=0, gid=0))
        self.assertEqual([self.may(root), self.may(self.ann)], [True, False])
        self.begin(self.ann)
        self.assertFalse(self.may(root))

    def test_forgotten(self) -> None:
        """
        A person's job that the agent has released by itself is forgotten here too.
        """
        self.begin(self.ann, detached=True)
        self.custody.left(self.ann.owner)
        self.pass_time(FORGOTTEN + SWEEP)
        self.told({"running": True})
        self.assertTrue(self.may(self.again))
        self.pass_time(FORGOTTEN + SWEEP)
        self.waiting.pop(0).errback(CommandFailed("job 'b5bb' has not been found"))
        self.assertFalse(self.may(self.again))
        self.assertEqual(self.asked, ["txqga-exec-status b5bb"] * 2)
        self.pass_time(SWEEP)
        self.assertEqual(self.clock.getDelayedCalls(), [])
