"""Freezes of one guest, as clients of the mux have them."""

import json

from attrs import define, field
from twisted.internet.defer import Deferred, succeed

from tests.mux._guest_case import GuestCase
from tests.mux._session import ScriptedSession
from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    GuestIsFrozen,
    InvalidArguments,
)
from txqga.fsfreeze import Stage, Standing, Terms
from txqga.mux._callers import Bearer, Caller
from txqga.mux._events import Event, Events
from txqga.mux._freezing import PATIENCE
from txqga.mux._guest import Guest
from txqga.mux._guest_options import GuestOptions
from txqga.mux.policy._authority import Authority
from txqga.mux.policy._patterns import patterns
from txqga.mux.policy._rules import Policy, Rule, Whom
from txqga.session import State
from txqga.wire import JSON

FREEZE, THAW, STATUS = (f"guest-fsfreeze-{each}" for each in ("freeze", "thaw", "status"))
LEASE = "txqga-freeze-lease"
NO_SUCH = CommandNotFound("never heard of it")


@define
class Book:
    """A journal in memory."""

    notes: list[tuple[str, Standing]] = field(factory=list)

    def recall(self, guest: str) -> Standing | None:
        mine = [standing for name, standing in self.notes if name == guest]
        return mine[-1] if mine else None

    def note(self, guest: str, standing: Standing) -> "Deferred[None]":
        self.notes.append((guest, standing))
        return succeed(None)

    @property
    def stages(self) -> list[str]:
        return [standing.stage.value for _, standing in self.notes]


class FreezingCase(GuestCase):
    options = GuestOptions(terms=Terms(lease=60, longest=600))

    def setUp(self) -> None:
        self.book = Book()
        super().setUp()
        self.told: list[Event] = []
        self.events.subscribe(self.told.append)

    def make_guest(self) -> Guest:
        return Guest(self.clock, "db1", self.session, self.options, self.events, self.book)

    def ask(self, caller: Caller, command: str, **arguments: JSON) -> "Deferred[JSON]":
        asked = self.guest.ask(caller, command, arguments)
        self.tick()
        return asked

    def frozen(self) -> None:
        """Ann has frozen it; its agent has no limit of its own."""
        asked = self.ask(self.ann, FREEZE)
        self.answer(3)
        self.session.refuse(NO_SUCH)
        self.tick()
        self.assertEqual(self.successResultOf(asked), 3)


