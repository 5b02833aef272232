"""One guest, and everybody who wants something of its agent."""

from importlib.util import find_spec
from unittest import skipIf

from twisted.internet.defer import CancelledError, Deferred

from tests.mux._guest_case import GuestCase, RealCase
from txqga.errors import AgentUnavailable, CommandFailed, InvalidArguments, OutcomeUnknown
from txqga.mux._callers import Caller, User
from txqga.mux._events import Event
from txqga.mux._presence import HOLD
from txqga.qmp import Machine
from txqga.session import State
from txqga.testing import SILENCE
from txqga.wire import JSON, Verbatim


class StatusTests(GuestCase):
    def test_told(self) -> None:
        """
        How the agent is can be asked, and each change of it is an event.
        """
        heard: list[Event] = []
        self.events.subscribe(heard.append)
        self.assertIs(self.guest.status.state, State.READY)
        self.session.tell(State.ABSENT, "no such socket")
        self.assertIs(self.guest.status.state, State.ABSENT)
        data = {"state": "absent", "reason": "no such socket"}
        self.assertEqual(heard, [Event(kind="guest-state", guest="db1", data=data)])


class MachineTests(GuestCase):
    """What QEMU says of the machine."""

    def test_paused(self) -> None:
        """
        Of a paused machine nothing is asked: who asks is told so at once, and what waited for its
        turn is not written into a channel that would bring it to the guest some day.
        """
        heard: list[Event] = []
        self.events.subscribe(heard.append)
        running = self.guest.ask(self.ann, "guest-get-time", {})
        waiting = self.guest.ask(self.bob, "guest-exec", {"path": "/x"})
        self.guest.outlook.told(Machine(status="io-error", port=True))
        self.tick()
        for asked in (self.guest.ask(self.ann, "guest-ping", {}), self.guest.sync()):
            why = self.failureResultOf(asked, AgentUnavailable).value
            self.assertEqual(why.state, "paused")
            self.assertIn("io-error", why.reason)
        self.assertEqual(heard[-1].data["state"], "paused")
        self.answer(5)
        self.assertEqual(self.successResultOf(running), 5)
        self.failureResultOf(waiting, AgentUnavailable)
        self.assertEqual(self.session.asked, ["guest-get-time"])
        self.guest.outlook.told(Machine(status="running", port=True))
        self.tick()
        self.assertEqual(heard[-1].data["state"], "ready")
        self.successResultOf(self.guest.sync())

    def test_shutdown_settled(self) -> None:
        """
        A command that does not answer when it works has worked when QEMU says what it was for.
        """
        for command, event in (("guest-shutdown", "RESET"), ("guest-suspend-ram", "SUSPEND")):
            asked = self.guest.ask(self.ann, command, {})
            self.tick()
            self.guest.outlook.happened(event)
            self.tick()
            self.failureResultOf(asked, OutcomeUnknown)
            self.assertTrue(self.guest.is_silent(command, {}))
            self.guest.outlook.told(Machine(status="running", port=True))
            self.session.ready()
            self.tick()
            while self.session.calls:  # the mux's own question whether it is frozen
                self.answer("thawed")

    def test_shutdown_stays(self) -> None:
        """
        While nobody knows whether a guest shuts down, its state says who wants that, and until
        when it is waited for; then it is served again.
        """
        asked = self.guest.ask(self.ann, "guest-shutdown", {})
        self.clock.advance(20)
        words = "ann asked for guest-shutdown, .* it is asked again in 40 s"
        self.assertRegex(self.guest.status.reason, words)
        sync = self.guest.sync()
        self.clock.advance(HOLD)
        why = self.failureResultOf(sync, AgentUnavailable).value
        self.assertIn("ann asked for guest-shutdown", why.reason)
        self.session.lose()
        self.tick()
        self.failureResultOf(asked, OutcomeUnknown)
        self.assertNotIn("ann", self.guest.status.reason)

    def test_sync_waits_for_the_port(self) -> None:
        """
        Without an agent at the port a sync fails at once, and not only after a while.
        """
        self.guest.outlook.told(Machine(status="running", port=False))
        self.tick()
        why = self.failureResultOf(self.guest.sync(), AgentUnavailable).value
        self.assertIn("no agent has the port open", why.reason)


