"""``txqga jobs``."""

from tests.cli._case import VerbCase
from txqga.cli.verbs._jobs import jobs, state
from txqga.errors import CommandNotFound
from txqga.exec import Ended

JOB = {
    "job": "b5bb9d8014a0f9b1",
    "pid": 7,
    "path": "/bin/x\x1b",
    "key": "nightly",
    "running": True,
    "timed-out": False,
    "out-offset": 0,
    "err-offset": 0,
    "in-offset": 0,
}


class JobsTests(VerbCase):
    def test_list(self) -> None:
        """
        What was left to run is listed, for people and for programs.
        """
        ended = {**JOB, "running": False, "exitcode": 3}
        del ended["key"]
        self.answers["txqga-exec-list"] = [JOB, ended]
        run = self.start()
        self.done(jobs.work(run, guest="db1"))
        self.assertEqual(
            run.lines,
            [
                "b5bb9d8014a0f9b1\t7\tnightly\truns\t/bin/x\\x1b",
                "b5bb9d8014a0f9b1\t7\t\texit code 3\t/bin/x\\x1b",
            ],
        )
        run = self.start(json=True)
        self.done(jobs.work(run, guest="db1"))
        first, second = run.values[0]["jobs"]
        self.assertEqual((first["running"], second["exit-code"]), (True, 3))

    def test_states(self) -> None:
        """
        How a program has ended is said.
        """
        self.assertEqual(state(Ended(None, 9)), "signal 9")
        self.assertEqual(state(Ended(None, 9, True)), "its time was over")

    def test_no_list(self) -> None:
        """
        An agent that keeps no list says so.
        """
        self.failed(jobs.work(self.start(), guest="db1"), CommandNotFound)