class ClientTests(FreezingCase):
    def test_lease(self) -> None:
        """
        A client's freeze is a lease, written down before it is sent, and outlives the connection.
        """
        self.frozen()
        self.guest.leave(self.ann)
        self.assertEqual(self.book.stages, ["freezing", "frozen"])
        self.clock.advance(59)
        self.tick()
        self.assertEqual(self.session.calls, [])
        self.clock.advance(1)
        self.tick()
        self.answer(3)
        self.assertEqual(self.session.asked, [FREEZE, LEASE, THAW])
        self.assertEqual(self.book.stages[2:], ["thawing", "lapsed"])

    def test_list(self) -> None:
        """
        Freezing some filesystems is a freeze, too.
        """
        self.ask(self.ann, "guest-fsfreeze-freeze-list", mountpoints=["/data"])
        self.assertEqual(self.book.stages, ["freezing"])
        self.assertEqual(self.session.calls[0].arguments, {"mountpoints": ["/data"]})
        self.assertEqual(self.session.calls[0].cap, 3600)

    def test_carried(self) -> None:
        """
        So is one that another command carries.
        """
        fence: dict[str, JSON] = {"token": "t", "not-after": 5}
        self.ask(self.ann, "txqga-fenced", **fence, execute=FREEZE)
        self.assertEqual(self.book.stages, ["freezing"])
        self.answer(3)
        self.session.refuse(NO_SUCH)
        self.tick()
        self.ask(self.bob, "txqga-fenced", **fence, execute=THAW, arguments={})
        self.answer(3)
        self.assertEqual(self.book.stages[-1], "thawed")
        odds: list[JSON] = [[], None, 5]
        for odd in odds:
            self.ask(self.ann, "txqga-fenced", execute=odd)

    def test_wrong_arguments(self) -> None:
        """
        A freeze that the agent would not take is not sent, and owes nothing.
        """
        freeze_list = "guest-fsfreeze-freeze-list"
        asked = self.ask(self.ann, freeze_list, mountpoints=5)
        self.failureResultOf(asked, InvalidArguments)
        fence: dict[str, JSON] = {"token": "t", "not-after": 5}
        carried = self.ask(
            self.ann, "txqga-fenced", **fence, execute=freeze_list, arguments={"mountpoints": 5}
        )
        self.failureResultOf(carried, InvalidArguments)
        self.assertEqual((self.session.asked, self.book.stages), ([], []))

    def test_others(self) -> None:
        """
        While it is frozen what the agent does not take is refused at once, with the reason; what
        it takes goes on.
        """
        self.frozen()
        for command in ("guest-get-osinfo", "guest-exec", "never-heard-of", FREEZE):
            why = self.failureResultOf(self.ask(self.bob, command), CommandNotFound).value
            self.assertIn("the guest is frozen: ann has frozen it", why.desc)
        carried = self.ask(self.bob, "txqga-fenced", execute="guest-get-osinfo")
        self.failureResultOf(carried, CommandNotFound)
        self.assertEqual(self.session.calls, [])
        self.ask(self.bob, "guest-ping")
        self.answer({})
        self.ask(self.bob, "txqga-fenced", execute="guest-ping")
        self.answer({})

    def test_waiting(self) -> None:
        """
        What waits behind a freeze is refused as soon as that has its turn: nobody waits for the
        end of a long freeze to hear that the guest is frozen. What a frozen agent takes waits on.
        """
        self.ask(self.bob, "guest-get-osinfo")
        frozen = self.ask(self.ann, FREEZE)
        refused = [
            self.ask(self.bob, "guest-exec", path="/x"),
            self.ask(self.bob, FREEZE),
            self.ask(self.bob, "txqga-fenced", execute="guest-get-load"),
        ]
        passed = [self.ask(self.bob, "guest-ping"), self.ask(self.bob, THAW)]
        for waiting in (frozen, *refused, *passed):
            self.assertNoResult(waiting)
        self.session.answer({})
        self.tick()
        # a thaw goes before everything: of a guest that is not frozen it is just a command
        self.answer(0)
        self.answer({})
        self.assertEqual([call.command for call in self.session.calls], [FREEZE])
        for waiting in refused:
            why = self.failureResultOf(waiting, GuestIsFrozen).value
            self.assertIn("the guest is freezing: ann freezes it, for 60 s more at most", why.desc)
        self.assertNoResult(frozen)

    def test_anybody_thaws(self) -> None:
        """
        Whoever may freeze may thaw, and then all is as ever.
        """
        self.frozen()
        asked = self.ask(self.bob, THAW)
        self.answer(3)
        self.assertEqual(self.successResultOf(asked), 3)
        self.ask(self.bob, "guest-get-osinfo")
        self.assertEqual(self.session.calls[0].command, "guest-get-osinfo")

    def test_gives_up(self) -> None:
        """
        A freeze that was not written when its client leaves never is.
        """
        self.ask(self.bob, "guest-get-osinfo")
        asked = self.ask(self.ann, FREEZE)
        asked.cancel()
        self.failureResultOf(asked)
        self.answer({})
        self.assertEqual((self.session.calls, self.book.stages), ([], []))

    def test_renew(self) -> None:
        """
        The agent's command for it renews the mux's lease, within limits.
        """
        self.failureResultOf(self.ask(self.ann, LEASE), CommandFailed)
        self.frozen()
        self.assertEqual(self.successResultOf(self.ask(self.bob, LEASE)), {"seconds": 60})
        asked = self.ask(self.bob, LEASE, seconds=600)
        self.assertEqual(self.successResultOf(asked), {"seconds": 600})
        self.failureResultOf(self.ask(self.bob, LEASE, seconds=601), CommandFailed)
        self.clock.advance(599)
        self.tick()
        self.assertEqual(self.session.calls, [])

    def test_status(self) -> None:
        """
        The guest is frozen, by whom, since when, and for how long; and that is an event.
        """
        self.clock.advance(5)
        self.frozen()
        self.clock.advance(20)
        status = self.guest.status
        self.assertIs(status.state, State.FROZEN)
        self.assertEqual(status.reason, "ann has frozen it, for 40 s more at most")
        self.assertEqual(status.since, 5)
        told = [each.data for each in self.told if each.kind == "guest-freeze"]
        self.assertEqual([each["stage"] for each in told], ["freezing", "frozen"])
        self.assertEqual((told[-1]["owner"], told[-1]["seconds"]), ("ann", 60))
        self.session.tell(State.ABSENT, "gone")
        self.assertIs(self.guest.status.state, State.ABSENT)


class LifeTests(FreezingCase):
    def test_found_frozen(self) -> None:
        """
        A guest that is found frozen by nobody here is thawed in time.
        """
        self.session.tell(State.ABSENT, "gone")
        self.tick()
        self.session.ready()
        self.tick()
        self.answer("frozen")
        self.session.refuse(NO_SUCH)
        self.clock.advance(60)
        self.tick()
        self.assertEqual(self.session.asked, [STATUS, LEASE, THAW])

    def test_new_terms(self) -> None:
        """
        New terms hold for one that is found frozen from then on, too.
        """
        self.guest.freezing.terms = Terms(lease=30, longest=600)
        self.session.tell(State.ABSENT, "gone")
        self.tick()
        self.session.ready()
        self.tick()
        self.answer("frozen")
        self.assertEqual(self.guest.freezing.freezes.standing.lease.seconds, 30)

    def test_recovered(self) -> None:
        """
        The next mux takes up what the last one has left.
        """
        self.frozen()
        book, session = self.book, ScriptedSession(clock=self.clock)
        guest = Guest(self.clock, "db1", session, self.options, Events(), book)
        guest.start()
        session.ready()
        self.clock.advance(60)
        self.assertEqual(session.asked, [STATUS])
        session.answer("frozen")
        self.clock.advance(0)
        self.assertEqual(session.asked, [STATUS, THAW])

    def test_stop(self) -> None:
        """
        A mux that stops thaws first, and waits for it.
        """
        self.frozen()
        stopped = Deferred.fromCoroutine(self.guest.stop())
        self.tick()
        self.answer(3)
        self.successResultOf(stopped)
        self.assertEqual(self.book.stages[-1], "lapsed")
        self.assertIn("the mux was stopped", self.book.notes[-1][1].reason)
        self.failureResultOf(self.ask(self.ann, THAW), AgentUnavailable)

    def test_stop_impatient(self) -> None:
        """
        It does not wait for ever: what is owed is for the next one.
        """
        self.frozen()
        stopped = Deferred.fromCoroutine(self.guest.stop())
        self.tick()
        self.clock.advance(PATIENCE)
        self.tick()
        self.successResultOf(stopped)
        self.assertEqual(self.book.stages[-1], "thawing")


