"""
Agents by the thousand, in a process of their own: each answers what it is asked with little ado.

``python -m tests.benchmarks._many_agents FOLDER COUNT`` makes that many sockets ``FOLDER/N.sock``,
says so in a line, and makes one more for each line that it reads, which names it.
"""

import json
import selectors
import socket
import subprocess
import sys
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


class ManyAgents:
    """Their process, and the folder of their sockets."""

    def __init__(self, folder: Path, count: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(folder), str(count)],
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


def _answer(line: bytes) -> bytes:
    text = line.rpartition(b"\xff")[2]
    request = json.loads(text)
    command = request["execute"]
    value = request["arguments"]["id"] if "sync" in command else ANSWERS.get(command, {})
    reply = {"return": value}
    if "id" in request:
        reply["id"] = request["id"]
    before = b"\xff" if command == "guest-sync-delimited" else b""
    return before + json.dumps(reply).encode() + b"\n"


def _main(folder: Path, count: int) -> None:
    selector = selectors.DefaultSelector()
    unread: dict[socket.socket, bytes] = {}
    listening: set[socket.socket] = set()

    def listen(name: str) -> None:
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(folder / f"{name}.sock"))
        sock.listen(1)
        listening.add(sock)
        selector.register(sock, selectors.EVENT_READ)

    for number in range(count):
        listen(str(number))
    print("ready", flush=True)
    selector.register(sys.stdin, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            found = key.fileobj
            if not isinstance(found, socket.socket):
                name = sys.stdin.readline().strip()
                if not name:
                    return
                listen(name)
            elif found in listening:
                client, _ = found.accept()
                unread[client] = b""
                selector.register(client, selectors.EVENT_READ)
            else:
                octets = found.recv(1 << 16)
                *lines, unread[found] = (unread[found] + octets).split(b"\n")
                for line in lines:
                    found.sendall(_answer(line))
                if not octets:
                    selector.unregister(found)
                    found.close()
                    del unread[found]


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]))
