"""The agent, whole, in memory."""

import json
import os
from pathlib import Path
from typing import Any

from twisted.logger import LogLevel, capturedLogs, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from tests.agent._sockets import FakeListening, FakeSocket, Reactor, real
from tests.agent._waiting import wait_until
from txqga.agent._config import Config
from txqga.agent._frozen_file import FrozenFile
from txqga.agent._prepare import Prepared
from txqga.agent._start import StartFailed
from txqga.agent._state import StateFile
from txqga.agent.agent import Agent, command_names, log_to_file, make_agent
from txqga.agent.platform import MemoryMounts, MemoryPlatform, Mounted, Platform
from txqga.schema import extended


class AgentTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.reactor = Reactor()
        self.still: list[bool] = []
        self.listening = FakeListening()
        self.client = FakeSocket()
        self.listening.clients = [self.client]
        self.folder = Path(self.mktemp())
        self.folder.mkdir()

    def start(self, config: Config, platform: Platform | None = None) -> Agent:
        state = StateFile.open(str(self.folder))
        frozen = FrozenFile(str(self.folder), "this")
        prepared = Prepared(config, state, real(self.listening), frozen)
        agent = Agent(self.reactor, prepared, platform=platform, still=self.still.append)
        agent.start()
        self.poll()
        return agent

    def poll(self) -> None:
        for descriptor in list(self.reactor.getReaders()):
            self.reactor.readable(descriptor)

    def ask(self, command: str, **arguments: Any) -> Any:
        """The value returned, or the class of the error."""
        self.client.sent = b""
        request = {"execute": command, "arguments": arguments}
        self.client.unread = [json.dumps(request).encode()]
        self.poll()
        reply = json.loads(self.client.sent)
        return reply["return"] if "return" in reply else reply["error"]["class"]

    def test_serves(self) -> None:
        """
        A client of the channel is answered.
        """
        self.start(Config(version="1.2.3", plugins=()))
        self.assertEqual(self.ask("guest-sync", id=5), 5)
        info = self.ask("guest-info")
        self.assertEqual(info["version"], "1.2.3")
        self.assertEqual(
            [each["name"] for each in info["supported_commands"]],
            list(reversed(command_names(self.reactor, Config(plugins=())))),
        )

    def test_platform(self) -> None:
        """
        The agent may tell of another machine than this one.
        """
        cpus = [{"logical-id": 7, "online": False, "can-offline": True}]
        self.start(Config(), MemoryPlatform(cpus=cpus))
        self.assertEqual(self.ask("guest-get-vcpus"), cpus)
        self.assertEqual(self.ask("guest-get-diskstats"), [])

    def test_this_machine(self) -> None:
        """
        If it is told of no other, it is this machine.
        """
        self.start(Config())
        self.assertEqual(self.ask("guest-get-osinfo")["kernel-release"], os.uname().release)

    def test_blocked(self) -> None:
        """
        What is blocked is not served, though it be allowed.
        """
        self.start(Config(allow_rpcs=("guest-sync", "guest-ping"), block_rpcs=("guest-ping",)))
        self.assertEqual(self.ask("guest-sync", id=5), 5)
        self.assertEqual(self.ask("guest-ping"), "CommandNotFound")
        self.assertEqual(self.ask("guest-info"), "CommandNotFound")

    def test_files(self) -> None:
        """
        Handles of files are written down in the state folder.
        """
        agent = self.start(Config())
        path = str(self.folder / "foo")
        self.assertEqual(self.ask("guest-file-open", path=path, mode="w"), 1000)
        self.assertIn("fd_counter=1001", (self.folder / "qga.state").read_text())
        written = self.ask("guest-file-write", handle=1000, **{"buf-b64": "YWJj"})
        self.assertEqual(written["count"], 3)
        agent.stop()
        self.assertEqual((self.folder / "foo").read_text(), "abc")

    def test_stop(self) -> None:
        """
        An agent that is stopped accepts nobody.
        """
        self.start(Config()).stop()
        self.assertTrue(self.listening.closed)

    def test_left_frozen(self) -> None:
        """
        Where an earlier agent left filesystems frozen, little is served until they are thawed.
        """
        FrozenFile(str(self.folder), "this").frozen(0.0, 600.0)
        self.start(Config(block_rpcs=("guest-ping", "guest-get-load")), MemoryPlatform())
        self.assertEqual(self.still, [True])
        self.assertEqual(self.ask("guest-fsfreeze-status"), "frozen")
        self.assertEqual(self.ask("guest-ping"), {})
        self.assertEqual(self.ask("guest-fsfreeze-freeze"), "CommandNotFound")
        self.assertEqual(
            {
                each["name"]
                for each in self.ask("guest-info")["supported_commands"]
                if each["enabled"]
            },
            {
                "guest-sync",
                "guest-sync-delimited",
                "guest-ping",
                "guest-info",
                "guest-fsfreeze-status",
                "guest-fsfreeze-thaw",
                "txqga-info",
                "txqga-fence",
                "txqga-fenced",
                "txqga-freeze-lease",
            },
        )

    def test_stop_frozen(self) -> None:
        """
        An agent that is stopped thaws first, and serves nobody meanwhile.
        """
        FrozenFile(str(self.folder), "this").frozen(0.0, 600.0)
        mounts = MemoryMounts([Mounted("/", "1:1")])
        mounts.frozen.add("/")
        stopped = self.start(Config(), MemoryPlatform(mounts=mounts)).stop()
        self.assertTrue(self.listening.closed)
        wait_until(lambda: bool(stopped.called))
        self.successResultOf(stopped)
        self.assertEqual((mounts.frozen, self.still), (set(), [True, False]))
        self.assertFalse((self.folder / "qga.state.isfrozen").exists())

    def test_verbose(self) -> None:
        """
        With -v each command is told to the log.
        """
        self.start(Config(verbose=True))
        with capturedLogs() as seen:
            self.ask("guest-ping")
        self.assertEqual([event.get("command") for event in seen], ["guest-ping"])

    def test_not_started(self) -> None:
        """
        An agent that cannot be started says why.
        """
        with self.assertRaises(StartFailed):
            make_agent(self.reactor, Config(method="nonsense", statedir=str(self.folder)))


class CommandNamesTests(SynchronousTestCase):
    def test_order(self) -> None:
        """
        The names come in the order of the schema, in which qemu-ga registers its commands.
        """
        names = command_names(Reactor(), Config(plugins=()))
        self.assertEqual(names[:3], ["guest-sync-delimited", "guest-sync", "guest-ping"])
        order = list(extended().commands)
        self.assertEqual(names, sorted(names, key=order.index))


class LogToFileTests(SynchronousTestCase):
    def test_none(self) -> None:
        """
        Without a log file there is nothing to add to what the process logs to, or to hold back.
        """
        log_to_file(Config())(True)

    def test_held_back(self) -> None:
        """
        While filesystems are frozen nothing is written to it.
        """
        path = Path(self.mktemp())
        before = list(globalLogPublisher._observers)
        still = log_to_file(Config(logfile=str(path)))
        [added] = [each for each in globalLogPublisher._observers if each not in before]
        self.addCleanup(globalLogPublisher.removeObserver, added)
        still(True)
        added({"log_format": "oops", "log_level": LogLevel.error})
        self.assertEqual(path.read_text(), "")
        still(False)
        self.assertIn("error: oops", path.read_text())

    def test_cannot_open(self) -> None:
        """
        A log file that cannot be opened is an error.
        """
        self.assertRaises(StartFailed, log_to_file, Config(logfile="/nonexistent/log"))
