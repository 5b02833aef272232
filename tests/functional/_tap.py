"""A tap on the wire between a mux and an agent: what passes is seen, and can be held up."""

import contextlib
import socket
import threading
import time
from pathlib import Path

from typing_extensions import Self

from tests.functional._client import PATIENCE


class Tap:
    """
    Listens where the mux connects, and connects to the agent for it.

    ``asked`` is all that the mux has written to the agent, of all connections; ``answered`` is
    what the agent has said.
    """

    def __init__(self, path: Path, agent: Path) -> None:
        self.asked = bytearray()
        self.answered = bytearray()
        self._agent = agent
        self._flows = threading.Event()  #: whether the agent's words reach the mux
        self._flows.set()
        self._sockets: list[socket.socket] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen(8)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        for each in (self._listening, *self._sockets):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def hold(self) -> None:
        """Keep back what the agent says."""
        self._flows.clear()

    def release(self) -> None:
        """Let it pass again."""
        self._flows.set()

    def wait_for(self, octets: bytes) -> None:
        """Wait until the mux has written this to the agent."""
        deadline = time.monotonic() + PATIENCE
        while octets not in self.asked:
            assert time.monotonic() < deadline, bytes(self.asked)
            time.sleep(0.001)

    def _start(self, work: object, *arguments: object) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()  # type: ignore[arg-type]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                mux, _ = self._listening.accept()
                agent = socket.socket(socket.AF_UNIX)
                self._sockets += [mux, agent]
                try:
                    agent.connect(str(self._agent))
                except OSError:
                    mux.close()
                    continue
                self._start(self._ask, mux, agent)
                self._start(self._answer, agent, mux)

    def _ask(self, mux: socket.socket, agent: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while octets := mux.recv(1 << 16):
                self.asked += octets
                agent.sendall(octets)
        _end(agent)

    def _answer(self, agent: socket.socket, mux: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while octets := agent.recv(1 << 16):
                self.answered += octets
                self._flows.wait()
                mux.sendall(octets)
        _end(mux)


def _end(other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
