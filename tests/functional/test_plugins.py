"""Command plug-ins of our agent as a process: those of this project, and those of others."""

import os
import signal
import subprocess
from pathlib import Path
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from tests.functional._client import PATIENCE, request
from tests.functional._oracle import OURS, AgentProcess, require
from tests.functional._process import environment

#: everything a plug-in may do, in one
SCHEMA = """
{ 'command': 'x-later', 'data': { 'text': 'str' }, 'returns': 'str' }
{ 'command': 'x-read', 'data': { 'path': 'str' }, 'returns': 'str' }
{ 'command': 'x-wrong', 'returns': 'int' }
{ 'command': 'x-exit' }
"""
COMMANDS = """
import sys
import threading

from twisted.internet import reactor
from twisted.internet.task import deferLater

from txqga.agent.plugins import blocking, failing

print("loaded")


async def x_later(text):
    await deferLater(reactor, 0)
    return text.upper()


@blocking
def x_read(path):
    with failing("cannot read"), open(path) as file:
        return file.read() + threading.current_thread().name


def x_wrong():
    return "one"


def x_exit():
    sys.exit(7)
"""


class PluginsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.agent = AgentProcess(require(OURS))
        self.addCleanup(self.agent.remove)
        self.folder = self.agent.folder / "plugins"
        self.folder.mkdir()
        self.agent.argv += [f"--plugins={self.folder}:{ROOT / 'plugins'}"]

    def write(self, name: str, schema: str = SCHEMA, commands: str = COMMANDS) -> Path:
        folder = self.folder / name
        folder.mkdir()
        (folder / "schema.json").write_text(schema)
        (folder / "commands.py").write_text(commands)
        return folder

    def listed(self) -> list[str]:
        """What ``-b help`` says."""
        done = subprocess.run(
            [*self.agent.argv, "-b", "help"],
            capture_output=True,
            env=environment(),
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout.splitlines()

    def test_ours(self) -> None:
        """
        The plug-ins of this project are served as every command is, and listed everywhere.
        """
        self.agent.start()
        with self.agent.connect() as client:
            told = client.call("guest-get-statvfs", path="/proc")
            self.assertEqual(told["f_namemax"], os.statvfs("/proc").f_namemax)
            memory = client.call("txqga-get-meminfo")
            self.assertGreater(memory["mem-total"], memory["mem-free"])
            self.assertEqual(client.call("txqga-info")["plugins"], ["meminfo", "statvfs"])
            for arguments, desc in (
                ({"path": "/nonexistent"}, "Failed to get statvfs: No such file or directory"),
                ({}, "Parameter 'path' is missing"),
                ({"path": 5}, "Invalid parameter type for 'path', expected: string"),
                ({"path": "/", "more": 5}, "Parameter 'more' is unexpected"),
            ):
                refused = client.ask(request("guest-get-statvfs", arguments))
                self.assertEqual(refused["error"], {"class": "GenericError", "desc": desc})
            names = [each["name"] for each in client.call("guest-info")["supported_commands"]]
        self.assertEqual(names[::-1], self.listed())
        self.assertEqual(names[:2], ["guest-get-statvfs", "txqga-get-meminfo"])

    def test_blocked(self) -> None:
        """
        A plug-in's command can be blocked as any other.
        """
        self.agent.argv += ["-b", "guest-get-statvfs"]
        self.agent.start()
        with self.agent.connect() as client:
            refused = client.ask(request("guest-get-statvfs", {"path": "/"}))
            self.assertEqual(refused["error"]["class"], "CommandNotFound")
            listed = client.call("guest-info")["supported_commands"]
        enabled = {each["name"]: each["enabled"] for each in listed}
        self.assertFalse(enabled["guest-get-statvfs"])
        self.assertTrue(enabled["txqga-get-meminfo"])

    def test_kinds(self) -> None:
        """
        A function may wait, or block; and what it does wrong costs its caller, not the agent.
        """
        folder = self.write("mine")
        file = self.agent.folder / "file"
        file.write_text("hello ")
        self.agent.start()
        with self.agent.connect() as client:
            self.assertEqual(client.call("x-later", text="hello"), "HELLO")
            self.assertEqual(client.call("x-read", path=str(file)), "hello blocking commands")
            refused = client.ask(request("x-read", {"path": "/nonexistent"}))
            desc = "cannot read: No such file or directory"
            self.assertEqual(refused["error"]["desc"], desc)
            for command in ("x-wrong", "x-exit"):
                refused = client.ask(request(command))
                self.assertEqual(
                    refused["error"]["desc"],
                    f"internal error of the agent in {command}, see its log",
                )
            self.assertEqual(client.call("guest-sync", id=5), 5)
        self.assertIn("x-later", self.listed())
        self.assertNotIn("loaded", self.listed())
        self.assertIn("integer expected, string found", self.agent.complaints())
        self.assertEqual({each.name for each in folder.iterdir()}, {"schema.json", "commands.py"})
        self.assertEqual(self.agent.stop(), 0)

    def test_bad_ones(self) -> None:
        """
        Plug-ins that are wrong are named in the log with their faults; the others are served.
        """
        self.write("a", "{ 'command': 'x-a' }\n{ 'command': 'guest-ping' }", "")
        self.write("b", "{ 'command': 'x-b' }", "import nothing_of_that_name")
        self.write("c", "{ 'command': 'x-c' }", "raise SystemExit")
        self.write("d")
        self.agent.start()
        with self.agent.connect() as client:
            plugins = client.call("txqga-info")["plugins"]
        self.assertEqual(plugins, ["d", "meminfo", "statvfs"])
        said = self.agent.complaints()
        for fault in (
            f"plug-in a is not loaded: {self.folder}/a/schema.json:2: 'guest-ping' is defined",
            f"plug-in b is not loaded: {self.folder}/b/commands.py:1: ModuleNotFoundError",
            f"plug-in c is not loaded: {self.folder}/c/commands.py:1: SystemExit",
        ):
            self.assertIn(fault, said)

    def test_others_folder(self) -> None:
        """
        An agent that is root loads nothing that another user could have written.
        """
        if os.geteuid() != 0:
            raise SkipTest("not root: whoever runs the agent trusts himself")
        nobody = 65534
        self.write("a")
        self.write("b", "{ 'command': 'x-b' }", "def x_b(): pass\n").chmod(0o757)
        (self.folder / "c").symlink_to(self.agent.cwd)
        os.chown(self.agent.cwd, nobody, nobody)
        os.chown(self.folder / "a" / "commands.py", nobody, nobody)
        self.agent.start()
        with self.agent.connect() as client:
            plugins = client.call("txqga-info")["plugins"]
        self.assertEqual(plugins, ["meminfo", "statvfs"])
        said = self.agent.complaints()
        self.assertIn(f"a/commands.py belongs to user {nobody}", said)
        self.assertIn(f"{self.folder}/b can be written by others", said)
        self.assertIn(f"{self.agent.cwd} belongs to user {nobody}", said)

    def test_told_to_stop(self) -> None:
        """
        A blocking function that hangs keeps the agent from nothing but that.
        """
        fifo = self.agent.folder / "fifo"
        os.mkfifo(fifo)
        self.write("mine")
        self.agent.start()
        with self.agent.connect() as client:
            client.send(request("x-read", {"path": str(fifo)}))
            # opened by us as soon as the thread waits for that; it waits for octets then
            with fifo.open("wb"):
                self.agent.signal(signal.SIGTERM)
                self.assertEqual(self.agent.wait(), 0)
