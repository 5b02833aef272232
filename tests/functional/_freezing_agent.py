"""A guest that freezes nothing but a variable, one command at a time as an agent does."""

import contextlib
import json
import socket
import threading
from pathlib import Path
from typing import Any

from typing_extensions import Self

from tests.functional._client import PATIENCE

_FREEZE, _THAW = "guest-fsfreeze-freeze", "guest-fsfreeze-thaw"
_KNOWN = {_FREEZE, _THAW, "guest-fsfreeze-status", "guest-ping", "guest-sync"}


class FreezingAgent:
    """
    Listens on a UNIX socket and serves one connection after the other, as QEMU's channel does.

    What is written to it is executed even where the host has gone meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self.frozen = False
        self.ran: list[str] = []  #: what it executed, but that with which a session begins
        self._holds = ""  #: a command that is executed and not answered, until it is let go
        self._held = threading.Event()
        self._go = threading.Event()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen(1)
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._go.set()
        with contextlib.suppress(OSError):  # it may have been ended already
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        if self._client is not None:
            with contextlib.suppress(OSError):
                self._client.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)

    def hold(self, command: str) -> None:
        """Execute ``command`` the next time, and do not answer before :meth:`let_go`."""
        self._held.clear()
        self._go.clear()
        self._holds = command

    def held(self) -> None:
        """Wait until that is so."""
        assert self._held.wait(PATIENCE), f"{self._holds} was not asked for"

    def let_go(self) -> None:
        """Answer."""
        self._go.set()

    def _accept(self) -> None:
        while True:
            try:
                self._client, _ = self._listening.accept()
            except OSError:
                return
            with contextlib.suppress(OSError, ValueError), self._client:
                for line in self._client.makefile("rb"):
                    self._client.sendall(self._reply(json.loads(line.lstrip(b"\xff") or b"{}")))

    def _reply(self, message: dict[str, Any]) -> bytes:
        command, known = message.get("execute", ""), {}
        if "id" in message:
            known = {"id": message["id"]}
        if command.startswith("guest-sync"):
            mark = b"\xff" if command.endswith("delimited") else b""
            return (
                mark + json.dumps({"return": message["arguments"]["id"], **known}).encode() + b"\n"
            )
        if command not in ("guest-ping", "txqga-fence"):  # with which a session begins
            self.ran.append(command)
        reply = {**self._execute(command), **known}
        if command == self._holds:
            self._holds = ""
            self._held.set()
            self._go.wait(PATIENCE)
        return json.dumps(reply).encode() + b"\n"

    def _execute(self, command: str) -> dict[str, Any]:
        allowed = _KNOWN - {_FREEZE} if self.frozen else _KNOWN
        if command not in allowed:
            return {"error": {"class": "CommandNotFound", "desc": f"no {command} here"}}
        if command in (_FREEZE, _THAW):
            changes = self.frozen is not (command == _FREEZE)
            self.frozen = command == _FREEZE
            return {"return": 3 if changes else 0}
        if command == "guest-fsfreeze-status":
            return {"return": "frozen" if self.frozen else "thawed"}
        return {"return": {}}
