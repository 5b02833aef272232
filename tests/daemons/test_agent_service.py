"""The agent as a Twisted service."""

import io
import os
import sys
from pathlib import Path

from twisted.application.service import IService
from twisted.python.usage import UsageError
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.agent._sockets import FakeListening, Reactor, real
from txqga.agent._config import Config
from txqga.agent._prepare import Prepared
from txqga.agent._state import StateFile
from txqga.agent.agent import Agent
from txqga.daemons._agent_service import AgentService, Options, make_service


class OptionsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.patch(os, "environ", {**os.environ, "QGA_CONF": "/nonexistent"})

    def parse(self, *words: str) -> Config:
        options = Options()
        options.parseOptions(words)
        return options.config

    def test_words(self) -> None:
        """
        The words are those of txqga-agent.
        """
        config = self.parse("-m", "unix-listen", "-ps", "--state=/t", "-b", "a,b")
        self.assertEqual((config.path, config.statedir), ("s", "/t"))
        self.assertEqual(config.block_rpcs, ("b", "a"))

    def test_wrong(self) -> None:
        """
        A wrong word is told as twistd tells it.
        """
        with self.assertRaises(UsageError) as caught:
            self.parse("--nonsense")
        self.assertIn("unrecognized option '--nonsense'", str(caught.exception))

    def test_daemon(self) -> None:
        """
        Becoming a daemon is twistd's business.
        """
        with self.assertRaises(UsageError) as caught:
            self.parse("-m", "unix-listen", "-p", "s", "-d")
        self.assertEqual(str(caught.exception), "twistd daemonizes itself: drop -n")

    def test_told(self) -> None:
        """
        What is asked for is printed, and twistd starts nothing.
        """
        stdout = io.StringIO()
        self.patch(sys, "stdout", stdout)
        with self.assertRaises(SystemExit) as caught:
            self.parse("-V")
        self.assertEqual(caught.exception.code, 0)
        self.assertIn("QEMU Guest Agent", stdout.getvalue())

    def test_arguments_of_the_process(self) -> None:
        """
        Without words of its own it takes those of the process, as all Options do.
        """
        self.patch(sys, "argv", ["x", "-m", "unix-listen", "-p", "s"])
        options = Options()
        options.parseOptions()
        self.assertEqual(options.config.path, "s")


class AgentServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.folder = Path(self.mktemp())
        self.folder.mkdir()

    def test_service(self) -> None:
        """
        The agent serves as long as the service runs.
        """
        listening = FakeListening()
        state = StateFile.open(str(self.folder))
        service = AgentService(Agent(self.reactor, Prepared(Config(), state, real(listening))))
        verifyObject(IService, service)
        self.assertEqual(self.reactor.getReaders(), [])
        service.startService()
        self.assertEqual(len(self.reactor.getReaders()), 1)
        service.stopService()
        self.assertEqual(self.reactor.getReaders(), [])
        self.assertTrue(listening.closed)

    def test_cannot_start(self) -> None:
        """
        An agent that cannot start ends twistd with the reason, not with a traceback.
        """
        config = Config(method="nonsense", path="x", statedir=str(self.folder))
        with self.assertRaises(SystemExit) as caught:
            make_service(self.reactor, config)
        self.assertIn("unsupported channel method/type: nonsense", str(caught.exception))
