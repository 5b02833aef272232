"""
The client that agents are measured with.

It does as little as can be done, so that what is measured is the agent: octets that were made
before, one write, and reads into one buffer until a newline is the last octet.
"""

import json
import socket
import time
from pathlib import Path
from typing import Any

from tests.functional._client import PATIENCE, request

_BUFFER = 80 << 20  #: octets: more than the longest reply that is measured


class LeanClient:
    """A connection to an agent's UNIX socket."""

    def __init__(self, path: Path | str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._buffer = memoryview(bytearray(1 << 20))

    @classmethod
    def when_there(cls, path: Path) -> "LeanClient":
        """A client of an agent that is just starting."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return cls(path)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.0005)

    def ask(self, octets: bytes) -> memoryview:
        """Send a request; its reply line, valid until the next one."""
        self._socket.sendall(octets)
        buffer, length = self._buffer, 0
        while True:
            got = self._socket.recv_into(buffer[length:])
            if not got:
                raise EOFError("the agent has gone")
            length += got
            if buffer[length - 1] == 0x0A:
                return buffer[:length]
            if length == len(buffer):
                buffer = memoryview(bytearray(min(2 * length, _BUFFER)))
                buffer[:length] = self._buffer
                self._buffer = buffer

    def call(self, command: str, **arguments: Any) -> Any:
        """
        Run a command, outside of what is measured.

        :raise RuntimeError: it was refused.
        """
        wire = {name.replace("_", "-"): value for name, value in arguments.items()}
        reply = json.loads(bytes(self.ask(request(command, wire))))
        if "return" not in reply:
            raise RuntimeError(reply)
        return reply["return"]

    def close(self) -> None:
        self._socket.close()
