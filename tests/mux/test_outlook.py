"""How an agent is, by what its session knows and by what QEMU says."""

from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import ScriptedSession
from txqga.mux._outlook import ENDS, PORT_CLOSED, Outlook
from txqga.qmp import UNKNOWN, Machine
from txqga.session import State, Status

RUNNING = Machine(status="running", port=True)


class OutlookTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.session = ScriptedSession()
        self.clock = self.session.clock
        self.changes: list[Status] = []
        self.outlook = Outlook(self.session, self.clock.seconds, self.changes.append)
        self.session.ready()

    def state(self) -> State:
        return self.outlook.status.state

    def test_nothing_known(self) -> None:
        """
        Where QEMU says nothing, the session alone tells how things are.
        """
        self.assertEqual(self.outlook.status, self.session.status)
        self.outlook.told(UNKNOWN)
        self.outlook.told(RUNNING)
        self.assertEqual(self.outlook.status, self.session.status)
        self.assertEqual((self.changes, self.session.rests), ([], None))

    def test_events(self) -> None:
        """
        Whoever listens is told each event of QEMU's, until they have heard enough.
        """
        heard: list[str] = []
        stop = self.outlook.subscribe(heard.append)
        self.outlook.happened("RESET")
        stop()
        stop()
        self.outlook.happened("RESET")
        self.assertEqual(heard, ["RESET"])

    def test_port_closed(self) -> None:
        """
        When no agent has the port open, nothing is asked of it until one has, and then at once.
        """
        self.outlook.told(RUNNING)
        woken = self.session.woken
        self.outlook.told(Machine(status="running", port=False))
        self.assertEqual((self.state(), self.session.rests), (State.ABSENT, PORT_CLOSED))
        self.assertEqual(self.outlook.status.reason, PORT_CLOSED)
        self.outlook.told(RUNNING)
        self.assertEqual((self.session.rests, self.session.woken), (None, woken + 1))

    def test_paused(self) -> None:
        """
        A machine that stands still is paused, with QEMU's word for why, and since when; its agent
        is the same when it goes on, so the session is kept.
        """
        self.clock.advance(7)
        for status in ("paused", "io-error", "guest-panicked", "levitating"):
            self.outlook.told(Machine(status=status, port=True))
            self.assertEqual((self.state(), self.outlook.status.since), (State.PAUSED, 7.0))
            self.assertIn(status, self.outlook.status.reason)
        self.assertIsNone(self.session.rests)
        self.outlook.told(RUNNING)
        self.assertEqual(self.state(), State.READY)
        self.assertEqual([each.state for each in self.changes], [State.PAUSED] * 4 + [State.READY])

    def test_since(self) -> None:
        """
        What is told again has not begun anew.
        """
        for _ in range(3):
            self.outlook.told(Machine(status="paused", port=True))
            self.clock.advance(5)
        self.assertEqual((self.outlook.status.since, len(self.changes)), (0.0, 1))

    def test_migrating(self) -> None:
        """
        A machine between two hosts is migrating.
        """
        for status in ("inmigrate", "postmigrate", "finish-migrate"):
            self.outlook.told(Machine(status=status, port=True))
            self.assertEqual(self.state(), State.MIGRATING)

    def test_asleep(self) -> None:
        """
        Of a guest that sleeps nothing is asked, until it is awake.
        """
        self.outlook.told(Machine(status="suspended", port=True))
        self.assertEqual(self.state(), State.ABSENT)
        self.assertIn("sleeps", str(self.session.rests))
        self.outlook.told(RUNNING)
        self.assertIsNone(self.session.rests)

    def test_ends(self) -> None:
        """
        An event that ends every conversation ends this one, and when the machine was looked at a
        new one begins, though it looks as it did before.
        """
        self.outlook.told(RUNNING)
        for event in ENDS:
            self.session.ready()
            woken = self.session.woken
            self.outlook.happened(event)
            self.assertEqual(self.session.rests, ENDS[event])
            self.outlook.told(RUNNING)
            self.assertEqual((self.session.rests, self.session.woken), (None, woken + 1))

    def test_other_events(self) -> None:
        """
        Other events end nothing.
        """
        for event in ("STOP", "RESUME", "WAKEUP", "VSERPORT_CHANGE", "MIGRATION"):
            self.outlook.happened(event)
        self.assertIsNone(self.session.rests)

    def test_monitor_lost(self) -> None:
        """
        When QEMU is not heard any more, the session finds out for itself.
        """
        self.outlook.told(Machine(status="running", port=False))
        self.outlook.told(UNKNOWN)
        self.assertIsNone(self.session.rests)
        self.session.ready()
        self.assertEqual(self.state(), State.READY)
        self.assertEqual(self.outlook.machine, UNKNOWN)

    def test_word(self) -> None:
        """
        Why nothing runs in the machine can be said in a word.
        """
        for status, word in (
            (None, ""),
            ("running", ""),
            ("shutdown", ""),
            ("suspended", "suspended"),
            ("inmigrate", "migrating"),
            ("io-error", "paused"),
        ):
            self.outlook.told(Machine(status=status, port=True))
            self.assertEqual(self.outlook.word, word)

    def test_closed(self) -> None:
        """
        A session that was stopped is closed, whatever QEMU says.
        """
        self.outlook.told(Machine(status="paused", port=True))
        self.session.stop()
        self.assertEqual(self.state(), State.CLOSED)
