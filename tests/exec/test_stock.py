"""Programs by guest-exec."""

from typing import Any

from twisted.internet.defer import Deferred

from tests.exec._case import ExecCase, coded
from txqga.errors import CommandFailed, InvalidArguments, Misfit, OutcomeUnknown, ProgramLost
from txqga.exec import Way
from txqga.exec._patient import AWAY, Patient
from txqga.exec._stock import INPUT, KEPT, finish_stock
from txqga.testing import SILENCE


class StockTests(ExecCase):
    def setUp(self) -> None:
        self.stock()

    def run_with(self, **reply: Any) -> Any:
        """Run a program that ends so."""
        self.stock()
        running = self.exec.run("ls")
        self.guest.end(**reply)
        self.later()
        return running

    def test_end(self) -> None:
        """
        What the agent tells at the end is what comes out.
        """
        done = self.successResultOf(self.run_with(exitcode=3, out_data=b"out", err_data=b"err"))
        self.assertEqual((done.exit_code, done.stdout, done.stderr), (3, b"out", b"err"))
        done = self.successResultOf(self.run_with(signal=11))
        self.assertEqual((done.exit_code, done.signal, done.stdout), (None, 11, b""))

    def test_cut(self) -> None:
        """
        What was cut is told, also by agents that mean yes when they say no.
        """
        full = bytes(KEPT)
        for flag, is_cut in ((True, True), (False, True), (None, False)):
            said: dict[str, Any] = {} if flag is None else {"out_truncated": flag}
            done = self.successResultOf(self.run_with(exitcode=0, out_data=full, **said))
            self.assertEqual((done.out_truncated, len(done.stdout)), (is_cut, KEPT))
        done = self.successResultOf(self.run_with(exitcode=0, err_data=b"x", err_truncated=True))
        self.assertEqual((done.out_truncated, done.err_truncated), (False, True))

    def test_lies(self) -> None:
        """
        Impossible ends, no base64, more than any agent keeps: nothing of it is believed.
        """
        for lie in (
            {},
            {"exitcode": True},
            {"exitcode": "0"},
            {"exitcode": 2**32},
            {"exitcode": 0, "out_data": "?"},
            {"exitcode": 0, "err_data": 7},
            {"exitcode": 0, "out_data": coded(bytes(KEPT + 1))},
        ):
            self.failureResultOf(self.run_with(**lie), Misfit)

    def test_reply_lost(self) -> None:
        """
        The reply that tells the end is told once: when it comes late, it counts.
        """
        running = self.exec.run("ls")
        late: Deferred[object] = Deferred()
        self.guest.answer("guest-exec-status", late)
        self.later(8.0)
        late.callback({"exited": True, "exitcode": 5})
        self.later()
        self.assertEqual(self.successResultOf(running).exit_code, 5)

    def test_unknown(self) -> None:
        """
        A program that the agent does not know is lost.
        """
        running = self.exec.run("ls")
        self.guest.replies.clear()
        self.later()
        self.failureResultOf(running, ProgramLost)

    def test_not_started(self) -> None:
        """
        What cannot be started is an error; what may have been started is another.
        """
        self.guest.answer("guest-exec", CommandFailed("no such program"))
        self.failureResultOf(self.exec.run("ls"), CommandFailed)
        self.guest.answer("guest-exec", SILENCE)
        running = self.exec.run("ls")
        self.later(200.0)
        self.failureResultOf(running, OutcomeUnknown)

    def test_input(self) -> None:
        """
        Input goes along, as much as the agent takes in a line.
        """
        self.exec.run("cat", input=b"\0\xff")
        self.assertEqual(self.guest.started[0]["input-data"], "AP8=")
        asked = self.exec.run("cat", input=bytes(INPUT + 1), way=Way.WHOLE)
        self.failureResultOf(asked, InvalidArguments)

    def test_rarely(self) -> None:
        """
        A long program is asked for more rarely than a short one.
        """
        self.exec.run("sleep")
        for _ in range(100):
            self.clock.advance(0.01)
        early = self.guest.executed.count("guest-exec-status")
        for _ in range(60):
            self.clock.advance(1.0)
        late = self.guest.executed.count("guest-exec-status") - early
        self.assertGreater(early, 8)
        self.assertLess(late, 40)

    def test_ours_does_not_end(self) -> None:
        """
        A short program of ours that does not end is given up after a minute.
        """
        going = self.coming(finish_stock(Patient(self.clock, self.guest), ["rm", "x"]))
        self.later(AWAY - 5.0)
        self.assertNoResult(going)
        self.later(10.0)
        self.failureResultOf(going, CommandFailed)
