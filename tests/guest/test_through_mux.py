"""A guest that is asked through its socket at a mux."""

from random import Random
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import (
    AgentUnavailable,
    ArgumentsNotAllowed,
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    OutcomeUnknown,
)
from txqga.guest import Guest
from txqga.guest._through_mux import ThroughMux
from txqga.mux import Authority, Caller, Peer, Policy, Rule, Whom, patterns
from txqga.schema import extended
from txqga.session import Session, State
from txqga.testing import ScriptedAgent


class ThroughMuxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.mux = ScriptedAgent()
        session = Session(self.clock, self.mux, name="db1", random=Random(7))
        self.guest = Guest(self.clock, ThroughMux(self.clock, session, extended()))
        session.start()
        self.mux.flush()

    def failure(self, asked: Deferred[Any], kind: type[Exception]) -> Any:
        self.mux.flush()
        return self.failureResultOf(asked, kind).value

    def test_away(self) -> None:
        """
        An agent that is away is what it would be without a mux between.
        """
        for state in State:
            told = AgentUnavailable(state.value, "no connection: refused\nor so")
            self.mux.answer("guest-exec", CommandFailed(str(told)))
            why = self.failure(self.guest.exec("ls"), AgentUnavailable)
            self.assertEqual((why.state, why.reason), (told.state, told.reason))

    def test_unknown(self) -> None:
        """
        So is an outcome that is not known; that it will be is not to be expected.
        """
        self.mux.answer("guest-exec", CommandFailed("outcome unknown: no answer in 600 s"))
        why = self.failure(self.guest.exec("ls"), OutcomeUnknown)
        self.assertEqual(
            (why.command, why.command_class, why.reason),
            ("guest-exec", "once", "no answer in 600 s"),
        )
        self.assertIs(self.successResultOf(why.outcome.settled()), None)

    def test_policy(self) -> None:
        """
        What the mux's policy refuses is told apart from what the agent does.
        """
        ann = Peer(pid=7, uid=1000, gid=100)
        rule = Rule(
            name="logs",
            who=Whom(uids=frozenset({ann.uid})),
            guests=patterns(("db1",)),
            commands=patterns(("guest-file-open",)),
            arguments={"path": patterns(("/var/log/**",))},
        )
        authority = Authority(self.clock, Policy.of((rule,), 0), extended())

        def refused(command: str, kind: type[CommandFailed]) -> CommandFailed:
            never: Deferred[Any] = authority.ask(
                Caller("ann", None, ann), "db1", command, {"path": "/etc/shadow"}, Deferred
            )
            why = self.failureResultOf(never, kind).value
            assert isinstance(why, kind)
            self.mux.answer(command, why)
            return why

        for kind, command in [
            (CommandNotAllowed, "guest-exec"),
            (ArgumentsNotAllowed, "guest-file-open"),
        ]:
            told = refused(command, kind)
            why = self.failure(self.guest.call(command, {"path": "/etc/shadow"}), kind)
            self.assertEqual((why.desc, why.command), (told.desc, command))

    def test_freezes(self) -> None:
        """
        So it is for freezes: a guest that is away is asked whether it is frozen when it is back.
        """
        away = AgentUnavailable("absent", "no connection")
        self.mux.answer("guest-fsfreeze-status", CommandFailed(str(away)))
        self.mux.answer("guest-fsfreeze-freeze", CommandFailed(str(away)))
        why = self.failure(self.guest.freezer("backup").freeze(), AgentUnavailable)
        self.assertEqual(why.state, "absent")

    def test_agent(self) -> None:
        """
        What the agent says itself is passed on as it is.
        """
        for told in (CommandFailed("the agent is tired: x"), CommandNotFound("outcome unknown: x")):
            self.mux.answer("guest-exec", told)
            why = self.failure(self.guest.exec("ls"), type(told))
            self.assertEqual(why.desc, told.desc)
        self.mux.answer("guest-exec", {"pid": 5})
        asked = self.guest.exec("ls")
        self.mux.flush()
        self.assertEqual(self.successResultOf(asked).pid, 5)
