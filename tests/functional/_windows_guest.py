"""
A Windows guest in memory, with what QEMU's agent has there: what it is asked is checked against its
schema, there is no shell but one that is named, and paths are its own.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from txqga.errors import CommandFailed
from txqga.schema import check, shipped
from txqga.testing import ScriptedAgent
from txqga.testing._memory_files import MemoryFiles
from txqga.wire import JSON

SCHEMA = shipped().on("windows")

#: Octets of a stream that QEMU's agent keeps.
KEPT = 16 << 20

#: What ``type big`` says.
BIG = bytes(range(256)) * (KEPT // 256) + b"more"

_SYSTEM: dict[str, JSON] = {
    "id": "mswindows",
    "name": "Microsoft Windows",
    "pretty-name": "Windows Server 2022 Standard",
    "version": "Microsoft Windows Server 2022",
    "version-id": "2022",
    "variant": "server",
    "variant-id": "server",
    "kernel-release": "20348",
    "kernel-version": "10.0",
    "machine": "x86_64",
}

#: With which ``taskkill /F`` ends a program, and what Ctrl-Break does.
KILLED = 1


class WindowsGuest:
    """
    An agent of a Windows guest.

    :ivar files: what is in its files, by path.
    """

    def __init__(self) -> None:
        self.agent = ScriptedAgent()
        self.files: dict[str, bytes] = {}
        self.started: list[tuple[str, ...]] = []  #: the programs, with their arguments
        self._pids = count(4000, 4)
        self._running: dict[int, dict[str, JSON] | None] = {}  # None: it has not ended
        self._answer("guest-info", lambda said: self._info())
        self._answer("guest-get-osinfo", lambda said: _SYSTEM)
        self._answer("guest-get-host-name", lambda said: {"host-name": "WIN-1"})
        self._answer("guest-fsfreeze-status", lambda said: "thawed")
        self._answer("guest-exec", self._exec)
        self._answer("guest-exec-status", self._status)
        for command, does in MemoryFiles(self.files).answers.items():
            self._answer(command, does)

    def _answer(self, command: str, does: Callable[[Mapping[str, Any]], Any]) -> None:
        def respond(said: Mapping[str, JSON]) -> Any:
            try:
                check(SCHEMA, SCHEMA.commands[command], said)
                return does(said)
            except CommandFailed as why:
                return why

        self.agent.answer(command, respond)

    def _info(self) -> JSON:
        listed: list[JSON] = [
            {"name": each, "enabled": True, "success-response": True}
            for each in self.agent.commands
            if each in SCHEMA.commands
        ]
        return {"version": "11.1.0", "supported_commands": listed}

    def _exec(self, said: Mapping[str, Any]) -> JSON:
        argv = (said["path"], *said.get("arg", ()))
        read = b64decode(said.get("input-data", ""))
        self.started.append(argv)
        pid = next(self._pids)
        self._running[pid] = self._run(argv, read)
        return {"pid": pid}

    def _run(self, argv: Sequence[str], read: bytes) -> dict[str, JSON] | None:
        match argv:
            case ("taskkill.exe", "/F", "/T", "/PID", pid):
                self._running[int(pid)] = _ended(KILLED)
                return _ended(0, b"SUCCESS: The process has been terminated.\r\n")
            case ("cmd.exe", "/c", "ver"):
                return _ended(0, b"\r\nMicrosoft Windows [Version 10.0.20348.1]\r\n")
            case ("cmd.exe", "/c", "exit", status):
                return _ended(int(status), err=b"it is told\r\n")
            case ("cmd.exe", "/c", "type", "big"):
                return _ended(0, BIG)
            case ("more.com",):
                return _ended(0, read)
            case ("cmd.exe", "/c", "pause"):
                return None
        raise CommandFailed("Failed to execute child process (No such file or directory)")

    def _status(self, said: Mapping[str, Any]) -> JSON:
        pid = said["pid"]
        if pid not in self._running:
            raise CommandFailed(f"PID {pid} does not exist")
        if (ended := self._running[pid]) is None:
            return {"exited": False}
        del self._running[pid]
        return ended


def _ended(status: int, out: bytes = b"", err: bytes = b"") -> dict[str, JSON]:
    told: dict[str, JSON] = {"exited": True, "exitcode": status}
    for name, octets in (("out", out), ("err", err)):
        if octets:
            told[f"{name}-data"] = b64encode(octets[:KEPT]).decode("ascii")
            if len(octets) > KEPT:
                told[f"{name}-truncated"] = True
    return told
