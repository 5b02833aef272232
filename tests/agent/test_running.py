"""The agent on a reactor of its own."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from twisted.logger import ILogObserver, LogLevel
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._sockets import FakeListening, Reactor, real
from tests.agent._waiting import wait_until
from txqga.agent import _running
from txqga.agent._config import Config
from txqga.agent._frozen_file import FrozenFile
from txqga.agent._log import LogFile
from txqga.agent._prepare import Prepared
from txqga.agent._running import run
from txqga.agent._state import StateFile
from txqga.agent.agent import Agent
from txqga.agent.platform import MemoryPlatform


class OwnReactor(Reactor):
    """A reactor that notes what happened before it was run."""

    def run(self) -> None:
        self.watched_when_run = list(self.getReaders())


class RunTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.path = self.folder / "log"
        self.observers: list[ILogObserver] = []
        self.listening = FakeListening()
        self.reactor = OwnReactor()
        self.state = StateFile.open(str(self.folder))
        self.status = self.run_with(Prepared(Config(), self.state, real(self.listening)))

    def run_with(self, prepared: Prepared) -> int:
        log = LogFile.open(str(self.path))
        return run(self.reactor, prepared, log, begin_logging=self.begin_logging)

    def begin_logging(self, observers: Iterable[ILogObserver]) -> None:
        self.observers.extend(observers)

    def test_serves_first(self) -> None:
        """
        Clients are served from the moment the reactor runs.
        """
        self.assertEqual(len(self.reactor.watched_when_run), 1)

    def test_monotonic(self) -> None:
        """
        A step of the guest's clock moves no timer.
        """
        self.assertEqual(self.reactor.seconds, time.monotonic)

    def test_stops(self) -> None:
        """
        When the reactor stops the agent stops too.
        """
        [(stop, _, _)] = self.reactor.triggers["before"]["shutdown"]
        stop()
        self.assertTrue(self.listening.closed)

    def test_status(self) -> None:
        """
        It ends well, unless the channel was still waited for.
        """
        self.assertEqual(self.status, 0)
        config = Config(path="/nonexistent/port", retry_path=True)
        self.assertEqual(self.run_with(Prepared(config, self.state, None)), 1)

    def test_frozen(self) -> None:
        """
        What an earlier agent left frozen is thawed when the reactor stops; then the pidfile is due.
        """
        frozen = FrozenFile(str(self.folder), "this")
        frozen.frozen(0.0, None)
        written: list[str] = []
        log = LogFile.open(str(self.folder / "later"), held=True)
        prepared = Prepared(Config(), self.state, real(FakeListening()), frozen)
        self.patch(_running, "Agent", partial(Agent, platform=MemoryPlatform()))
        run(
            self.reactor,
            prepared,
            log,
            lambda: written.append("pid"),
            begin_logging=self.begin_logging,
        )
        self.observers[-2]({"log_format": "oops", "log_level": LogLevel.error})
        self.assertEqual((written, (self.folder / "later").exists()), ([], False))
        self.reactor.triggers["before"]["shutdown"][-1][0]()
        wait_until(lambda: bool(written))
        self.assertEqual(written, ["pid"])
        self.assertIn("error: oops", (self.folder / "later").read_text())

    def test_log(self) -> None:
        """
        What goes wrong is told to the log, with -v or without.
        """
        for observer in self.observers:
            observer({"log_format": "oops", "log_level": LogLevel.error})
            observer({"log_format": "fine", "log_level": LogLevel.info})
        self.assertRegex(self.path.read_text(), r"\A\S+ error: oops\n\Z")
