"""Signals by guest-exec."""

from typing import Any

from tests.exec._case import ExecCase
from txqga.errors import CommandFailed, CommandNotFound, NotKilled
from txqga.exec._kill import KILL


class KillTests(ExecCase):
    def start(self, system: str, **options: Any) -> Any:
        self.stock(system)
        return self.successResultOf(self.exec.start("sleep", detached=True, **options))

    def sent(self, sending: Any) -> Any:
        self.later()
        return sending

    def test_posix(self) -> None:
        """
        A signal is sent by a program that knows the pid.
        """
        running = self.start("debian")
        self.successResultOf(self.sent(running.signal("usr1")))
        said = self.guest.started[-1]
        self.assertEqual(said["path"], "/bin/sh")
        self.assertEqual(said["arg"], ["-c", KILL, "sh", "USR1", "100"])

    def test_ended(self) -> None:
        """
        One that has ended gets none, since its pid may be another's.
        """
        running = self.start("debian")
        self.guest.end(exitcode=0)
        self.successResultOf(self.sent(running.kill()))
        self.assertEqual(len(self.guest.started), 1)

    def test_refused(self) -> None:
        """
        A signal that was not sent is an error, which says why.
        """
        running = self.start("debian")
        self.guest.helper = {"exited": True, "exitcode": 1, "err-data": "bm8gcm9vbQo="}
        why = self.failureResultOf(self.sent(running.signal("term")), CommandFailed)
        self.assertEqual(why.value.desc, "no room")
        self.guest.helper = {"exited": True, "exitcode": 3}
        why = self.failureResultOf(self.sent(running.signal("term")), CommandFailed)
        self.assertIn("not the agent's child", why.value.desc)

    def test_windows(self) -> None:
        """
        Windows kills, with all that was started, and has nothing else.
        """
        running = self.start("mswindows")
        self.failureResultOf(self.sent(running.signal("int")), CommandNotFound)
        self.successResultOf(self.sent(running.kill()))
        said = self.guest.started[-1]
        self.assertEqual((said["path"], said["arg"]), ("taskkill.exe", ["/F", "/T", "/PID", "100"]))
        self.assertEqual(self.successResultOf(self.sent(running.wait())).signal, 9)

    def test_windows_refuses(self) -> None:
        """
        What cannot be killed is told.
        """
        running = self.start("mswindows", time_out=5)
        self.guest.helper = {"exited": True, "exitcode": 128, "err-data": "bm8gcm9vbQo="}
        waiting = running.wait()
        self.later(30.0)
        self.assertIn("no room", str(self.failureResultOf(waiting, NotKilled).value))