class DrainTests(GuestCase):
    """A guest that is served no more."""

    def setUp(self) -> None:
        super().setUp()
        while self.session.calls:  # the mux's own question whether it is frozen
            self.answer("thawed")
        self.running = self.guest.ask(self.ann, "guest-get-time", {})
        self.waiting = self.guest.ask(self.bob, "guest-exec", {"path": "/x"})

    def test_drain(self) -> None:
        """
        What waits for its turn is refused and does not run, as is what is asked then; what runs is
        waited for.
        """
        draining = Deferred.fromCoroutine(self.guest.drain(10))
        new = (self.guest.ask(self.ann, "guest-ping", {}), self.guest.sync())
        for asked in (self.waiting, *new):
            why = self.failureResultOf(asked, AgentUnavailable).value
            self.assertEqual(str(why), "the agent is closed: the mux is stopping")
        self.assertNoResult(draining)
        self.answer(7)
        self.assertEqual(self.successResultOf(self.running), 7)
        self.successResultOf(draining)
        self.assertNotIn("guest-exec", self.session.asked)

    def test_not_for_ever(self) -> None:
        """
        What runs is waited for up to a limit.
        """
        draining = Deferred.fromCoroutine(self.guest.drain(10))
        self.failureResultOf(self.waiting, AgentUnavailable)
        self.clock.advance(10)
        self.successResultOf(draining)
        self.assertNoResult(self.running)

    def test_the_muxs_own(self) -> None:
        """
        What the mux itself has to do, it still does.
        """
        mine = self.guest.ask_myself("guest-file-close", {"handle": 7})
        Deferred.fromCoroutine(self.guest.drain(10))
        self.failureResultOf(self.waiting, AgentUnavailable)
        self.answer(7)
        self.answer()
        self.assertEqual(self.successResultOf(mine), {})

    def test_nothing_runs(self) -> None:
        """
        Where nothing runs there is nothing to wait for.
        """
        self.answer(7)
        self.answer({"pid": 3})
        self.successResultOf(Deferred.fromCoroutine(self.guest.drain(10)))


