"""The machine monitor's protocol, as far as the tests of a virtual machine need it."""

import json
import socket
import time
from pathlib import Path
from typing import Any

from tests.vm._patience import PATIENCE


class Qmp:
    """A connection to QEMU's own socket; the events that come are kept."""

    def __init__(self, path: Path) -> None:
        self.events: list[dict[str, Any]] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(str(path))
        self._file = self._socket.makefile("rb")
        self._next()
        self.call("qmp_capabilities")

    def call(self, command: str, **arguments: Any) -> Any:
        """
        Run one command.

        :return: the value of ``return``.
        :raise AssertionError: QEMU refused.
        """
        request = {"execute": command, "arguments": arguments}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        while "event" in (message := self._next()):
            self.events.append(message)
        assert "return" in message, message
        return message["return"]

    def forget(self) -> None:
        """Drop the events that came so far: what is waited for happens from now on."""
        self.call("query-status")  # whatever was before is among them now
        self.events.clear()

    def wait(self, event: str, **data: Any) -> dict[str, Any]:
        """Wait for an event with these data, among those that nobody has taken yet; take it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            for each in self.events:
                if each["event"] == event and data.items() <= each.get("data", {}).items():
                    self.events.remove(each)
                    return each
            assert time.monotonic() < deadline, f"no {event}: {self.events}"
            self.events.append(self._next())

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _next(self) -> dict[str, Any]:
        line = self._file.readline()
        assert line, "QEMU has gone"
        message = json.loads(line)
        assert isinstance(message, dict)
        return message
