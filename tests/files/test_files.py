"""Files of a guest, pushed and pulled."""

from collections.abc import Callable

from twisted.internet.defer import CancelledError, Deferred

from tests.files._case import FilesCase, open_files
from tests.files.test_aside import Threaded
from txqga.errors import AgentUnavailable, CommandNotFound
from txqga.files import Files, Report
from txqga.session import Session

DATA = b"hello world" * 50_000


class FilesTests(FilesCase):
    def test_there_and_back(self) -> None:
        """
        What is pushed can be pulled, and how long it took is told.
        """
        self.shell()
        source, copy = self.here / "a", self.here / "b"
        source.write_bytes(DATA)
        self.now(self.files.push(str(source), "/a"))
        report = self.now(self.files.pull("/a", str(copy)))
        self.assertEqual((copy.read_bytes() == DATA, report.seconds), (True, 0))

    def test_rate(self) -> None:
        """
        A limit is kept, in both directions.
        """
        self.shell()
        source, copy = self.here / "a", self.here / "b"
        source.write_bytes(DATA)
        for pushes in (True, False):
            if pushes:
                copying = self.coming(self.files.push(source, "/a", rate=100_000))
            else:
                copying = self.coming(self.files.pull("/a", copy, rate=100_000))
            self.later(3)
            self.assertNoResult(copying)
            self.later(5)
            report = self.successResultOf(copying)
            self.assertGreater(report.seconds, 5)
            self.assertLess(report.rate, 110_000)

    def test_no_rate(self) -> None:
        """
        A limit that lets nothing through is no limit, and nothing is begun.
        """
        self.shell()
        for rate in (0, -1.0, float("nan")):
            self.failure(self.files.pull("/a", self.here / "b", rate=rate), ValueError)
        self.assertEqual(self.guest.executed, [])

    def test_nothing_stays_open(self) -> None:
        """
        Whatever is refused, no descriptor of this host stays open.
        """
        self.shell()
        before = open_files()
        self.failure(self.files.push(self.here / "a", "/a"), FileNotFoundError)
        self.failure(self.files.pull("/a", self.here), IsADirectoryError)
        self.failure(self.files.pull("/a", self.here / "x"), Exception)
        self.guest.is_frozen = True
        (self.here / "a").write_bytes(b"")
        self.failure(self.files.push(self.here / "a", "/a"), CommandNotFound)
        self.assertEqual(open_files(), before)

    def test_cancelled_while_it_opens(self) -> None:
        """
        What a thread opens for a copy that was cancelled meanwhile is closed.
        """
        (self.here / "a").write_bytes(DATA)
        (self.here / "in").mkdir()
        every: tuple[Callable[[Files], Deferred[Report]], ...] = (
            lambda files: files.push(self.here / "a", "/a"),
            lambda files: files.pull("/a", self.here / "b"),
            lambda files: files.pull("/r", self.here / "in", recursive=True),
        )
        for copies in every:
            reactor = Threaded()
            self.shell()
            self.guest.listing = b"all\0"
            before = open_files()
            copying = copies(Files(reactor, self.guest))
            self.guest.advance()
            copying.cancel()
            reactor.work()
            self.failureResultOf(copying, CancelledError)
            self.assertEqual((open_files(), reactor.begun), (before, []))

    def test_away(self) -> None:
        """
        A guest whose agent is away is not copied to; any session will do.
        """
        self.shell()
        files = Files(self.clock, Session(self.clock, self.guest.agent))
        self.failure(files.push(self.here, "/a"), AgentUnavailable)
