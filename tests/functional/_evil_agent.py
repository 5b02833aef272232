"""
A guest that means no good: it answers the first syncs, and then says what it was told to say.

It runs in threads, so that a test can be busy being a client at the same time.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from typing_extensions import Self

#: What it says to a command, in pieces: made anew for each connection.
Speech: TypeAlias = Iterable[bytes]


def again_and_again(octets: bytes, total: int) -> Iterator[bytes]:
    """That many octets, in large pieces."""
    piece = octets * (max(1, (1 << 16) // len(octets)))
    sent = 0
    while sent < total:
        yield piece
        sent += len(piece)


class EvilAgent:
    """
    Listens on a UNIX socket, serves any number of connections.

    :param answer: what to say to each command with which no session begins.
    :param at_once: what to say before anything was asked.
    """

    def __init__(self, path: Path, answer: bytes | Speech = b"", at_once: bytes = b"") -> None:
        self._answer = answer
        self._at_once = at_once
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen(8)
        self._clients: list[socket.socket] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for client in self._clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._clients.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), client.makefile("rb") as lines:
            client.sendall(self._at_once)
            for line in lines:
                message = json.loads(line.lstrip(b"\xff") or b"{}")
                for piece in self._reply(message):
                    client.sendall(piece)

    def _reply(self, message: dict[str, object]) -> Speech:
        known = {"id": message["id"]} if "id" in message else {}
        match message.get("execute"):
            case "guest-sync-delimited" | "guest-sync" as command:
                arguments = message["arguments"]
                assert isinstance(arguments, dict)
                mark = b"\xff" if command.endswith("delimited") else b""
                return [mark + json.dumps({"return": arguments["id"], **known}).encode() + b"\n"]
            case "guest-ping":
                return [json.dumps({"return": {}, **known}).encode() + b"\n"]
            case "txqga-fence":  # with which a session asks whether ids come back
                why = {"class": "CommandNotFound", "desc": "what?"}
                return [json.dumps({"error": why, **known}).encode() + b"\n"]
            case "guest-fsfreeze-status":  # which a mux asks by itself
                return [json.dumps({"return": "thawed", **known}).encode() + b"\n"]
            case None:
                return []
        return [self._answer] if isinstance(self._answer, bytes) else self._answer
