"""Guests, for programs, whose agents are real."""

import contextlib
import shutil
import sys
import tempfile
from pathlib import Path
from signal import SIGSTOP
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._freezing_agent import FreezingAgent
from tests.functional._mux_embedded import EmbeddedMux
from tests.functional._mux_process import MuxProcess
from tests.functional._oracle import OURS, V7_2, V10_0, AgentProcess, require
from tests.functional._process import Process
from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    InvalidArguments,
    OutcomeUnknown,
)
from txqga.guest import Guest, HostCommand, Quiesced, while_frozen
from txqga.guest.types import GuestExec, QGASeek
from txqga.mux import VM, Caller, Mux
from txqga.schema import CommandClass, command_class, extended
from txqga.session import SessionOptions
from txqga.testing import MemoryGuest

CLOCK = IReactorTime(reactor)

PATIENT = SessionOptions(
    deadline=PATIENCE, sync_timeout=PATIENCE, retry_initial=0.05, retry_max=0.2
)


#: freezes a guest, says so, and waits for ever
_FREEZES = """
import sys
from twisted.internet import task
from twisted.internet.defer import Deferred
from txqga.guest import Guest, while_frozen

async def main(reactor, folder, seconds):
    async with Guest.at_mux(reactor, "db1", folder=folder) as guest:
        await guest.wait_ready(60)
        await while_frozen(reactor, guest, work, owner="a test", seconds=float(seconds))

def work():
    print("frozen", flush=True)
    return Deferred()

task.react(lambda reactor: Deferred.fromCoroutine(main(reactor, *sys.argv[1:])))
"""


class Freezing(Process):
    """A program that freezes a guest."""

    def ready(self) -> bool:
        return "frozen" in self.complaints()


class Case(TestCase):
    async def failure(self, asked: Deferred[Any], *kinds: type[Exception]) -> Any:
        """Give what a call fails with."""
        return await self.assertFailure(asked, *kinds)

    async def files(self, guest: Guest, path: str) -> None:
        """What is true of a guest's files, be it a real one or one in memory."""
        await self.failure(guest.file_open(path), CommandFailed)
        octets = bytes(range(256)) * 300
        handle = await guest.file_open(path, mode="w+")
        self.assertEqual((await guest.file_write(handle, octets)).count, len(octets))
        self.assertEqual((await guest.file_seek(handle, 0, QGASeek.SET)).position, 0)
        read = await guest.file_read(handle, count=len(octets) + 1)
        self.assertEqual((read.buf, read.count, read.eof), (octets, len(octets), True))
        self.assertEqual((await guest.file_seek(handle, -2, "end")).position, len(octets) - 2)
        await guest.file_write(handle, b"xyz", count=2)
        await guest.file_flush(handle)
        await guest.file_seek(handle, 254, "set")
        await guest.file_seek(handle, 1, "cur")
        read = await guest.file_read(handle, count=2)
        self.assertEqual((read.buf, read.eof), (b"\xff\x00", False))
        await guest.file_close(handle)
        why = await self.failure(guest.file_close(handle), CommandFailed)
        self.assertEqual(why.desc, f"handle '{handle}' has not been found")
        handle = await guest.file_open(path, mode="a+")
        await guest.file_write(handle, b"!")
        await guest.file_close(handle)
        handle = await guest.file_open(path)
        read = await guest.file_read(handle, count=len(octets) + 2)
        self.assertEqual(read.buf, octets[:-2] + b"xy!")
        await guest.file_close(handle)