class FreezerTests(FreezingCase):
    def test_holder(self) -> None:
        """
        A program that embeds the mux holds a guest as a client does.
        """
        freezer = self.guest.freezer("backup", 120, ["/data"])
        frozen = freezer.freeze()
        self.assertEqual(self.session.calls[0].arguments, {"mountpoints": ["/data"]})
        self.answer(1)
        self.session.refuse(NO_SUCH)
        self.tick()
        self.assertEqual(self.successResultOf(frozen), 1)
        self.assertEqual(freezer.standing.lease.seconds, 120)
        thawed = freezer.thaw()
        self.tick()
        self.answer(1)
        self.assertEqual(self.successResultOf(thawed), 1)

    def test_away(self) -> None:
        """
        Where the agent is away nothing is frozen, and nothing owed.
        """
        self.session.tell(State.ABSENT, "gone")
        freezer = self.guest.freezer("backup")
        self.failureResultOf(freezer.freeze(), AgentUnavailable)
        self.assertEqual(self.successResultOf(freezer.thaw()), 0)
        self.assertIs(freezer.standing.stage, Stage.THAWED)

    def test_stopping(self) -> None:
        """
        When the mux stops nothing is frozen any more.
        """
        freezer = self.guest.freezer("backup")
        stopped = Deferred.fromCoroutine(self.guest.stop())
        self.failureResultOf(freezer.freeze(), AgentUnavailable)
        self.tick()
        self.successResultOf(stopped)
        self.assertEqual((self.session.asked, self.book.stages), ([], []))

    def test_figures(self) -> None:
        """
        What comes of freezes is counted, and so are thaws that are asked for again.
        """
        self.frozen()
        self.clock.advance(60)
        self.tick()
        self.session.refuse(CommandFailed("busy"))
        self.clock.advance(1)
        self.tick()
        self.answer("frozen")
        self.answer(3)
        figures = self.guest.freezing.figures
        self.assertEqual((figures.outcomes, figures.lapsed), ({"frozen": 1}, {"mux": 1}))
        self.assertEqual((figures.retries, figures.held.seconds), (1, 61.0))


class HolderTests(FreezingCase):
    """Somebody else's freezes, whom the policy lets freeze and nothing else."""

    def setUp(self) -> None:
        self.lines: list[str] = []
        super().setUp()
        self.who = Caller("ann", None, Bearer("ann"))

    def make_guest(self) -> Guest:
        rule = Rule(
            name="freezes",
            who=Whom(bearers=frozenset({"ann"})),
            commands=patterns([FREEZE]),
        )
        authority = Authority(
            self.clock,
            Policy.of((rule,), 500),
            self.options.schema,
            lambda line: self.lines.append(json.loads(line)["command"]),
        )
        return Guest(
            self.clock, "db1", self.session, self.options, self.events, self.book, authority
        )

    def test_asked_and_written_down(self) -> None:
        """
        What they hold they freeze and thaw in their own name; what else it takes is the mux's.
        """
        freezer = self.guest.freezing.freezer("ann", None, None, lambda: self.who)
        ready = freezer.ready()
        self.answer({})
        self.assertIsNone(self.successResultOf(ready))
        frozen = freezer.freeze()
        self.tick()
        self.answer(3)
        self.session.refuse(NO_SUCH)
        self.tick()
        self.assertEqual(self.successResultOf(frozen), 3)
        thawed = freezer.thaw()
        self.tick()
        self.answer(3)
        self.assertEqual(self.successResultOf(thawed), 3)
        self.assertEqual(self.lines, [FREEZE, THAW])

    def test_refused(self) -> None:
        """
        What they may not is not asked, and owes nothing.
        """
        freezer = self.guest.freezing.freezer("ann", None, ["/data"], lambda: self.who)
        self.failureResultOf(freezer.freeze(), CommandNotAllowed)
        self.assertEqual(self.successResultOf(freezer.thaw()), 0)
        self.assertEqual((self.session.asked, self.book.stages), ([], []))
        self.assertEqual(self.lines, ["guest-fsfreeze-freeze-list"])
