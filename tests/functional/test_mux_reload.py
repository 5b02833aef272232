"""A mux that reads its configuration file again when it is told to."""

import json
import os
import signal
import time
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.functional._client import PATIENCE, Gone
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, AgentProcess, require


class Reloading(SynchronousTestCase):
    """A mux with a configuration file, and two agents."""

    def setUp(self) -> None:
        self.agents = {"db1": self.agent(), "web1": self.agent()}
        self.mux = MuxProcess({}, wait_for=self.agents)
        self.addCleanup(self.mux.remove)
        self.config = self.mux.folder / "mux.toml"
        self.mux.argv += ["--config", str(self.config)]
        self.write({name: agent.socket for name, agent in self.agents.items()})
        self.mux.start()

    def agent(self) -> AgentProcess:
        agent = AgentProcess(require(OURS))
        self.addCleanup(agent.remove)
        agent.start()
        return agent

    def write(self, guests: dict[str, Path], more: str = "") -> None:
        """Write the file; TOML's strings are written as JSON's."""
        lines = [f"{name} = {json.dumps(str(path))}" for name, path in guests.items()]
        self.config.write_text("\n".join([more, "[guest]", *lines]))

    def reload(self, said: str) -> None:
        """Tell the mux, and wait until it says so."""
        self.mux.reload(said)

    def test_reload(self) -> None:
        """
        A guest that is as it was keeps its session and its clients, with all that they have open;
        another one goes, a third comes; a file that is wrong changes nothing.
        """
        with self.mux.connect("db1") as stays, self.mux.connect("web1") as goes:
            handle = stays.call("guest-file-open", path=str(self.config))
            self.assertEqual(goes.call("guest-ping"), {})
            session = self.connections("db1")
            self.write({"db1": self.agents["db1"].socket, "mail1": self.agent().socket})
            self.reload("the configuration was read anew")
            self.assertRaises(Gone, goes.line)
            self.assertGreater(stays.call("guest-file-read", handle=handle)["count"], 0)
            self.assertEqual(self.connections("db1"), session)
            deadline = time.monotonic() + PATIENCE
            while not self.mux.serves("mail1") or self.mux.socket("web1").exists():
                self.assertLess(time.monotonic(), deadline, self.mux.complaints())
            self.config.write_text('colour = "red"')
            self.reload("the configuration is not taken")
            self.assertIn(f"{self.config}: colour: there is no such key", self.mux.complaints())
            self.assertEqual(
                stays.call("guest-file-seek", handle=handle, offset=0, whence=0)["eof"], False
            )
            self.assertTrue(self.mux.serves("mail1"))

    def test_under_clients(self) -> None:
        """
        Deadlines, terms of freezes and owners of handles change under clients that stay; what can
        only change with a new process is named, with what to do.
        """
        guests = {name: agent.socket for name, agent in self.agents.items()}
        with self.mux.connect("db1") as stays:
            handle = stays.call("guest-file-open", path=str(self.config))
            session = self.connections("db1")
            more = ["freeze-lease = 7", 'handles = "user"', "deadline.other = 7"]
            self.write(guests, "\n".join([*more, 'audit = "/nowhere/audit"']))
            self.reload("the configuration was read anew")
            self.assertGreater(stays.call("guest-file-read", handle=handle)["count"], 0)
            self.assertEqual(self.connections("db1"), session)
            self.assertIn("audit stays unsaid while this process runs", self.mux.complaints())
            # whoever connects from now on is the user: what one opens, another closes
            with self.mux.connect("db1") as first:
                handle = first.call("guest-file-open", path=str(self.config))
            with self.mux.connect("db1") as second:
                self.assertEqual(second.call("guest-file-close", handle=handle), {})

    def connections(self, name: str) -> set[str]:
        """The sockets that the agent of a guest has, its listening one and those of its host."""
        agent = self.agents[name]
        return {what for what in agent.open_files().values() if what.startswith("socket:")}

    def test_reload_before_anything(self) -> None:
        """
        A mux that is told again and again stays as it is.
        """
        with self.mux.connect("db1") as client:
            for _ in range(20):
                os.kill(self.mux.pid, signal.SIGHUP)
            self.reload("the configuration was read anew")
            self.assertEqual(client.call("guest-ping"), {})
