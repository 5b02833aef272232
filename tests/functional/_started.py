"""Our exec family with real programs and the real reactor: what its tests have in common."""

import base64
import contextlib
import re
import time
from collections import Counter
from pathlib import Path

from attrs import define
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from txqga.agent._family import Encoded
from txqga.agent.families._exec import Exec
from txqga.errors import CommandFailed
from txqga.wire import JSON, decode

PATIENCE = 60.0  #: seconds


@define
class Done:
    """What came of a program."""

    exitcode: int | None
    signal: int | None
    out: bytes
    err: bytes
    truncated: list[str]


class ProgramTestCase(TestCase):
    timeout = 2 * PATIENCE

    def setUp(self) -> None:
        from twisted.internet import reactor

        self.reactor = reactor
        self.exec = self.make()
        self.addCleanup(self.exec.close)
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()

    def make(self) -> Exec:
        return Exec(self.reactor)

    def call(self, command: str, **arguments: JSON) -> JSON:
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        value = self.exec.commands()[command].function(wire)
        return decode(value.octets) if isinstance(value, Encoded) else value

    def start(self, path: str, *words: str, **arguments: JSON) -> int:
        reply = self.call("guest-exec", path=path, arg=list(words), **arguments)
        return int(reply["pid"])

    def shell(self, script: str, **arguments: JSON) -> int:
        arguments.setdefault("capture_output", True)
        return self.start("/bin/sh", "-c", script, **arguments)

    def refused(self, path: str, *words: str, **arguments: JSON) -> str:
        with self.assertRaises(CommandFailed) as caught:
            self.start(path, *words, **arguments)
        return str(caught.exception.desc)

    def program(self, content: str, mode: int = 0o755) -> Path:
        path = self.folder / "program"
        path.write_text(content)
        path.chmod(mode)
        return path

    async def pause(self) -> None:
        await deferLater(self.reactor, 0.002)

    async def until_gone(self, pid: int) -> None:
        """Wait until there is not even a zombie of it."""
        await self.until(lambda: not Path(f"/proc/{pid}").exists())

    async def until(self, met: object) -> None:
        assert callable(met)
        deadline = time.monotonic() + PATIENCE
        while not met():
            self.assertLess(time.monotonic(), deadline)
            await self.pause()

    async def done(self, pid: int) -> Done:
        """Ask until it is over."""
        deadline = time.monotonic() + PATIENCE
        while not (status := self.call("guest-exec-status", pid=pid))["exited"]:
            self.assertEqual(status, {"exited": False})
            self.assertLess(time.monotonic(), deadline)
            await self.pause()
        for name in ("out", "err"):
            self.assertEqual(f"{name}-data" in status, f"{name}-truncated" in status)
        return Done(
            status.get("exitcode"),
            status.get("signal"),
            base64.b64decode(status.get("out-data", "")),
            base64.b64decode(status.get("err-data", "")),
            [name for name in ("out", "err") if status.get(f"{name}-truncated")],
        )

    async def output(self, script: str, **arguments: JSON) -> str:
        """What a script writes."""
        done = await self.done(self.shell(script, **arguments))
        self.assertEqual((done.exitcode, done.err), (0, b""))
        return done.out.decode()


def open_files() -> Counter[str]:
    """What is open in this process, by kind."""
    found: Counter[str] = Counter()
    for link in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(FileNotFoundError):  # what has listed the folder
            found[re.sub(r"\d+", "", str(link.readlink()))] += 1
    return found
