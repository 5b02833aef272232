"""A client that knows nothing of txqga: a socket, a line of JSON out, a line of JSON in."""

import json
import socket
import time
from pathlib import Path
from typing import Any

PATIENCE = 60.0  #: seconds to wait for anything at all


class Client:
    """One connection to a guest's socket."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request and wait for the reply."""
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        line = self._lines.readline()
        if not line:
            raise ConnectionError("the connection was closed")
        reply: dict[str, Any] = json.loads(line)
        return reply


def until_answered(path: Path, ended: Any) -> float:
    """
    Ping whoever listens at ``path`` until a reply is a good one.

    :param ended: called now and then; raises when there is nothing left to wait for.
    :return: the seconds it took.
    """
    began = time.monotonic()
    while True:
        ended()
        try:
            client = Client(path)
            try:
                if "return" in client.ask({"execute": "guest-ping"}):
                    return time.monotonic() - began
            finally:
                client.close()
        except OSError:  # not there yet
            pass
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"{path}: no answer in {PATIENCE:.0f} s")
        time.sleep(0.05)