class GuestTests(Case):
    """A guest that is asked directly, whose agent is QEMU's 7.2."""

    series = V7_2

    def setUp(self) -> None:
        self.agent = AgentProcess(require(self.series))
        self.addCleanup(self.agent.remove)
        self.agent.start()

    async def ready(self) -> Guest:
        """A guest that can be asked."""
        guest = self.make()
        self.addCleanup(guest.close)
        await guest.wait_ready(PATIENCE)
        return guest

    def make(self) -> Guest:
        return Guest.connect(reactor, f"unix:{self.agent.socket}", name="db1", options=PATIENT)

    async def test_everything_that_reads(self) -> None:
        """
        Whatever the agent tells of its machine is of the types that it is said to be.
        """
        guest = await self.ready()
        capabilities = await guest.capabilities()
        self.assertIn("guest-ping", capabilities.commands)
        asked = 0
        for name, command in extended().commands.items():
            is_read = command_class(extended(), name, {}) is CommandClass.READ
            if not is_read or any(not each.optional for each in command.arguments):
                continue
            if not capabilities.missing([name]):
                method: Any = getattr(guest, name.removeprefix("guest-").replace("-", "_"))
                with contextlib.suppress(CommandFailed):  # such as: there are no memory blocks here
                    await method()
                asked += 1
        self.assertGreater(asked, 10)

    async def test_files(self) -> None:
        """
        Octets are written and read as they are, wherever in the file.
        """
        await self.files(await self.ready(), str(self.agent.folder / "file"))

    async def test_program(self) -> None:
        """
        A program is given octets, and gives some.
        """
        guest = await self.ready()
        started = await guest.exec("cat", input_data=b"\x00\xff", capture_output=True)
        self.assertIsInstance(started, GuestExec)
        while not (status := await guest.exec_status(started.pid)).exited:
            await deferLater(reactor, 0.01)
        self.assertEqual((status.exitcode, status.out_data), (0, b"\x00\xff"))

    async def test_errors(self) -> None:
        """
        What goes wrong is told apart: refused, not there, not fitting.
        """
        guest = await self.ready()
        await self.failure(guest.file_open("/no/such/file"), CommandFailed)
        await self.failure(guest.shutdown(), CommandNotFound)
        wrong: Any = 7
        await self.failure(guest.file_open(wrong), InvalidArguments)
        self.assertIs(await guest.supports("guest-shutdown"), False)
        self.assertIs(await guest.supports("guest-exec", "guest-file-open"), True)
        missing = await self.failure(guest.require("guest-shutdown"), CommandNotFound)
        self.assertEqual(missing.command, "guest-shutdown")

    async def test_agent_goes(self) -> None:
        """
        An agent that has gone is told of, as often as it is asked.
        """
        guest = await self.ready()
        self.agent.kill()
        while guest.status.state.is_ready:
            await deferLater(reactor, 0.01)
        for _ in range(2):
            await self.failure(guest.exec("true"), AgentUnavailable)
        await self.failure(guest.wait_ready(0.1), AgentUnavailable)


class RealAgent10Tests(GuestTests):
    series = V10_0


class OurAgentTests(GuestTests):
    series = OURS


class ThroughMuxTests(GuestTests):
    """A guest that is asked through a mux of another process."""

    series = OURS

    def setUp(self) -> None:
        super().setUp()
        self.mux = MuxProcess({"db1": self.agent.socket})
        self.addCleanup(self.mux.remove)
        self.mux.start()

    def make(self) -> Guest:
        return Guest.at_mux(reactor, "db1", folder=self.mux.served, options=PATIENT)

    async def test_as_to_any_agent(self) -> None:
        """
        The mux's socket is as good as an agent's.
        """
        guest = Guest.connect(reactor, f"unix:{self.mux.socket('db1')}")
        self.addCleanup(guest.close)
        await guest.wait_ready(PATIENCE)
        await guest.ping()

    async def test_agent_goes(self) -> None:
        """
        An agent that has gone is told of by the mux, as it would be without one.
        """
        guest = await self.ready()
        self.agent.kill()
        why: Any = None
        while why is None:
            try:
                await guest.ping()
            except (AgentUnavailable, OutcomeUnknown) as failed:
                why = failed
        why = await self.failure(guest.exec("true"), AgentUnavailable)
        self.assertEqual(why.state, "absent")


