"""Guests that a mux finds by their sockets, in the folders of libvirt's layout."""

import os
import shutil
import socket
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, Client, Gone, request
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, AgentProcess, require

PORT = "org.qemu.guest_agent.0"


class WatchCase(SynchronousTestCase):
    """A mux that was told of no guest, only of where they appear."""

    layout: str

    def setUp(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.home, True)
        self.target = self.home / "channel/target"
        self.mux = MuxProcess({}, "--watch", f"{self.target}/{self.layout}/{PORT}")
        self.addCleanup(self.mux.remove)
        self.mux.start()

    def until(self, found: Callable[[], object]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not found():
            self.assertLess(time.monotonic(), deadline, self.mux.complaints())
            time.sleep(0.005)

    def folder(self, number: int, name: str) -> Path:
        """The folder that libvirt makes for a domain."""
        return self.target / self.layout.format(id=number, name=name)

    def boot(self, number: int, name: str) -> AgentProcess:
        """Start an agent whose channel is where libvirt would put it."""
        agent = AgentProcess(require(OURS))
        self.addCleanup(agent.remove)
        self.folder(number, name).mkdir(parents=True)
        path = self.folder(number, name) / PORT
        agent.argv[agent.argv.index(str(agent.socket))] = str(path)
        agent.socket = path
        agent.spawn()
        return agent

    def halt(self, agent: AgentProcess) -> None:
        """End an agent, and remove its folder, as libvirt does."""
        agent.kill()
        shutil.rmtree(agent.socket.parent)

    def client(self, name: str) -> Client:
        """A client of a guest, when it is served and its agent answers."""
        self.until(lambda: self.mux.serves(name))
        client = self.mux.connect(name)
        self.addCleanup(client.abandon)
        return client


class Watching(WatchCase):
    """The layout that libvirt had until it moved its sockets to ``/run``."""

    layout = "domain-{id}-{name}"

    def test_life(self) -> None:
        """
        A domain starts, stops, and starts again under another number: it is served whenever it
        runs, and who talks to others does not notice.
        """
        self.boot(1, "db1")
        neighbour = self.client("db1")
        path = self.home / "open"
        path.write_text("mine")
        handle = neighbour.call("guest-file-open", path=str(path))
        agent = self.boot(2, "web-1")
        for number in range(3, 5):
            client = self.client("web-1")
            self.assertEqual(client.call("guest-ping"), {})
            self.halt(agent)
            self.assertRaises(Gone, client.line)
            self.until(lambda: not self.mux.socket("web-1").exists())
            agent = self.boot(number, "web-1")
        self.assertEqual(neighbour.call("guest-file-read", handle=handle)["count"], 4)

    def test_socket_made_again(self) -> None:
        """
        A socket that is removed and made again at the same place is served anew.
        """
        agent = self.boot(1, "db1")
        self.client("db1")
        agent.kill()
        agent.socket.unlink(missing_ok=True)
        agent.spawn()
        self.assertEqual(self.client("db1").call("guest-ping"), {})

    def test_folders_come_and_go(self) -> None:
        """
        The folder that is watched may vanish with everything in it, and come again.
        """
        agent = self.boot(1, "db1")
        self.client("db1")
        agent.kill()
        shutil.rmtree(self.home / "channel")
        self.until(lambda: not self.mux.socket("db1").exists())
        self.boot(1, "db1")
        self.assertEqual(self.client("db1").call("guest-ping"), {})

    def test_names(self) -> None:
        """
        What has no proper name is left alone, and of two with one name the first is served.
        """
        for folder in (self.folder(1, "a b"), self.folder(2, "x" * 65)):
            folder.mkdir(parents=True)
            os.mknod(folder / PORT, stat.S_IFSOCK | 0o600)
        left = f"{self.folder(1, 'a b')}/{PORT} is left alone: 'a b' cannot be"
        self.until(lambda: left in self.mux.complaints())
        first = self.boot(3, "db1")
        self.client("db1")
        self.boot(4, "db1")
        self.until(lambda: "a name is one guest's" in self.mux.complaints())
        self.assertEqual([path.name for path in self.mux.served.iterdir()], ["db1.sock"])
        self.halt(first)
        self.until(lambda: f"{self.folder(4, 'db1')}/{PORT} is served at" in self.mux.complaints())
        self.assertEqual(self.client("db1").call("guest-ping"), {})

    def test_crowd(self) -> None:
        """
        While a crowd of sockets appears, whoever talks to another guest is answered, and in the
        end all are served.
        """
        self.boot(1, "db1")
        client = self.client("db1")
        names = [f"vm{number}" for number in range(200)]
        for number, name in enumerate(names, 2):
            self.folder(number, name).mkdir()
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(str(self.folder(number, name) / PORT))
        self.until(lambda: client.ask(request("guest-ping"))["return"] == {} and self.served(names))
        shutil.rmtree(self.target)
        self.until(lambda: not list(self.mux.served.iterdir()))

    def served(self, names: list[str]) -> bool:
        """Whether there is a socket for each of these."""
        there = {path.stem for path in self.mux.served.iterdir()}
        return there >= set(names)


class WatchingNewer(WatchCase):
    """The layout of a newer libvirt."""

    layout = "{id}-{name}"

    def test_found(self) -> None:
        """
        A domain is found there, too.
        """
        self.boot(17, "web-1")
        self.assertEqual(self.client("web-1").call("guest-ping"), {})
