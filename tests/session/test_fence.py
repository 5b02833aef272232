"""The fence of a session: what changes the guest does not run when nobody waits for it."""

from random import Random

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.session._case import SessionCase
from tests.session._fencing import FencingAgent
from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    FencedOff,
    OutcomeUnknown,
)
from txqga.session import Session, SessionOptions, State
from txqga.session._call import Call
from txqga.session._fence import FRESH, MARGIN, Fence
from txqga.wire import ABSENT, JSON, QEMU_LIMITS, Refusal, Success, decode


class FenceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.fence = Fence(clock=self.clock, secret="s")

    def begin(self, boot_time: JSON) -> None:
        self.fence.another()
        self.fence.probed(Success({"boot-time": boot_time}, ABSENT))

    def written(self, call: Call) -> JSON:
        call.frame, call.name = b'{"execute": "x", "arguments": {"a": 1}}\n', "e.1"
        return decode(self.fence.around(call, self.clock.seconds()))

    def call(self, deadline: float = 5.0, cap: float | None = None) -> Call:
        return Call("x", "once", deadline, cap, self.clock.seconds())

    def test_inside(self) -> None:
        """
        A command may begin until its caller stops waiting, on the guest's clock.
        """
        self.begin(1_000)
        self.clock.advance(2.0)
        asked = {"execute": "x", "arguments": {"a": 1}}
        for call, seconds in ((self.call(), 7.0), (self.call(cap=3.0), 5.0)):
            fenced = {"token": "s.1", "not-after": 1_000 + round((seconds - MARGIN) * 1e9), **asked}
            self.assertEqual(
                self.written(call), {"execute": "txqga-fenced", "arguments": fenced, "id": "e.1"}
            )

    def test_tokens(self) -> None:
        """
        Each fence has a name of its own.
        """
        self.assertEqual([self.fence.another()["token"] for _ in range(3)], ["s.1", "s.2", "s.3"])

    def test_none(self) -> None:
        """
        Without a fence the command is written as it is.
        """
        answers: list[JSON] = [{}, {"boot-time": True}, {"boot-time": 1.5}, [], None, 5]
        for value in answers:
            self.begin(5)
            self.fence.begun("t", Success(value, ABSENT))
            self.assertIsNone(self.fence.token)
        self.begin(5)
        self.fence.probed(Refusal(wire_class="CommandNotFound", desc="no", id=ABSENT))
        self.assertIsNone(self.fence.token)
        self.assertFalse(self.fence.is_stale)
        self.assertEqual(
            self.written(self.call()), {"execute": "x", "arguments": {"a": 1}, "id": "e.1"}
        )

    def test_stale(self) -> None:
        """
        What the guest's clock was is not known for ever.
        """
        self.begin(5)
        self.clock.advance(FRESH)
        self.assertFalse(self.fence.is_stale)
        self.clock.advance(1)
        self.assertTrue(self.fence.is_stale)
        self.begin(5)
        self.assertFalse(self.fence.is_stale)
        self.fence.doubt()
        self.assertTrue(self.fence.is_stale)
        self.fence.forget()
        self.assertFalse(self.fence.is_stale)

    def test_far_ahead(self) -> None:
        """
        A guest that claims to run since ever gets a number that an agent takes all the same.
        """
        for boot_time in (2**63 - 1, -(2**63)):
            self.begin(boot_time)
            self.clock.advance(FRESH)
            not_after = self.written(self.call())["arguments"]["not-after"]
            self.assertTrue(-(2**63) <= not_after < 2**63)


