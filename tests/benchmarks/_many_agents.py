"""
Agents by the thousand, in a process of their own: each answers what it is asked with little ado.

``python -m tests.benchmarks._many_agents FOLDER COUNT`` makes that many sockets ``FOLDER/N.sock``,
says so in a line, and makes one more for each line that it reads, which names it; ``!NAME`` has
that one answer nothing any more. With a third argument it writes there, when it ends, when each was
asked what: a line with the agent's name, the command, and seconds of the monotonic clock.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

from typing_extensions import Self

from tests.functional._process import environment

#: What monitoring asks for, with answers of an ordinary guest.
_FILESYSTEM = {
    "name": "vda1",
    "mountpoint": "/",
    "type": "ext4",
    "used-bytes": 1 << 33,
    "total-bytes": 1 << 35,
    "disk": [],
}
_DISK = {
    "name": "vda",
    "major": 254,
    "minor": 0,
    "stats": dict.fromkeys(
        ("read-sectors", "read-ios", "write-sectors", "write-ios", "ios-pgr"), 123456
    ),
}
_CPU = {"type": "linux", "cpu": 0, "user": 123456, "nice": 0, "system": 23456, "idle": 1234567}
_INTERFACE = {
    "name": "eth0",
    "hardware-address": "52:54:00:12:34:56",
    "ip-addresses": [{"ip-address-type": "ipv4", "ip-address": "10.0.2.15", "prefix": 24}],
    "statistics": dict.fromkeys(
        ("rx-bytes", "rx-packets", "tx-bytes", "tx-packets", "rx-errs"), 123456
    ),
}
ANSWERS = {
    "guest-get-load": {"load1m": 0.5, "load5m": 0.25, "load15m": 0.125},
    "guest-get-cpustats": [{**_CPU, "cpu": number} for number in range(4)],
    "guest-get-diskstats": [_DISK, _DISK],
    "guest-get-fsinfo": [_FILESYSTEM, _FILESYSTEM],
    "guest-network-get-interfaces": [_INTERFACE, _INTERFACE],
}


#: What the mux's own monitor asks for, too.
_MORE = {
    "guest-get-osinfo": {"id": "debian", "version-id": "12", "kernel-release": "6.1.0"},
    "guest-get-vcpus": [{"logical-id": number, "online": True} for number in range(4)],
    "guest-get-users": [{"user": "root", "login-time": 1_700_000_000.5}],
    "guest-get-time": 1_700_000_000_000_000_000,
    "guest-file-open": 7,
    "guest-file-read": {
        "count": 15,
        "buf-b64": b64encode(b"4242.42 1234.5\n").decode(),
        "eof": True,
    },
}
_INFO = {
    "version": "10.0.0",
    "supported_commands": [
        {"name": name, "enabled": True, "success-response": True}
        for name in (*ANSWERS, *_MORE, "guest-file-close", "guest-ping", "guest-fsfreeze-status")
    ],
}
#: All answers, by command.
ALL = {**ANSWERS, **_MORE, "guest-info": _INFO, "guest-fsfreeze-status": "thawed"}


class ManyAgents:
    """Their process, and the folder of their sockets."""

    def __init__(self, folder: Path, count: int, log: Path | None = None) -> None:
        """
        :param log: where it is written down what they were asked, when they end.
        """
        more = [] if log is None else [str(log)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(folder), str(count), *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        assert self._process.stdout is not None
        if not self._process.stdout.readline():
            raise RuntimeError("the agents do not start")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def add(self, name: str) -> None:
        """Make one more."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()

    def hang(self, name: str) -> None:
        """Have one answer nothing any more."""
        self.add(f"!{name}")


class _Agents:
    """All of them, in one loop."""

    def __init__(self, folder: Path, keeps: bool) -> None:
        self._folder = folder
        self._keeps = keeps  #: whether it is to be told what they were asked
        self._selector = selectors.DefaultSelector()
        self._listening: dict[socket.socket, str] = {}
        self._clients: dict[socket.socket, tuple[str, bytes]] = {}  #: and what is not read yet
        self._hang: set[str] = set()
        self.asked: list[tuple[str, str, float]] = []

    def listen(self, name: str) -> None:
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(self._folder / f"{name}.sock"))
        sock.listen(1)
        self._listening[sock] = name
        self._selector.register(sock, selectors.EVENT_READ)

    def serve(self) -> None:
        """Answer, until standard input ends."""
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                found = key.fileobj
                if not isinstance(found, socket.socket):
                    name = sys.stdin.readline().strip()
                    if not name:
                        return
                    if name.startswith("!"):
                        self._hang.add(name[1:])
                    else:
                        self.listen(name)
                elif found in self._listening:
                    client, _ = found.accept()
                    self._clients[client] = self._listening[found], b""
                    self._selector.register(client, selectors.EVENT_READ)
                else:
                    self._read(found)

    def _read(self, client: socket.socket) -> None:
        name, unread = self._clients[client]
        octets = client.recv(1 << 16)
        *lines, rest = (unread + octets).split(b"\n")
        self._clients[client] = name, rest
        for line in lines:
            if name not in self._hang:
                client.sendall(self._answer(name, line))
        if not octets:
            self._selector.unregister(client)
            client.close()
            del self._clients[client]

    def _answer(self, name: str, line: bytes) -> bytes:
        request = json.loads(line.rpartition(b"\xff")[2])
        command = request["execute"]
        if self._keeps:
            self.asked.append((name, command, time.monotonic()))
        value = request["arguments"]["id"] if "sync" in command else ALL.get(command, {})
        reply = {"return": value}
        if "id" in request:
            reply["id"] = request["id"]
        before = b"\xff" if command == "guest-sync-delimited" else b""
        return before + json.dumps(reply).encode() + b"\n"


def _main(folder: Path, count: int, log: Path | None) -> None:
    agents = _Agents(folder, log is not None)
    for number in range(count):
        agents.listen(str(number))
    print("ready", flush=True)
    agents.serve()
    if log is not None:
        log.write_text("".join(f"{name} {what} {when}\n" for name, what, when in agents.asked))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)
