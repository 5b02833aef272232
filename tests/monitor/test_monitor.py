"""All guests of a mux, asked."""

from random import Random

from attrs import define, field
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import ScriptedSession
from txqga.monitor._data import Datum
from txqga.monitor._draft import Draft
from txqga.monitor._figures import LOAD1
from txqga.monitor._monitor import Monitor
from txqga.monitor._settings import Group, Settings
from txqga.monitor._source import Answer, Command
from txqga.mux import Caller, Events, Guest, patterns
from txqga.session import State


def _read(answer: Answer, draft: Draft) -> None:
    draft.add(LOAD1, answer.said)


LOAD = Datum("load", 10.0, (Command("guest-get-load", _read),))

INFO = {"version": "10.0", "supported_commands": [{"name": "guest-get-load", "enabled": True}]}


@define
class Mux:
    events: Events = field(factory=Events)
    guests: dict[str, Guest] = field(factory=dict)


class MonitorTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.session = ScriptedSession()
        self.clock = self.session.clock
        self.mux = Mux()
        self.guest = self.add("db1", self.session)
        self.monitor = Monitor(
            self.clock, self.mux, Settings(data=(LOAD,)), self.clock.seconds, Random(1)
        )
        self.monitor.startService()
        self.addCleanup(self.monitor.stopService)

    def add(self, name: str, session: ScriptedSession) -> Guest:
        guest = Guest(self.clock, name, session, None, self.mux.events)
        self.mux.guests[name] = guest
        guest.start()
        return guest

    def ready(self) -> None:
        self.session.ready()
        self.clock.advance(0)
        self.session.answer("thawed")
        self.clock.advance(0)
        self.session.asked.clear()

    def pass_by(self, seconds: float) -> None:
        self.clock.pump([0.5] * int(seconds * 2))

    def commands(self) -> list[str]:
        return list(self.session.asked)

    def loads(self) -> list[float]:
        return [
            sample.value
            for snapshot in self.monitor.snapshots.values()
            for _, reading in snapshot.fresh(self.clock.seconds())
            for sample in reading.samples
        ]

    def test_asks(self) -> None:
        """
        A guest that is there is asked what it has, and then how it is.
        """
        self.pass_by(60)
        self.assertEqual(self.commands(), [])
        self.ready()
        self.pass_by(5)
        self.assertEqual(self.commands(), ["guest-info"])
        self.session.answer(INFO)
        self.pass_by(1)
        self.assertEqual(self.commands()[-1], "guest-get-load")
        self.session.answer(0.5)
        self.pass_by(1)
        self.assertEqual(self.loads(), [0.5])

    def test_frozen(self) -> None:
        """
        A guest that is frozen is not asked.
        """
        self.ready()
        self.pass_by(5)
        self.session.answer(INFO)
        self.pass_by(1)
        self.session.answer(0.5)
        self.guest.ask(Caller("ann"), "guest-fsfreeze-freeze", {})
        self.pass_by(1)
        self.session.answer(1)
        self.session.asked.clear()
        self.pass_by(20)
        self.assertNotIn("guest-get-load", self.commands())

    def test_behind_everybody(self) -> None:
        """
        Whoever wants anything of the guest goes first.
        """
        self.ready()
        ann = Caller("ann")
        first = self.guest.ask(ann, "guest-exec", {"path": "a"})
        self.pass_by(5)
        second = self.guest.ask(ann, "guest-exec", {"path": "b"})
        self.session.answer({"pid": 1})
        self.pass_by(1)
        self.assertEqual(self.commands(), ["guest-exec", "guest-exec"])
        self.session.answer({"pid": 2})
        self.pass_by(1)
        self.assertEqual(self.commands()[-1], "guest-info")
        self.successResultOf(first)
        self.successResultOf(second)

    def test_away(self) -> None:
        """
        A guest that goes is not asked; when it comes back, what it has is asked anew.
        """
        self.ready()
        self.pass_by(5)
        self.session.answer(INFO)
        self.pass_by(1)
        self.session.answer(0.5)
        self.session.tell(State.ABSENT)
        self.session.asked.clear()
        self.pass_by(300)
        self.assertEqual(self.commands(), [])
        self.ready()
        self.pass_by(5)
        self.assertEqual(self.commands(), ["guest-info"])

    def test_changed(self) -> None:
        """
        What is asked can be exchanged, guest by guest.
        """
        self.ready()
        self.pass_by(5)
        self.session.answer(INFO)
        self.pass_by(1)
        self.session.answer(0.5)
        other = Group(guests=patterns(["web*"]), periods={"load": None})
        self.monitor.change(Settings(data=(LOAD,), groups=(other,)))
        self.assertEqual(self.loads(), [0.5])
        group = Group(guests=patterns(["db*"]), labels={"tenant": "acme"}, periods={"load": None})
        self.monitor.change(Settings(data=(LOAD,), groups=(group,)))
        self.session.asked.clear()
        self.pass_by(300)
        self.assertEqual(self.commands(), [])
        self.assertEqual(self.loads(), [])
        self.assertEqual(self.monitor.labels_of("db1"), {"tenant": "acme"})

    def test_removed(self) -> None:
        """
        A guest that is served no more has no figures.
        """
        self.assertEqual(set(self.monitor.snapshots), {"db1"})
        del self.mux.guests["db1"]
        self.mux.events.tell("guest-removed", "db1")
        self.assertEqual(self.monitor.snapshots, {})

    def test_another(self) -> None:
        """
        A guest of the same name that is another has figures of its own.
        """
        self.ready()
        self.pass_by(5)
        self.session.answer(INFO)
        self.pass_by(1)
        self.session.answer(0.5)
        self.pass_by(1)
        self.assertEqual(self.loads(), [0.5])
        self.add("db1", ScriptedSession())
        self.mux.events.tell("guest-added", "db1")
        self.assertEqual(self.loads(), [])
