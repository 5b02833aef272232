"""What an operator wants to be told, of all guests of a mux."""

from random import Random
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.monitor.test_monitor import Mux
from tests.mux._session import ScriptedSession
from txqga.monitor import DATA, Monitor
from txqga.monitor._settings import Group, Settings
from txqga.monitor.alerts import Alerts
from txqga.mux import Event, Guest
from txqga.session import State

FULL = [
    {
        "name": "vda1",
        "mountpoint": "/",
        "type": "ext4",
        "used-bytes": 95,
        "total-bytes": 100,
    }
]
KINDS = {"agent-gone", "agent-back", "guest-rebooted", "frozen-too-long", "disk-nearly-full"}


class AlertsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.session = ScriptedSession()
        self.clock = self.session.clock
        self.mux = Mux()
        self.guest = self.add("db1", self.session)
        self.all: list[str] = []
        self.events: list[tuple[str, Any]] = []
        self.alerts = Alerts(self.clock, self.mux)
        self.alerts.startService()
        self.mux.events.subscribe(self.heard)

    def add(self, name: str, session: ScriptedSession) -> Guest:
        guest = Guest(self.clock, name, session, None, self.mux.events)
        self.mux.guests[name] = guest
        guest.start()
        return guest

    def heard(self, event: Event) -> None:
        self.all.append(event.kind)
        if event.kind in KINDS:
            self.events.append((event.kind, event.data.get("alert")))

    def told(self) -> list[tuple[str, Any]]:
        told, self.events = self.events, []
        return told

    def ready(self, frozen: str = "thawed") -> None:
        self.session.ready()
        self.clock.advance(0)
        self.session.answer(frozen)
        self.clock.advance(0)

    def test_outage(self) -> None:
        """
        An agent that goes and comes back is told once each, behind the state that says so.
        """
        self.ready()
        self.session.tell(State.ABSENT)
        self.clock.advance(30)
        self.assertEqual(self.told(), [("agent-gone", None)])
        self.all.clear()
        self.ready()
        self.assertEqual(self.told(), [("agent-back", None)])
        self.assertLess(self.all.index("guest-state"), self.all.index("agent-back"))

    def test_found_frozen(self) -> None:
        """
        A guest that was found frozen, and stays so for too long, is told.
        """
        self.ready("frozen")
        self.clock.pump([60.0] * 3)
        self.assertEqual(self.told(), [])
        self.clock.advance(60.0)
        self.assertEqual(self.told(), [("frozen-too-long", "raised")])
        self.clock.advance(60.0)
        self.session.answer()  # its own limit was made longer
        self.clock.advance(0)
        self.session.answer(1)
        self.clock.advance(0)
        self.assertEqual(self.told(), [("frozen-too-long", "cleared")])

    def test_settings(self) -> None:
        """
        What is too long can be said anew, and holds at once.
        """
        self.ready("frozen")
        self.clock.advance(60.0)
        self.alerts.settings = Settings(groups=(Group(frozen_too_long=30.0),))
        self.assertEqual(self.told(), [("frozen-too-long", "raised")])

    def test_reset(self) -> None:
        """
        That QEMU has reset the machine is told at once.
        """
        self.ready()
        self.guest.outlook.happened("POWERDOWN")
        self.assertEqual(self.told(), [])
        self.guest.outlook.happened("RESET")
        self.guest.outlook.happened("RESET")
        self.assertEqual(self.told(), [("guest-rebooted", None)])

    def test_disks(self) -> None:
        """
        A disk that a monitor finds nearly full is told; by a monitor that is followed no more, and
        of a guest that is gone, nothing is.
        """
        data = tuple(each for each in DATA if each.name == "filesystems")
        settings = Settings(data=data)
        monitor = Monitor(self.clock, self.mux, settings, self.clock.seconds, Random(1))
        monitor.startService()
        self.addCleanup(monitor.stopService)
        self.alerts.follow(monitor)
        self.ready()
        self.clock.pump([0.5] * 12)
        commands = [{"name": "guest-get-fsinfo", "enabled": True}]
        self.session.answer({"version": "10", "supported_commands": commands})
        self.clock.pump([0.5] * 4)
        self.session.answer(FULL)
        self.assertEqual(self.told(), [("disk-nearly-full", "raised")])
        self.alerts.follow(None)
        self.clock.pump([0.5] * 120)
        self.session.answer([{**FULL[0], "used-bytes": 1}])
        self.assertEqual(self.told(), [])

    def test_another_guest(self) -> None:
        """
        Another guest under the name of one that is gone has nothing of it.
        """
        self.ready()
        self.session.tell(State.ABSENT)
        del self.mux.guests["db1"]
        self.mux.events.tell("guest-removed", "db1")
        self.session = ScriptedSession(clock=self.clock)
        self.add("db1", self.session)
        self.mux.events.tell("guest-added", "db1")
        self.clock.advance(30)
        self.ready()
        self.assertEqual(self.told(), [])

    def test_stop(self) -> None:
        """
        When it ends, nothing waits, and nothing is told.
        """
        self.ready("frozen")
        self.alerts.stopService()
        self.session.tell(State.ABSENT)
        self.guest.outlook.happened("RESET")
        self.clock.pump([60.0] * 10)
        self.assertEqual(self.told(), [])
