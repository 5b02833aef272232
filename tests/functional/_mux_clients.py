"""Clients of a mux as other people write them: socat, a bare socket, qemu.qmp, Proxmox."""

import asyncio
import json
import socket
import subprocess
from pathlib import Path
from typing import Any

from qemu.qmp import QMPClient

from tests.functional._client import PATIENCE, request


def socat(path: Path, octets: bytes) -> bytes:
    """What ``echo ... | socat - UNIX:...`` prints; it ends its writing side at once."""
    done = subprocess.run(
        ["socat", "-t", str(PATIENCE), "-", f"UNIX-CONNECT:{path}"],
        input=octets,
        capture_output=True,
        timeout=2 * PATIENCE,
        check=True,
    )
    return done.stdout


def bare(path: Path, octets: bytes) -> bytes:
    """What twenty lines of Python read, one reply of one line."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE)
        client.connect(str(path))
        client.sendall(octets)
        read = b""
        while not read.endswith(b"\n"):
            read += client.recv(4096)
    return read


class Proxmox:
    """
    As Proxmox does it: a connection for each command, in which ``guest-sync-delimited`` and the
    command go in one write, without 0xFF; read up to the second line, then closed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sync = 0

    def ask(self, command: str, arguments: dict[str, Any] | None = None) -> Any:
        """The decoded reply."""
        self._sync += 1
        sync = request("guest-sync-delimited", {"id": self._sync})
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE)
            client.connect(str(self._path))
            client.sendall(sync + request(command, arguments))
            read = b""
            while read.count(b"\n") < 2:
                got = client.recv(1 << 16)
                if not got:
                    break
                read += got
        synced, _, reply = read.partition(b"\n")
        expected = b'\xff{"return": %d}' % self._sync
        assert synced == expected, read
        assert reply.endswith(b"\n")
        assert reply.count(b"\n") == 1, read
        return json.loads(reply)

    def call(self, command: str, **arguments: Any) -> Any:
        """The value of ``return``."""
        reply = self.ask(command, {name.replace("_", "-"): v for name, v in arguments.items()})
        assert "return" in reply, reply
        return reply["return"]


def qmp(path: Path, *calls: tuple[str, dict[str, Any] | None]) -> list[Any]:
    """What ``qemu.qmp`` gets, with all these calls in one connection and the last two at once."""

    async def talk() -> list[Any]:
        client = QMPClient("guest")
        client.negotiate = client.await_greeting = False
        await client.connect(str(path))
        try:
            *first, last, very_last = calls
            found = [await client.execute(*each) for each in first]
            return found + list(
                await asyncio.gather(client.execute(*last), client.execute(*very_last))
            )
        finally:
            await client.disconnect()

    return asyncio.run(asyncio.wait_for(talk(), PATIENCE))
