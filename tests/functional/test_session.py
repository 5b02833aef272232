"""Sessions against real guest agents."""

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGSTOP

from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import UNIXClientEndpoint
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from tests.functional._client import PATIENCE
from tests.functional._oracle import DANGEROUS, OURS, V7_2, V10_0, AgentProcess, Program, require
from txqga.errors import AgentUnavailable, CommandNotFound, OutcomeUnknown
from txqga.session import Session, SessionOptions, State, Status
from txqga.wire import JSON, Refusal, Success

CLOCK = IReactorTime(reactor)

#: patient with an agent that hangs for a moment, and quick to connect again
PATIENT = SessionOptions(
    deadline=PATIENCE, sync_timeout=PATIENCE, retry_initial=0.05, retry_max=0.2
)
#: quick to find nobody there
QUICK = SessionOptions(sync_timeout=1.0, retry_initial=0.05, retry_max=0.2)


def until(session: Session, holds: Callable[[Status], bool]) -> Deferred[None]:
    """Wait until the session's status is such."""
    reached: Deferred[None] = Deferred()

    def look(status: Status) -> None:
        if not reached.called and holds(status):
            reached.callback(None)

    unsubscribe = session.subscribe(look)
    look(session.status)
    reached.addTimeout(PATIENCE, CLOCK)
    reached.addBoth(lambda result: (unsubscribe(), result)[1])
    return reached


class SessionCase(TestCase):
    def session(self, path: Path, options: SessionOptions) -> Session:
        """A started session, which is stopped in the end."""
        session = Session(
            CLOCK, UNIXClientEndpoint(reactor, str(path)), options=options, random=Random(5)
        )
        session.start()
        self.addCleanup(session.stop)
        return session


class RealAgent(SessionCase):
    """What a session does with a real agent, of whatever version."""

    series = V7_2

    def setUp(self) -> None:
        self.agent = AgentProcess(require(self.series))
        self.addCleanup(self.agent.remove)
        self.agent.start()

    def ready(self, options: SessionOptions = PATIENT) -> Deferred[Session]:
        session = self.session(self.agent.socket, options)
        waiting = session.when_ready().addTimeout(PATIENCE, CLOCK)
        return waiting.addCallback(lambda _: session)

    async def test_c6_half_a_request_was_left(self) -> None:
        """
        Half a request of an earlier client does not spoil the first sync.
        """
        with socket.socket(socket.AF_UNIX) as earlier:
            earlier.connect(str(self.agent.socket))
            earlier.sendall(b'{"execute": "guest-file-op')
        session = await self.ready()
        self.assertEqual(await session.call("guest-ping"), {})
        self.assertEqual(session.epoch, 1)

    async def test_thousand_calls(self) -> None:
        """
        A thousand calls, made all at once, are answered each with its own answer.
        """
        session = await self.ready()
        calls = []
        for number in range(500):
            calls.append(session.call("guest-sync", {"id": number}))
            calls.append(session.call("guest-ping"))
        results = await gatherResults(calls)
        self.assertEqual(results[::2], list(range(500)))
        self.assertEqual(results[1::2], [{}] * 500)
        self.assertEqual(session.counters.connections, 1)
        self.assertEqual(dict(session.counters.protocol_errors), {})

    async def test_refusals(self) -> None:
        """
        An unknown command, a blocked one without success reply, and bad arguments are refused.
        """
        session = await self.ready()
        for name in ("guest-nonsense", "guest-shutdown"):
            await self.assertFailure(session.call(name), CommandNotFound)
        error = await self.assertFailure(session.call("guest-sync"), Exception)
        self.assertEqual(str(error), "guest-sync: Parameter 'id' is missing")

    async def test_c3b_stopped_and_continued(self) -> None:
        """
        A command given to an agent that was stopped has an unknown outcome, until the agent goes
        on and its late reply tells.
        """
        session = await self.ready()
        path = self.agent.folder / "file"
        self.agent.signal(SIGSTOP)
        call = session.call("guest-file-open", {"path": str(path), "mode": "w"}, deadline=0.2)
        unknown = await self.assertFailure(call, OutcomeUnknown)
        assert isinstance(unknown, OutcomeUnknown)
        self.assertEqual(unknown.command_class, "once")
        self.assertEqual(session.status.state, State.DESYNCED)
        await self.assertFailure(session.call("guest-ping"), AgentUnavailable)
        self.assertFalse(path.exists())
        self.agent.signal(SIGCONT)
        settled = unknown.outcome.settled().addTimeout(PATIENCE, CLOCK)
        reply = await settled
        assert isinstance(reply, Success)
        self.assertTrue(path.exists())
        await until(session, lambda status: status.state is State.READY)
        self.assertEqual(await session.call("guest-file-close", {"handle": reply.value}), {})
        self.assertEqual(session.epoch, 1)

    async def test_c11_killed_and_restarted(self) -> None:
        """
        Without an agent calls fail at once and say why; soon after it is back they work.
        """
        session = await self.ready()
        self.agent.kill()
        await until(session, lambda status: status.state is State.ABSENT)
        error = await self.assertFailure(session.call("guest-ping"), AgentUnavailable)
        assert isinstance(error, AgentUnavailable)
        self.assertEqual(error.state, "absent")
        await until(session, lambda status: "refused" in status.reason)
        self.agent.socket.unlink()
        await until(session, lambda status: "no such socket" in status.reason)
        self.agent.start()
        await until(session, lambda status: status.state is State.READY)
        self.assertEqual(await session.call("guest-ping"), {})

    async def test_c15_long_line(self) -> None:
        """
        Twelve megabytes of output come in one line, which is longer than other commands may have.
        """
        session = await self.ready()
        script = {"path": "/bin/sh", "arg": ["-c", "head -c 9000000 /dev/zero"]}
        started = await session.call("guest-exec", {**script, "capture-output": True})
        result: JSON = {"exited": False}
        while not result["exited"]:
            result = await session.call("guest-exec-status", started)
            await deferLater(CLOCK, 0.01)
        self.assertEqual(len(result["out-data"]), 12_000_000)

    async def test_c1_held_by_another(self) -> None:
        """
        While another client is served, connecting works and syncing does not; then it does.
        """
        with self.agent.connect() as other:
            other.call("guest-ping")
            session = self.session(self.agent.socket, PATIENT)
            await until(session, lambda status: status.state is State.SYNCING)
            other.call("guest-ping")
            await self.assertFailure(session.call("guest-ping"), AgentUnavailable)
        await until(session, lambda status: status.state is State.READY)
        self.assertEqual(await session.call("guest-ping"), {})
        self.assertEqual(session.epoch, 1)