class GuestTests(GuestCase):
    def ask(self, caller: Caller, command: str, **arguments: JSON) -> Deferred[JSON]:
        return self.guest.ask(caller, command, arguments)

    def open(self, caller: Caller, handle: int = 1000) -> None:
        asked = self.ask(caller, "guest-file-open", path="/x")
        self.answer(handle)
        self.assertEqual(self.successResultOf(asked), handle)

    def test_order(self) -> None:
        """
        One command runs at a time; a thaw goes before what others asked earlier.
        """
        first = self.ask(self.ann, "guest-get-time")
        second = self.ask(self.ann, "guest-get-timezone")
        thaw = self.ask(self.bob, "guest-fsfreeze-thaw")
        self.assertEqual(self.session.asked, ["guest-get-time"])
        self.answer(1)
        self.answer(2)
        self.answer(3)
        self.assertEqual([self.successResultOf(each) for each in (first, thaw, second)], [1, 2, 3])

    def test_cancel_waiting(self) -> None:
        """
        What a client asked and was not written goes with the client.
        """
        self.ask(self.ann, "guest-get-time")
        asked = self.ask(self.bob, "guest-exec", path="/bin/true")
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        self.answer(1)
        self.assertEqual(self.session.asked, ["guest-get-time"])

    def test_cancel_written(self) -> None:
        """
        What was written keeps its turn, and what it made is released.
        """
        asked = self.ask(self.ann, "guest-file-open", path="/x")
        other = self.ask(self.bob, "guest-get-time")
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        self.assertEqual(self.session.asked, ["guest-file-open"])
        self.assertFalse(self.session.calls[0].cancelled)
        self.answer(1000)
        self.answer(1)
        self.assertEqual(self.successResultOf(other), 1)
        self.assertEqual(self.session.calls[0].command, "guest-file-close")
        self.assertEqual(self.session.calls[0].arguments, {"handle": 1000})

    def test_jobs(self) -> None:
        """
        Jobs are listed to their owners, also where the question is asked once for all or carried
        by another command; somebody else's key is refused.
        """
        started = self.ask(self.ann, "txqga-exec-start", path="/bin/cat", key="k")
        self.answer({"job": "b5bb", "pid": 77})
        self.assertEqual(self.successResultOf(started), {"job": "b5bb", "pid": 77})
        other = self.ask(self.bob, "txqga-exec-start", path="/bin/cat", key="k")
        self.answer({"job": "b5bb", "pid": 77})
        self.failureResultOf(other, CommandFailed)
        theirs = [self.ask(each, "txqga-exec-list") for each in (self.ann, self.bob)]
        self.answer([{"job": "b5bb"}])
        self.assertEqual([self.successResultOf(each) for each in theirs], [[{"job": "b5bb"}], []])
        fenced = {"token": "t", "not-after": 1, "execute": "txqga-exec-list"}
        listed = self.guest.ask(self.bob, "txqga-fenced", fenced)
        self.answer([{"job": "b5bb"}])
        self.assertEqual(self.successResultOf(listed), [])
        stolen = self.ask(self.bob, "txqga-exec-read", job="b5bb")
        why = self.failureResultOf(stolen, CommandFailed).value
        self.assertEqual(why.desc, "job 'b5bb' has not been found")

    def test_handles(self) -> None:
        """
        A handle of another does not exist, in the agent's words; nothing is asked of the agent.
        """
        self.open(self.ann)
        stolen = self.ask(self.bob, "guest-file-read", handle=1000)
        why = self.failureResultOf(stolen, CommandFailed).value
        self.assertEqual(why.desc, "handle '1000' has not been found")
        stolen = self.ask(self.bob, "guest-exec-status", pid=77)
        why = self.failureResultOf(stolen, CommandFailed).value
        self.assertEqual(why.desc, "PID ld does not exist")
        self.assertEqual(self.session.asked, ["guest-file-open"])
        self.ask(self.ann, "guest-file-read", handle=1000)
        self.assertEqual(self.session.asked, ["guest-file-open", "guest-file-read"])

    def test_fenced_handles(self) -> None:
        """
        Inside a fence a handle of another does not exist either, and one that is made there
        belongs to who asked, and goes with them.
        """
        self.open(self.ann)
        fence = {"token": "a", "not-after": 0}
        read = {"execute": "guest-file-read", "arguments": {"handle": 1000}}
        stolen = self.ask(self.bob, "txqga-fenced", **fence, **read)
        why = self.failureResultOf(stolen, CommandFailed).value
        self.assertEqual(why.desc, "handle '1000' has not been found")
        opens = {"execute": "guest-file-open", "arguments": {"path": "/x"}}
        opened = self.ask(self.bob, "txqga-fenced", **fence, **opens)
        self.answer(1001)
        self.assertEqual(self.successResultOf(opened), 1001)
        self.ask(self.bob, "guest-file-read", handle=1001)
        self.answer({"count": 0, "buf-b64": "", "eof": True})
        self.guest.leave(self.bob)
        [closing] = self.session.calls
        self.assertEqual(
            (closing.command, closing.arguments), ("guest-file-close", {"handle": 1001})
        )

    def test_handle_and_other_faults(self) -> None:
        """
        What is wrong with the arguments is told before that there is no such handle.
        """
        asked = self.ask(self.bob, "guest-file-read", handle=1000, count="5")
        why = self.failureResultOf(asked, InvalidArguments).value
        self.assertEqual(why.desc, "Invalid parameter type for 'count', expected: integer")
        self.ask(self.bob, "guest-file-read", handle="1000")
        self.assertEqual(self.session.asked, ["guest-file-read"])

    def test_handle_given_out_anew(self) -> None:
        """
        An agent that lost its state with a reboot gives out the same numbers again: what waits
        for its turn meanwhile does not reach the file that is another's by then.
        """
        self.open(self.ann)
        self.session.tell(State.ABSENT, "rebooting")
        self.tick()
        self.ready()
        opened = self.ask(self.bob, "guest-file-open", path="/y")
        written = self.ask(self.ann, "guest-file-write", handle=1000, **{"buf-b64": "YQ=="})
        closed = self.ask(self.ann, "guest-file-close", handle=1000)
        self.answer(1000)
        self.assertEqual(self.successResultOf(opened), 1000)
        for asked in (written, closed):
            why = self.failureResultOf(asked, CommandFailed).value
            self.assertEqual(why.desc, "handle '1000' has not been found")
        self.ask(self.bob, "guest-file-read", handle=1000)
        self.assertEqual(
            self.session.asked, ["guest-file-open", "guest-file-open", "guest-file-read"]
        )

    def test_leave(self) -> None:
        """
        A client that leaves takes its handles with it.
        """
        self.open(self.ann)
        self.guest.leave(self.ann)
        self.assertEqual(self.session.calls[0].command, "guest-file-close")
        self.answer({})
        self.assertEqual(self.session.calls, [])

    def test_leave_user(self) -> None:
        """
        A user's handles stay, for the next connection.
        """
        one, two, other = Caller("1", User(33)), Caller("2", User(33)), Caller("3", User(0))
        self.open(one)
        self.guest.leave(one)
        self.assertEqual(self.session.calls, [])
        self.ask(two, "guest-file-read", handle=1000)
        self.assertEqual(self.session.calls[0].command, "guest-file-read")
        self.failureResultOf(self.ask(other, "guest-file-close", handle=1000), CommandFailed)

    def test_leave_while_away(self) -> None:
        """
        What cannot be released because the agent is away is released when it is back.
        """
        self.open(self.ann)
        self.session.tell(State.ABSENT, "no such file")
        self.guest.leave(self.ann)
        self.tick()
        self.assertEqual(self.session.calls, [])
        self.ready()
        self.assertEqual(self.session.calls[0].command, "guest-file-close")

    def test_equal_reads(self) -> None:
        """
        Equal questions that change nothing are asked once, and all get the answer.
        """
        asked = [self.ask(each, "guest-get-osinfo") for each in (self.ann, self.bob, self.ann)]
        asked[0].cancel()
        self.failureResultOf(asked[0], CancelledError)
        self.answer({"id": "debian"})
        self.assertEqual(self.session.asked, ["guest-get-osinfo"])
        self.assertEqual([self.successResultOf(each) for each in asked[1:]], [{"id": "debian"}] * 2)
        self.ask(self.bob, "guest-get-osinfo")
        self.assertEqual(len(self.session.asked), 2)

    def test_equal_reads_withdrawn(self) -> None:
        """
        A question that was withdrawn before it was asked cannot be joined.
        """
        self.ask(self.ann, "guest-get-time")
        asked = self.ask(self.ann, "guest-get-osinfo")
        asked.cancel()
        self.failureResultOf(asked, CancelledError)
        again = self.ask(self.bob, "guest-get-osinfo")
        self.answer(1)
        self.answer({})
        self.successResultOf(again)

    def test_away(self) -> None:
        """
        While the agent is away a command fails at once, with the reason.
        """
        self.session.tell(State.HELD, "another process has it")
        asked = self.ask(self.ann, "guest-get-time")
        why = self.failureResultOf(asked, AgentUnavailable).value
        self.assertEqual(str(why), "the agent is held: another process has it")

    def test_goes_away(self) -> None:
        """
        When the agent goes, what was written is unknown and what waited did not run.
        """
        written, waiting = self.ask(self.ann, "guest-exec"), self.ask(self.bob, "guest-exec")
        self.session.tell(State.ABSENT, "no such file")
        self.tick()
        self.failureResultOf(written, OutcomeUnknown)
        self.failureResultOf(waiting, AgentUnavailable)
        self.assertEqual(self.session.asked, ["guest-exec"])

    def test_sync(self) -> None:
        """
        A sync hears when the agent comes.
        """
        self.session.tell(State.SYNCING)
        sync = self.guest.sync()
        self.assertNoResult(sync)
        self.session.ready()
        self.tick()
        self.successResultOf(sync)

    def test_silent(self) -> None:
        """
        It is known which commands have no reply when they work.
        """
        self.assertTrue(self.guest.is_silent("guest-shutdown", {}))
        fenced = {"token": "a", "not-after": 0, "execute": "guest-shutdown"}
        self.assertTrue(self.guest.is_silent("txqga-fenced", fenced))
        self.assertFalse(self.guest.is_silent("guest-ping", {}))

    def test_stop(self) -> None:
        """
        A mux that stops releases what it can, and lets the agent go.
        """
        self.open(self.ann)
        self.guest.leave(self.ann)
        stopped = Deferred.fromCoroutine(self.guest.stop())
        self.assertFalse(self.session.stopped)
        self.answer({})
        self.successResultOf(stopped)
        self.assertTrue(self.session.stopped)
        self.tick()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_stop_with_a_hung_agent(self) -> None:
        """
        A mux that stops does not wait for an agent that does not answer.
        """
        self.open(self.ann)
        self.guest.leave(self.ann)
        stopped = Deferred.fromCoroutine(self.guest.stop(5.0))
        self.clock.advance(5.0)
        self.successResultOf(stopped)
        self.tick()
        self.assertEqual(self.clock.getDelayedCalls(), [])


