"""
QEMU's agent in a Windows, scripted: what ``qga/commands-win32.c`` does, where it differs.

What it is asked is checked against the schema that it has there. A file is open to several readers
or to one writer, the end of a file is told by an empty read, names do not mind their case; there is
no shell, and a process number is given again as soon as the agent has told what became of its
program.
"""

import ntpath
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from attrs import define, field

from txqga.errors import CommandFailed
from txqga.schema import check, shipped
from txqga.testing import ScriptedAgent
from txqga.wire import JSON

SCHEMA = shipped().on("windows")

KEPT = 16 * 1024 * 1024  #: ``GUEST_EXEC_MAX_OUTPUT``

Said = Mapping[str, Any]


@define
class _Open:
    path: str
    writes: bool
    position: int = 0


@define
class Ran:
    """A program that was started."""

    argv: list[str]
    pid: int
    input: bytes
    ended: dict[str, JSON] | None = None

    def end(self, code: int = 0, out: bytes = b"", err: bytes = b"") -> None:
        said: dict[str, JSON] = {"exitcode": code}
        for name, octets in (("out", out), ("err", err)):
            if octets:
                said[f"{name}-data"] = b64encode(octets[:KEPT]).decode()
                said[f"{name}-truncated"] = len(octets) > KEPT
        self.ended = said


@define(eq=False)
class Windows:
    """
    A Windows with QEMU's agent in it.

    :param programs: what each does when it is started; what is not there cannot be started.
    """

    programs: dict[str, Callable[[Ran], object]]
    agent: ScriptedAgent = field(factory=ScriptedAgent, init=False)
    files: dict[str, bytes] = field(factory=dict, init=False)  #: by path, in small letters
    started: list[Ran] = field(factory=list, init=False)
    takes: int = field(default=1 << 30, init=False)  #: octets that one write takes
    _open: dict[int, _Open] = field(factory=dict, init=False)
    _handles: Any = field(factory=lambda: count(1000), init=False)
    _running: dict[int, Ran] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.programs["taskkill.exe"] = self._taskkill
        self._serve("guest-file-open", self._open_file)
        for name in ("close", "read", "write", "seek", "flush"):
            self._serve(f"guest-file-{name}", getattr(self, f"_{name}"))
        self._serve("guest-exec", self._exec)
        self._serve("guest-exec-status", self._exec_status)
        osinfo = {"id": "mswindows", "kernel-release": "20348", "pretty-name": "Windows Server"}
        self.agent.answer("guest-get-osinfo", osinfo)
        self.agent.answer("guest-info", self._info)
        self.agent.answer("guest-get-host-name", {"host-name": "WIN-1"})

    @property
    def open_files(self) -> list[str]:
        """What is open."""
        return [each.path for each in self._open.values()]

    def _serve(self, command: str, does: Callable[[Said], JSON]) -> None:
        def answer(said: Said) -> Any:
            try:
                check(SCHEMA, SCHEMA.commands[command], said)
                return does(said)
            except CommandFailed as why:
                return why

        self.agent.answer(command, answer)

    def _info(self, said: Said) -> JSON:
        every = [
            {"name": each, "enabled": True, "success-response": True}
            for each in self.agent.commands
        ]
        return {"version": "9.2.0", "supported_commands": every}

    # -- files

    def _open_file(self, said: Said) -> JSON:
        path, mode = said["path"], said.get("mode", "r")
        writes = mode[0] != "r" or "+" in mode
        drive, rest = ntpath.splitdrive(path)
        if not drive or any(each in rest for each in '<>:"|?*'):
            raise CommandFailed(f"failed to open file '{path}': The filename is incorrect.")
        name = ntpath.normpath(path).lower()
        if any(each.path == name and (writes or each.writes) for each in self._open.values()):
            raise CommandFailed(f"failed to open file '{path}': another process is using it")
        if mode[0] == "r" and name not in self.files:
            raise CommandFailed(f"failed to open file '{path}': The system cannot find the file.")
        if mode[0] == "w":
            self.files[name] = b""
        handle: int = next(self._handles)
        self._open[handle] = _Open(name, writes)
        return handle

    def _file(self, said: Said) -> _Open:
        found = self._open.get(said["handle"])
        if found is None:
            raise CommandFailed(f"handle '{said['handle']}' has not been found")
        return found

    def _close(self, said: Said) -> JSON:
        self._file(said)
        del self._open[said["handle"]]
        return {}

    def _read(self, said: Said) -> JSON:
        file = self._file(said)
        octets = self.files[file.path][file.position :][: said.get("count", 4096)]
        file.position += len(octets)
        told = b64encode(octets).decode()
        return {"count": len(octets), "buf-b64": told, "eof": not octets}

    def _write(self, said: Said) -> JSON:
        file = self._file(said)
        if not file.writes:
            raise CommandFailed("failed to write to file: Access is denied.")
        octets = b64decode(said["buf-b64"])[: self.takes]
        there = self.files[file.path]
        end = file.position + len(octets)
        self.files[file.path] = there[: file.position] + octets + there[end:]
        file.position = end
        return {"count": len(octets), "eof": False}

    def _seek(self, said: Said) -> JSON:
        file = self._file(said)
        base = {"set": 0, "cur": file.position, "end": len(self.files[file.path])}[said["whence"]]
        file.position = base + said["offset"]
        return {"position": file.position, "eof": False}

    def _flush(self, said: Said) -> JSON:
        self._file(said)
        return {}

    # -- programs

    def _exec(self, said: Said) -> JSON:
        does = self.programs.get(ntpath.basename(said["path"]).lower())
        if does is None:
            raise CommandFailed("Failed to execute child process (No such file or directory)")
        pid = next(each for each in count(4, 4) if each not in self._running)
        argv = [said["path"], *said.get("arg", ())]
        ran = Ran(argv, pid, b64decode(said.get("input-data", "")))
        self._running[pid] = ran
        self.started.append(ran)
        does(ran)
        return {"pid": pid}

    def _exec_status(self, said: Said) -> JSON:
        ran = self._running.get(said["pid"])
        if ran is None:
            raise CommandFailed(f"PID {said['pid']} does not exist")
        if ran.ended is None:
            return {"exited": False}
        del self._running[said["pid"]]
        return {"exited": True, **ran.ended}

    def _taskkill(self, ran: Ran) -> None:
        victim = self._running.get(int(ran.argv[-1]))
        if victim is None or victim.ended is not None:
            ran.end(128, err=b"ERROR: The process was not found.\r\n")
        else:
            victim.end(1)
            ran.end()