class RealAgent10(RealAgent):
    """The same with the agent of QEMU 10."""

    series = V10_0


class OurAgent(RealAgent):
    """The same with our agent, which does not run what came too late."""

    series = OURS

    async def test_c3b_stopped_and_continued(self) -> None:
        """
        A command given to an agent that was stopped does not run when its caller was told that
        nobody knows; the late reply says so.
        """
        session = await self.ready()
        path = self.agent.folder / "file"
        opening = ("guest-file-open", {"path": str(path), "mode": "w"})
        self.agent.signal(SIGSTOP)
        call = session.call(*opening, deadline=0.2)
        unknown = await self.assertFailure(call, OutcomeUnknown)
        assert isinstance(unknown, OutcomeUnknown)
        self.agent.signal(SIGCONT)
        reply = await unknown.outcome.settled().addTimeout(PATIENCE, CLOCK)
        assert isinstance(reply, Refusal)
        self.assertEqual(reply.wire_class, "DeviceNotActive")
        await until(session, lambda status: status.state is State.READY)
        self.assertFalse(path.exists())
        handle = await session.call(*opening)
        self.assertTrue(path.exists())
        self.assertEqual(await session.call("guest-file-close", {"handle": handle}), {})
        self.assertEqual(session.epoch, 1)


class GhostTests(SessionCase):
    """An agent that is not there yet, on a socket that is."""

    def listen(self) -> tuple[Path, socket.socket]:
        folder = tempfile.TemporaryDirectory(prefix="qga", dir="/tmp")
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "s"
        listening = socket.socket(socket.AF_UNIX)
        self.addCleanup(listening.close)
        listening.bind(str(path))
        listening.listen(1)
        return path, listening

    def start(self, program: Program, listening: socket.socket, state: Path) -> None:
        """
        Start an agent on a socket on which connections are waiting already.

        It is started again as often as it ends: qemu-ga does when a client goes that has not read
        its reply (facts C11), as a session does whose sync is answered too late on a busy machine.
        """
        number = listening.fileno()
        once = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
        script = f"exec 3<&{number}; while sh -c '{once}' sh \"$@\"; do :; done"
        options = ["-t", str(state), "-b", ",".join(DANGEROUS)]
        process = subprocess.Popen(
            ["/bin/sh", "-c", script, "sh", *program.argv, *options],
            pass_fds=[number],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.addCleanup(process.wait)
        self.addCleanup(os.killpg, process.pid, signal.SIGKILL)

    async def test_c2_no_ghost_commands(self) -> None:
        """
        A file that was to be opened for writing before the agent had started is not opened when
        it starts: nothing but syncs was waiting for it.
        """
        program = require(V7_2)
        path, listening = self.listen()
        session = self.session(path, QUICK)
        file = path.parent / "ghost"
        arguments = {"path": str(file), "mode": "w"}
        for state in (State.SYNCING, State.HELD, State.ABSENT):
            await until(session, lambda status, state=state: status.state is state)  # type: ignore[misc]
            await self.assertFailure(session.call("guest-file-open", arguments), AgentUnavailable)
        self.assertIn("takes no more connections", session.status.reason)
        self.start(program, listening, path.parent)
        await until(session, lambda status: status.state is State.READY)
        await session.call("guest-ping")
        self.assertFalse(file.exists())
        handle = await session.call("guest-file-open", arguments)
        self.assertTrue(file.exists())
        await session.call("guest-file-close", {"handle": handle})
