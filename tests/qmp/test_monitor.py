"""Keeps knowing how a virtual machine is."""

from random import Random

from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.qmp._qemu import Qemu
from txqga.qmp import UNKNOWN, Machine, Monitor
from txqga.qmp._connection import PATIENCE
from txqga.qmp._monitor import LONGEST, PAUSE

RUNNING = Machine(status="running", port=True)


class MonitorTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.qemu = Clock(), Qemu()
        self.told: list[Machine] = []
        self.events: list[str] = []
        self.monitor = Monitor(
            self.clock,
            self.qemu,
            self.qemu.path,
            self.told.append,
            self.events.append,
            name="db1",
            random=Random(1),
        )

    def start(self) -> None:
        self.monitor.start()
        self.qemu.flush()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and octets with it."""
        for _ in range(max(1, round(seconds / 0.25))):
            self.clock.advance(min(seconds, 0.25))
            self.qemu.flush()

    def test_knows(self) -> None:
        """
        Once connected it knows, and asks no more while nothing happens.
        """
        self.start()
        self.assertEqual(self.told, [RUNNING])
        self.assertEqual(self.qemu.asked, ["qmp_capabilities", "query-status", "query-chardev"])
        self.pass_time(600)
        self.assertEqual(len(self.qemu.asked), 3)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_events(self) -> None:
        """
        What happens is told at once, and a moment later what became of the machine.
        """
        self.start()
        self.qemu.open = False
        self.qemu.event("VSERPORT_CHANGE", id="qga0", open=False)
        self.qemu.flush()
        self.assertEqual((self.events, self.told[1:]), (["VSERPORT_CHANGE"], []))
        self.pass_time(PAUSE)
        self.assertEqual(self.told[1:], [Machine(status="running", port=False)])
        self.qemu.status = "paused"
        self.qemu.event("STOP")
        self.qemu.flush()
        self.pass_time(PAUSE)
        self.assertEqual(self.told[2:], [Machine(status="paused", port=False)])

    def test_other_events(self) -> None:
        """
        Events about anything else are passed by.
        """
        self.start()
        self.qemu.event("BALLOON_CHANGE", actual=1)
        self.qemu.flush()
        self.pass_time(5)
        self.assertEqual((self.events, len(self.told)), ([], 1))

    def test_storm(self) -> None:
        """
        However often a guest opens and closes its port, QEMU is asked now and then.
        """
        self.start()
        before = len(self.qemu.asked)
        for _ in range(1000):
            self.qemu.event("VSERPORT_CHANGE", id="qga0", open=True)
        self.qemu.flush()
        self.pass_time(PAUSE)
        self.assertEqual(len(self.qemu.asked) - before, 2)

    def test_event_while_asking(self) -> None:
        """
        What happens while QEMU is asked is looked at afterwards.
        """
        self.start()
        self.qemu.event("STOP")
        self.qemu.flush()
        self.clock.advance(PAUSE)
        self.qemu.event("RESUME")
        self.qemu.flush()
        self.assertEqual(len(self.told), 2)
        self.pass_time(PAUSE)
        self.assertEqual(len(self.told), 3)
        self.pass_time(5)
        self.assertEqual(len(self.told), 3)

    def test_ends(self) -> None:
        """
        When QEMU ends, nothing is known, until there is another.
        """
        self.start()
        self.qemu.end()
        self.assertEqual(self.told[1:], [UNKNOWN])
        self.pass_time(2)
        self.assertEqual(self.told[2:], [RUNNING])

    def test_not_there(self) -> None:
        """
        A monitor that cannot be reached is tried again, seldom after a while; that it cannot be
        is said once for each reason.
        """
        self.qemu.unreachable = Refused()
        with capturedLogs() as seen:
            self.start()
            self.pass_time(300)
            self.qemu.unreachable = None
            self.qemu.busy = True
            self.pass_time(3 * LONGEST + PATIENCE)
        warned = [each["why"] for each in seen if "why" in each]
        self.assertEqual(len(warned), 2)
        self.assertIn("another program holds the monitor", warned[1])
        self.assertLess(self.told.count(UNKNOWN), 30)
        self.qemu.busy = False
        self.pass_time(LONGEST + PATIENCE)
        self.assertEqual(self.told[-1], RUNNING)

    def test_garbage(self) -> None:
        """
        A monitor that talks nonsense is left, and tried again.
        """
        self.start()
        self.qemu.say(b"hello\n")
        self.qemu.flush()
        self.assertEqual(self.told[1:], [UNKNOWN])
        self.pass_time(2)
        self.assertEqual(self.told[-1], RUNNING)

    def test_refused_questions(self) -> None:
        """
        A QEMU that does not answer such questions is as good as none, and not asked on and on.
        """
        self.qemu.refused = {"query-chardev"}
        self.start()
        self.assertEqual(self.told, [UNKNOWN])
        self.pass_time(60)
        self.assertEqual((len(self.told), len(self.qemu.wires)), (1, 1))

    def test_stop(self) -> None:
        """
        What is stopped tells nothing more and leaves nothing, in whatever state it was.
        """
        for state in ("asking", "watching", "waiting", "connecting", "looking"):
            self.setUp()
            if state == "waiting":
                self.qemu.unreachable = Refused()
            self.monitor.start()
            if state != "asking":
                self.qemu.flush()
            if state == "looking":
                self.qemu.event("STOP")
                self.qemu.flush()
            before = len(self.told)
            self.monitor.stop()
            self.qemu.flush()
            self.assertEqual(self.clock.getDelayedCalls(), [], state)
            self.assertEqual(len(self.told), before, state)
            self.assertTrue(all(wire.aborted for wire in self.qemu.wires), state)