class GivenUpTests(Case):
    async def test_outcome(self) -> None:
        """
        A command that the mux has given up may have run, and is an unknown outcome here too.
        """
        agent = AgentProcess(require(V7_2))
        self.addCleanup(agent.remove)
        agent.start()
        mux = EmbeddedMux({"db1": agent.socket}, 1.0)
        self.addCleanup(mux.remove)
        mux.start()
        guest = Guest.at_mux(reactor, "db1", folder=mux.served, options=PATIENT)
        self.addCleanup(guest.close)
        await guest.wait_ready(PATIENCE)
        agent.signal(SIGSTOP)
        why = await self.failure(guest.exec("true"), OutcomeUnknown)
        self.assertEqual((why.command, why.command_class), ("guest-exec", "once"))
        self.assertIs(await why.outcome.settled(), None)


class KilledTests(Case):
    def setUp(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, folder)
        self.agent = FreezingAgent(folder / "s")
        self.agent.__enter__()
        self.addCleanup(self.agent.__exit__)
        self.mux = MuxProcess({"db1": folder / "s"})
        self.addCleanup(self.mux.remove)
        self.mux.start()

    def freeze(self, seconds: float) -> Process:
        """Start a program that freezes the guest through the mux, and works for ever."""
        argv = [sys.executable, "-c", _FREEZES, str(self.mux.served), str(seconds)]
        program = Freezing(argv)
        self.addCleanup(program.remove)
        program.start()
        self.assertTrue(self.agent.frozen)
        return program

    async def test_program_is_killed(self) -> None:
        """
        A guest that a program has frozen through a mux is thawed at the time that the program
        has said, when nobody is there any more to do it.
        """
        self.freeze(2.0).kill()
        while self.agent.frozen:
            await deferLater(reactor, 0.01)

    async def test_program_is_stopped(self) -> None:
        """
        A program that is told to end thaws what it has frozen first.
        """
        self.freeze(600.0).stop()
        self.assertFalse(self.agent.frozen)


class InMuxTests(GuestTests):
    """A guest of a mux in this process."""

    def setUp(self) -> None:
        super().setUp()
        self.mux = Mux(
            reactor, [VM("db1", f"unix:{self.agent.socket}")], self.agent.folder / "served"
        )
        self.mux.startService()
        self.addCleanup(self.mux.stopService)

    def make(self) -> Guest:
        return Guest.of_mux(CLOCK, self.mux, "db1", Caller("a test"))


class InMemoryTests(Case):
    async def test_files(self) -> None:
        """
        The files of a guest in memory are as those of a real one.
        """
        await self.files(MemoryGuest(), "/file")


class HostCommandTests(Case):
    def setUp(self) -> None:
        self.guest = MemoryGuest()

    def during(self, *argv: str) -> Deferred[Quiesced[int]]:
        command = HostCommand(reactor, argv)
        return while_frozen(reactor, self.guest, command, owner="a test")

    async def test_status(self) -> None:
        """
        A command of this host is run while the guest holds still, and tells its exit status.
        """
        done = await self.during("sh", "-c", "exit 3")
        self.assertEqual(done.result, 3)
        self.assertIn("guest-fsfreeze-freeze", self.guest.executed)
        self.assertFalse(self.guest.is_frozen)

    async def test_cancelled(self) -> None:
        """
        A command that nobody waits for any more is ended, and the guest is thawed.
        """
        with tempfile.TemporaryDirectory() as folder:
            began, ended = Path(folder) / "began", Path(folder) / "ended"
            trap = f"trap 'touch {ended}; exit' TERM"
            script = f"{trap}; echo $$ > {began}; while :; do sleep 0.01; done"
            asked = self.during("sh", "-c", script)
            while not (began.exists() and began.read_text()):
                await deferLater(reactor, 0.01)
            self.assertTrue(self.guest.is_frozen)
            asked.cancel()
            await self.failure(asked, CancelledError)
            self.assertFalse(self.guest.is_frozen)
            while Path(f"/proc/{began.read_text().strip()}").exists():
                await deferLater(reactor, 0.01)
            self.assertTrue(ended.exists())