class SessionTests(SessionCase):
    """A session with an agent that knows fences."""

    def setUp(self) -> None:
        super().setUp()
        self.agent: FencingAgent = FencingAgent(self.clock)
        self.agent.answer("guest-exec", {"pid": 5})
        self.agent.answer("guest-get-time", 7)
        self.session = self.make()

    def make(self, options: SessionOptions = SessionCase.options) -> Session:
        return Session(self.clock, self.agent, name="db1", options=options, random=Random(7))

    def commands(self) -> list[str]:
        """What was written on the newest connection, but the first sync."""
        return [decode(line)["execute"] for line in self.written.splitlines()[1:]]

    def ran(self) -> list[str]:
        return self.agent.executed

    def exec(self) -> Deferred[JSON]:
        asked = self.ask("guest-exec", path="/x")
        self.agent.flush()
        return asked

    def test_what_is_inside(self) -> None:
        """
        What does something anew each time is sent inside the fence; what is read is not.
        """
        self.ready()
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        read = self.ask("guest-get-time")
        self.agent.flush()
        self.assertEqual(self.successResultOf(read), 7)
        self.agent.answer("guest-fsfreeze-thaw", 0)
        self.ask("guest-fsfreeze-thaw")
        self.agent.flush()
        self.assertEqual(
            self.commands(),
            ["txqga-fence", "txqga-fenced", "guest-get-time", "guest-fsfreeze-thaw"],
        )
        self.assertEqual(self.agent.ran[-3], ("guest-exec", {"path": "/x"}))

    def test_errors(self) -> None:
        """
        The agent's errors are the command's own, and name it.
        """
        self.ready()
        self.agent.answer("guest-exec", CommandFailed("no such program"))
        why = self.failureResultOf(self.exec(), CommandFailed).value
        self.assertEqual(str(why), "guest-exec: no such program")
        unknown = self.ask("guest-nonsense")
        self.agent.flush()
        why = self.failureResultOf(unknown, CommandNotFound).value
        self.assertEqual(str(why), "guest-nonsense: no guest-nonsense")

    def test_no_ghost(self) -> None:
        """
        When the caller was told that nobody knows, the command does not run any more: not on the
        same connection, and not behind the next one. Then it is known that it did not.
        """
        for closes in (False, True):
            self.session.stop()
            self.session = self.make()
            self.ready()
            self.agent.hangs = True
            call = self.exec()
            self.pass_time(12 if closes else 6)
            outcome = self.unknown(call).outcome.settled()
            self.assertNoResult(outcome)
            self.agent.hangs = False
            self.pass_time(5)
            self.assertEqual(self.ran(), [])
            self.assertEqual(self.state, State.READY)
            if not closes:
                reply = self.successResultOf(outcome)
                assert isinstance(reply, Refusal)
                self.assertEqual(reply.wire_class, "DeviceNotActive")
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})

    def test_began_in_time(self) -> None:
        """
        What has begun in time may be answered late.
        """
        self.ready()
        reply: Deferred[JSON] = Deferred()
        self.agent.answer("guest-exec", reply)
        call = self.exec()
        self.pass_time(6)
        outcome = self.unknown(call).outcome.settled()
        reply.callback({"pid": 9})
        self.pass_time(1)
        late = self.successResultOf(outcome)
        assert isinstance(late, Success)
        self.assertEqual(late.value, {"pid": 9})

    def test_renewed(self) -> None:
        """
        After a while another fence is begun before a command; what the guest's clock has lost
        meanwhile does not make a command late, nor early.
        """
        self.ready()
        self.clock.advance(FRESH + 1)
        self.agent.ahead -= 30
        first, second = self.ask("guest-exec", path="/x"), self.ask("guest-exec", path="/y")
        self.agent.flush()
        for call in (first, second):
            self.assertEqual(self.successResultOf(call), {"pid": 5})
        self.assertEqual(
            self.commands(), ["txqga-fence", "txqga-fence", "txqga-fenced", "txqga-fenced"]
        )
        self.agent.hangs = True
        call = self.exec()
        self.pass_time(6)
        self.unknown(call)
        self.agent.hangs = False
        self.pass_time(5)
        self.assertEqual(self.agent.refused, ["too late"])

    def test_restarted(self) -> None:
        """
        Where the agent was started again behind the same connection, or another host has begun a
        fence, the command that it refuses for that is sent once more, in a fence that it knows.
        """
        self.ready()
        self.agent.kill()
        self.agent.start()
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        self.agent.newest = "another's"
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        self.assertEqual(self.agent.refused, ["no fence", "another fence"])
        self.assertEqual(self.ran(), ["guest-exec", "guest-exec"])

    def test_refused_again(self) -> None:
        """
        A command that is refused for its fence twice did not run, and its caller is told so.
        """
        self.ready()
        self.agent.answer("txqga-fenced", lambda arguments: FencedOff("never"))
        why = self.failureResultOf(self.exec(), FencedOff).value
        self.assertEqual(str(why), "guest-exec: never")
        self.assertEqual(self.commands().count("txqga-fenced"), 2)

    def test_other_agent(self) -> None:
        """
        Where an agent that knows no fences has taken the place of one that did, the command that
        it did not understand is sent as it is.
        """
        self.ready()
        for name in ("txqga-fence", "txqga-fenced"):
            self.agent.answer(name, CommandNotFound(f"The command {name} has not been found"))
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        self.assertEqual(
            self.commands(), ["txqga-fence", "txqga-fenced", "txqga-fence", *["guest-exec"] * 2]
        )

    def test_nobody_waits(self) -> None:
        """
        What nobody waits for any more is not sent once more.
        """
        self.ready()
        self.agent.newest = "another's"
        call = self.ask("guest-exec", path="/x")
        call.cancel()
        self.failureResultOf(call, CancelledError)
        self.agent.flush()
        self.assertEqual((self.ran(), self.commands().count("txqga-fenced")), ([], 1))

    def test_hangs_at_the_fence(self) -> None:
        """
        A command before which the agent hangs at beginning another fence was not written.
        """
        self.ready()
        self.clock.advance(FRESH + 1)
        self.agent.hangs = True
        call = self.exec()
        self.pass_time(12)
        self.failureResultOf(call, AgentUnavailable)
        self.agent.hangs = False
        self.pass_time(10)
        self.assertEqual((self.state, self.ran()), (State.READY, []))
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})

    def test_cancelled_at_the_fence(self) -> None:
        """
        A command is taken back while another fence is begun for it.
        """
        self.ready()
        self.clock.advance(FRESH + 1)
        self.agent.hangs = True
        call = self.exec()
        call.cancel()
        self.failureResultOf(call, CancelledError)
        self.agent.hangs = False
        self.agent.flush()
        self.assertEqual((self.state, self.ran()), (State.READY, []))

    def test_by_name(self) -> None:
        """
        A fence that somebody begins by name is the newest one, for the session too; what is fenced
        by name reaches the agent as it is.
        """
        self.ready()
        begun = self.ask("txqga-fence", token="mine")
        self.agent.flush()
        boot_time = self.successResultOf(begun)["boot-time"]
        self.assertEqual(self.agent.newest, "mine")
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        inside = {"execute": "guest-exec", "arguments": {"path": "/y"}}
        for token, not_after in (
            ("mine", boot_time),
            ("mine", boot_time - 1),
            ("other", boot_time),
        ):
            call = self.ask("txqga-fenced", token=token, **{"not-after": not_after}, **inside)
            call.addErrback(lambda failure: None)
            self.agent.flush()
        self.assertEqual(self.agent.refused, ["too late", "another fence"])
        self.assertEqual(self.ran(), ["guest-exec"] * 2)
        self.agent.answer("txqga-fence", CommandFailed("the token is empty"))
        self.ask("txqga-fence", token="").addErrback(lambda failure: None)
        self.agent.flush()
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})

    def test_too_long(self) -> None:
        """
        What would be too long inside is sent as it is.
        """
        self.agent.answer("guest-file-write", lambda arguments: len(arguments["buf-b64"]))
        self.ready()
        size = QEMU_LIMITS.octets - 200
        call = self.ask("guest-file-write", **{"buf-b64": "A" * size})
        self.agent.flush()
        self.assertEqual(self.successResultOf(call), size)
        self.assertNotIn(b"txqga-fenced", self.written)

    def test_not_wanted(self) -> None:
        """
        A session that is told to begins no fence.
        """
        self.session = self.make(SessionOptions(fence=False))
        self.ready()
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        self.assertEqual(self.commands(), ["guest-ping", "guest-exec"])

    def test_late_fence(self) -> None:
        """
        The answer to a fence of an earlier connection says nothing about the newest one.
        """
        self.ready()
        self.clock.advance(FRESH + 1)
        self.agent.hangs = True
        self.exec().addErrback(lambda failure: None)
        self.pass_time(12)
        self.agent.hangs = False
        self.pass_time(10)
        newest = self.agent.newest
        self.assertEqual(self.successResultOf(self.exec()), {"pid": 5})
        self.assertEqual((self.agent.newest, self.agent.refused), (newest, []))


class UnknownTests(SessionCase):
    def test_unknown(self) -> None:
        """
        With an agent that knows no fences everything is written as it is, and may run late.
        """
        self.agent.answer("guest-exec", {"pid": 5})
        self.ready()
        self.agent.hangs = True
        call = self.ask("guest-exec")
        self.pass_time(6)
        self.failureResultOf(call, OutcomeUnknown)
        self.agent.hangs = False
        self.pass_time(2)
        self.assertEqual(self.agent.executed, ["guest-exec"])
