"""Telling systemd how the service is."""

from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.daemons._notify import Supervisor


class SupervisorTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.sent: list[tuple[str, bytes]] = []
        self.environment = {"NOTIFY_SOCKET": "/run/notify", "HOME": "/"}

    def make(self) -> Supervisor:
        return Supervisor(self.clock, self.environment, 77, lambda *sent: self.sent.append(sent))

    def words(self) -> list[bytes]:
        """What was sent since the last time."""
        sent, self.sent = self.sent, []
        self.assertTrue(all(path == "/run/notify" for path, _ in sent))
        return [words for _, words in sent]

    def test_life(self) -> None:
        """
        It is told when the service is ready, reads its configuration, and stops.
        """
        supervisor = self.make()
        supervisor.ready("7 guests are served")
        supervisor.reloading()
        supervisor.ready("8 guests are served")
        supervisor.stopping()
        ready, reloading, again, stopping = self.words()
        self.assertEqual(ready, b"READY=1\nSTATUS=7 guests are served")
        self.assertRegex(reloading, rb"\ARELOADING=1\nMONOTONIC_USEC=[0-9]+\Z")
        self.assertEqual(again, b"READY=1\nSTATUS=8 guests are served")
        self.assertEqual(stopping, b"STOPPING=1")
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_nobody(self) -> None:
        """
        Where nobody wants to know, nothing is sent.
        """
        self.environment = {"WATCHDOG_USEC": "1000000"}
        supervisor = self.make()
        supervisor.ready("x")
        supervisor.reloading()
        supervisor.stopping()
        self.assertEqual((self.sent, self.clock.getDelayedCalls()), ([], []))

    def test_watchdog(self) -> None:
        """
        A service that is watched gives a sign of life twice in each period, from when it is ready
        until it stops.
        """
        self.environment.update({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "77"})
        supervisor = self.make()
        self.clock.advance(60)
        self.assertEqual(self.words(), [])
        supervisor.ready("x")
        supervisor.ready("x")
        self.clock.pump([2.0] * 5)
        self.assertEqual(self.words().count(b"WATCHDOG=1"), 6)
        supervisor.stopping()
        self.clock.advance(60)
        self.assertEqual(self.words(), [b"STOPPING=1"])

    def test_not_watched(self) -> None:
        """
        A period that is another process's, or none, is not kept.
        """
        for more in ({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "78"}, {"WATCHDOG_USEC": "x"}):
            self.environment = {"NOTIFY_SOCKET": "/run/notify", **more}
            self.make().ready("x")
            self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_not_inherited(self) -> None:
        """
        What systemd said is taken out of the environment, and the rest is left.
        """
        self.environment.update({"WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "77"})
        self.make()
        self.assertEqual(self.environment, {"HOME": "/"})

    def test_nobody_listens(self) -> None:
        """
        A socket that is gone is complained of once, and the service goes on.
        """

        def refuse(path: str, octets: bytes) -> None:
            raise ConnectionRefusedError("nobody there")

        supervisor = Supervisor(self.clock, self.environment, 77, refuse)
        with capturedLogs() as seen:
            supervisor.ready("x")
            supervisor.reloading()
        self.assertEqual([each["why"] for each in seen], ["nobody there"])
