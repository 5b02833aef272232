"""Programs started, or found again."""

from tests.exec._case import ExecCase
from txqga.errors import ProgramLost


class StartTests(ExecCase):
    def test_by_key(self) -> None:
        """
        A program is found by its name or its key, and goes on where it was.
        """
        self.streamed()
        self.successResultOf(self.exec.start("make", key="backup", detached=True)).let_go()
        for name in ("backup", "job100"):
            found = self.successResultOf(self.exec.attach(name))
            self.assertEqual(found.name, "job100")
            found.let_go()
        self.failureResultOf(self.exec.attach("other"), ProgramLost)

    def test_same_key(self) -> None:
        """
        What is started again under the key of one that is there is that one.
        """
        self.streamed()
        for _ in range(2):
            running = self.successResultOf(self.exec.start("make", key="backup", detached=True))
            self.assertEqual(running.name, "job100")
            running.let_go()
        self.assertEqual(len(self.guest.jobs), 1)

    def test_by_pid(self) -> None:
        """
        An agent that cannot stream knows pids, and says so of all else.
        """
        self.stock()
        self.failureResultOf(self.exec.attach("backup"), ProgramLost)
        running = self.successResultOf(self.exec.attach("4711"))
        self.failureResultOf(running.wait(), ProgramLost)
