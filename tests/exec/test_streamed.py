"""A program that is followed by txqga-exec."""

from typing import Any

from tests.exec._case import ExecCase
from txqga.errors import CommandFailed, Misfit, ProgramLost
from txqga.testing import SILENCE


class StreamedTests(ExecCase):
    def setUp(self) -> None:
        self.streamed()

    def started(self, **options: Any) -> Any:
        return self.successResultOf(self.exec.start("make", ["-j2"], **options))

    def test_said(self) -> None:
        """
        The agent is told all that a program is to have.
        """
        self.started(env={"A": "b"}, cwd="/src", merge=True, time_out=1.5, key="k", stdin=True)
        said = self.guest.job.arguments
        self.assertEqual(
            said,
            {
                "path": "make",
                "arg": ["-j2"],
                "env": ["A=b"],
                "cwd": "/src",
                "merge": True,
                "time-out": 2,
                "key": "k",
                "stdin": True,
            },
        )

    def test_acknowledged(self) -> None:
        """
        What has arrived is acknowledged by the next question, and comes once.
        """
        heard: list[bytes] = []
        running = self.started(stdout=heard.append)
        job = self.guest.job
        job.out += b"abc"
        self.later()
        job.out += b"defg"
        job.end(4)
        self.later()
        self.assertEqual(
            (heard, self.successResultOf(running.wait()).exit_code), ([b"abc", b"defg"], 4)
        )
        self.assertEqual(sorted(set(job.told)), [0, 3, 7][: len(set(job.told))])

    def test_start_lost(self) -> None:
        """
        A start whose reply was lost is repeated, and starts nothing twice.
        """
        self.successResultOf(self.exec.ways())
        begin = self.guest._start
        self.guest.answer("txqga-exec-start", lambda said: begin(said) and SILENCE)
        starting = self.exec.start("make")
        self.later(3.0)
        self.guest.answer("txqga-exec-start", begin)
        self.later(30.0)
        self.assertEqual(self.successResultOf(starting).name, "job100")
        self.assertEqual(len(self.guest.jobs), 1)

    def test_reply_lost(self) -> None:
        """
        A read whose reply was lost is repeated, and nothing is lost or doubled.
        """
        heard: list[bytes] = []
        running = self.started(stdout=heard.append)
        read, job = self.guest._read, self.guest.job
        self.guest.answer("txqga-exec-read", SILENCE)
        job.out += b"abc"
        job.end()
        self.later(3.0)
        self.guest.answer("txqga-exec-read", read)
        self.later(30.0)
        self.assertTrue(self.successResultOf(running.wait()).ok)
        self.assertEqual(heard, [b"abc"])

    def test_gone(self) -> None:
        """
        A program that the agent does not know any more is lost.
        """
        running = self.started()
        self.guest.jobs.clear()
        waiting = running.wait()
        self.later()
        self.failureResultOf(waiting, ProgramLost)

    def test_lies(self) -> None:
        """
        Octets that were not asked for, no base64, impossible ends: nothing of it is believed.
        """
        for lie in (
            {"out-offset": 5},
            {"out-offset": -1},
            {"err-offset": 1},
            {"out-data": "?"},
            {"out-data": "A" * 400_000},
            {"out-data": None},
            {"running": False},
            {"running": False, "exitcode": 2**40},
            {"running": "no"},
        ):
            self.streamed()
            running = self.started()
            self.guest.lie = lie
            waiting = running.wait()
            self.later()
            self.failureResultOf(waiting, Misfit)

    def test_refused(self) -> None:
        """
        What cannot be started is an error.
        """
        self.guest.answer("txqga-exec-start", CommandFailed("no such program"))
        self.failureResultOf(self.exec.start("make"), CommandFailed)
