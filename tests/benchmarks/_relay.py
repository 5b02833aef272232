"""
The least that can stand between a client and an agent: octets go on as they come, unseen.

``python -m tests.benchmarks._relay PATH AGENT`` serves one client at a time at PATH.
"""

import selectors
import socket
import subprocess
import sys
from pathlib import Path

from typing_extensions import Self

from tests.functional._process import environment

#: Octets taken at a time: more than a socket holds, as Linux has it by default.
_BUFFER = 1 << 18


class Relay:
    """Its process, in front of an agent's socket."""

    def __init__(self, path: Path, agent: Path) -> None:
        self.path = path
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(path), str(agent)], env=environment()
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


def _pass_on(client: socket.socket, agent: socket.socket) -> None:
    others = {client: agent, agent: client}
    buffer = memoryview(bytearray(_BUFFER))
    with selectors.DefaultSelector() as selector:
        for each in others:
            selector.register(each, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                found = key.fileobj
                assert isinstance(found, socket.socket)
                octets = found.recv_into(buffer)
                if not octets:
                    return
                others[found].sendall(buffer[:octets])


def _main(path: str, target: str) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(1)
    while True:
        client, _ = listening.accept()
        with client, socket.socket(socket.AF_UNIX) as agent:
            agent.connect(target)
            _pass_on(client, agent)


if __name__ == "__main__":
    _main(*sys.argv[1:])