class RealSessionTests(RealCase):
    def test_through(self) -> None:
        """
        A command goes through the session to the agent, and its answer comes back.
        """
        self.agent.answer("guest-get-time", 5)
        self.guest.start()
        self.pass_time()
        asked = self.guest.ask(self.ann, "guest-get-time", {})
        self.pass_time()
        self.assertEqual(self.successResultOf(asked), 5)

    @skipIf(find_spec("pybase64") is None, "pybase64 is not installed")
    def test_contents(self) -> None:
        """
        What a file holds is a string, but for who passes it on as it came.
        """
        text = "QUJD" * 4096
        self.agent.answer("guest-file-open", 1000)
        self.agent.answer("guest-file-read", {"count": 12288, "buf-b64": text})
        self.guest.start()
        self.pass_time()
        self.guest.ask(self.ann, "guest-file-open", {"path": "/x"})
        self.pass_time()
        read = ("guest-file-read", {"handle": 1000, "count": 12288})
        asked = self.guest.ask(self.ann, *read)
        self.pass_time()
        self.assertEqual(self.successResultOf(asked), {"count": 12288, "buf-b64": text})
        asked = self.guest.ask(self.ann, *read, verbatim=True)
        self.pass_time()
        self.assertIsInstance(self.successResultOf(asked)["buf-b64"], Verbatim)

    def test_not_told(self) -> None:
        """
        No client learns from an error which command it was that another one's agent hangs at.
        """
        self.guest.start()
        self.pass_time()
        self.agent.hangs = True
        asked = self.guest.ask(self.ann, "guest-exec", {"path": "/x"})
        told: list[str] = []
        for _ in range(50):
            self.pass_time(15)
            told.append(f"{self.guest.status} {self.session.status}")
            for other in (self.guest.sync(), self.guest.ask(self.bob, "guest-ping", {})):
                other.addErrback(lambda failure: told.append(str(failure.value)))
        self.failureResultOf(asked, OutcomeUnknown)
        for text in ("has been running for", "got no reply in time", "hangs"):
            self.assertTrue(any(text in words for words in told), text)
        self.assertNotIn("exec", "".join(told))

    def test_lost_poll(self) -> None:
        """
        A poll that went down with the machine keeps nobody waiting for longer than a minute.
        """
        self.agent.answer("guest-get-time", 5)
        self.guest.start()
        self.pass_time()
        self.agent.answer("guest-file-open", SILENCE)  # by when it is read, it is another agent's
        poll = self.guest.ask(Caller("the monitor", polls=True), "guest-file-open", {"path": "/x"})
        asked = self.guest.ask(self.ann, "guest-get-time", {})
        self.pass_time(58)
        self.assertNoResult(asked)
        self.pass_time(10)
        self.failureResultOf(poll, OutcomeUnknown)
        self.failureResultOf(asked, AgentUnavailable)
        asked = self.guest.ask(self.ann, "guest-get-time", {})
        self.pass_time(1)
        self.assertEqual(self.successResultOf(asked), 5)

    def test_hung(self) -> None:
        """
        An agent that hangs: the sync of a client says so, and what comes late is put in order.
        """
        self.agent.answer("guest-file-open", 1000)
        self.agent.answer("guest-file-close", {})
        self.guest.start()
        self.pass_time()
        self.agent.hangs = True
        asked = self.guest.ask(self.ann, "guest-file-open", {"path": "/x"})
        self.pass_time(6)
        sync = self.guest.sync()
        self.pass_time(6)
        self.assertIn("a command has been", str(self.failureResultOf(sync).value))
        self.pass_time(600)
        self.failureResultOf(asked, OutcomeUnknown)
        self.agent.hangs = False
        self.pass_time(60)
        self.assertEqual(self.session.status.state, State.READY)
        self.assertEqual(
            [name for name in self.agent.executed if name.startswith("guest-file")],
            ["guest-file-open", "guest-file-close"],
        )
