"""Programs started, or found again."""

from tests.exec._case import ExecCase
from txqga.errors import InvalidArguments, ProgramLost
from txqga.exec import Way


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

    def test_added(self) -> None:
        """
        Variables are added by a program that every POSIX system has, and nowhere else.
        """
        argv = ["--", "A=b", "make", "-j"]
        self.stock()
        self.exec.start("make", ["-j"], add_env={"A": "b"}, way=Way.WHOLE)
        said = self.guest.started[-1]
        self.assertEqual((said["path"], said["arg"], "env" in said), ("env", argv, False))
        self.streamed()
        self.exec.start("make", ["-j"], add_env={"A": "b"})
        self.assertEqual(self.guest.job.arguments["arg"], argv)
        self.stock("mswindows")
        asked = self.exec.start("make.exe", add_env={"A": "b"})
        self.assertIn("whole environment", str(self.failureResultOf(asked, InvalidArguments).value))
        self.assertEqual(self.guest.started, [])
