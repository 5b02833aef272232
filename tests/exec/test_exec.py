"""Programs of a guest, run as if it were here."""

from twisted.internet.defer import CancelledError, Deferred

from tests.exec._case import ExecCase
from txqga.errors import CommandNotFound
from txqga.exec import Way


class ExecTests(ExecCase):
    def test_ways(self) -> None:
        """
        How programs can be run is asked once for each connection.
        """
        self.streamed()
        for _ in range(2):
            self.assertEqual(self.successResultOf(self.exec.ways()), (Way.STREAMED,))
        self.assertEqual(self.guest.executed, ["guest-info"])

    def test_run(self) -> None:
        """
        What a program says is collected, and told apart.
        """
        self.streamed()
        running = self.exec.run("ls", ["-l"], limit=3)
        job = self.guest.job
        job.out += b"out"
        job.err += b"error"
        job.end(1)
        self.later()
        done = self.successResultOf(running)
        self.assertEqual((done.stdout, done.stderr, done.exit_code), (b"out", b"err", 1))
        self.assertEqual((done.out_truncated, done.err_truncated), (False, True))

    def test_cancelled_before(self) -> None:
        """
        What is cancelled before it was asked for is not started.
        """
        for times in (1, 2):
            self.stock()
            told: Deferred[object] = Deferred()
            self.guest.answer("guest-get-osinfo", told)
            running = self.exec.run("rm", ["-r", "/srv/old"])
            self.guest.advance()
            for _ in range(times):
                running.cancel()
            self.failureResultOf(running, CancelledError)
            told.callback({"id": "debian"})
            self.later()
            self.assertEqual(self.guest.started, [])

    def test_search(self) -> None:
        """
        Without a search a bare name is a file here.
        """
        self.streamed()
        for path, said in (("ls", "./ls"), ("/bin/ls", "/bin/ls"), ("a/b", "a/b")):
            self.successResultOf(self.exec.start(path, search=False)).let_go()
            self.assertEqual(self.guest.job.arguments["path"], said)
        self.successResultOf(self.exec.start("ls")).let_go()
        self.assertEqual(self.guest.job.arguments["path"], "ls")

    def test_way(self) -> None:
        """
        Who wants a way that there is not is told.
        """
        self.streamed()
        self.failureResultOf(self.exec.run("ls", way=Way.WHOLE), CommandNotFound)
        self.stock()
        self.failureResultOf(self.exec.run("ls", way=Way.STREAMED), CommandNotFound)

    def test_frozen(self) -> None:
        """
        A guest that holds still runs nothing, and may later.
        """
        self.streamed()
        self.guest.is_frozen = True
        self.failureResultOf(self.exec.start("ls"), CommandNotFound)
        self.guest.is_frozen = False
        self.successResultOf(self.exec.start("ls")).let_go()
