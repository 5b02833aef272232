"""How a client talks to a guest through the mux: over a kept connection, as Proxmox, by HTTP."""

import asyncio
import itertools
import json
from pathlib import Path
from typing import Protocol

from tests.chaos._ledger import Entry

MOST = 64 << 20  #: octets of a line that a client takes
#: Freezing has paths of its own in HTTP: the method, and what follows the guest's name.
_FREEZES = {
    "guest-fsfreeze-freeze": ("POST", "freeze"),
    "guest-fsfreeze-thaw": ("DELETE", "freeze"),
    "txqga-freeze-lease": ("PATCH", "freeze"),
}
_numbers = itertools.count(1)


class Gone(Exception):
    """The connection ended, or was refused, before the reply came."""


class NotAsked(Gone):
    """There was nobody to ask: nothing was written."""


class Talk(Protocol):
    """One client's way to one guest."""

    async def ask(self, command: str, arguments: Entry) -> bytes:
        """
        The reply, in octets, as JSON.

        :raise Gone: there was none.
        :raise NotAsked: the command was not even written.
        :raise AssertionError: what came is no answer to this.
        """

    def close(self) -> None:
        """End it, in whatever state it is."""


class Kept:
    """A connection that is kept; each request has an id, which its reply must carry."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, command: str, arguments: Entry) -> bytes:
        if self._streams is None:
            await self._open()
        number = f"{next(_numbers)}"
        reply = await self._line(_request(command, arguments, id=number))
        if json.loads(reply).get("id") != number:
            raise AssertionError(f"an answer to {number} has another id: {reply[:500]!r}")
        return reply

    async def _open(self) -> None:
        self._streams = await _connected(self._path)
        number = next(_numbers)
        try:
            reply = json.loads(await self._line(_request("guest-sync", {"id": number})))
        except Gone as why:
            raise NotAsked(str(why)) from why
        if "error" in reply:
            self.close()
            raise NotAsked(reply["error"]["desc"])
        if reply != {"return": number}:
            raise AssertionError(f"an answer to guest-sync {number} is {reply}")

    async def _line(self, octets: bytes) -> bytes:
        assert self._streams is not None
        return await _exchange(*self._streams, octets)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


class PerCommand:
    """As Proxmox does it: a connection for each command, the sync and the command in one write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, command: str, arguments: Entry) -> bytes:
        number = next(_numbers)
        reader, self._writer = await _connected(self._path)
        asked = _request("guest-sync-delimited", {"id": number}) + _request(command, arguments)
        try:
            synced = await _exchange(reader, self._writer, asked)
            reply = await _exchange(reader, self._writer, b"")
        finally:
            self.close()
        if b'"error"' not in synced and synced != b'\xff{"return": %d}\n' % number:
            raise AssertionError(f"an answer to guest-sync-delimited {number} is {synced!r}")
        return reply

    def close(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()


class OverHTTP:
    """A request of HTTP for each command: 1.0, whose answer ends with the connection."""

    def __init__(self, path: Path, guest: str) -> None:
        self._path = path
        self._guest = guest
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, command: str, arguments: Entry) -> bytes:
        reader, self._writer = await _connected(self._path)
        method, path = _FREEZES.get(command, ("POST", f"commands/{command}"))
        body = b"" if method == "DELETE" else json.dumps(arguments).encode()
        head = (
            f"{method} /v1/guests/{self._guest}/{path} HTTP/1.0\r\n"
            "Host: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            self._writer.write(head.encode() + body)
            answer = await reader.read(-1)
        except OSError as why:
            raise Gone(str(why)) from why
        finally:
            self.close()
        status, _, said = answer.partition(b"\r\n")
        octets = said.partition(b"\r\n\r\n")[2]
        if not octets.rstrip().endswith(b"}"):
            raise Gone(f"half an answer: {answer[:500]!r}")
        document = json.loads(octets)
        if status.split()[1] == b"200":
            return octets if command not in _FREEZES else json.dumps({"return": document}).encode()
        if document["code"] == "internal-error":
            raise AssertionError(f"a mistake of the mux: {document}")
        unknown = document["code"] == "outcome-unknown"
        return json.dumps(
            {"error": {"desc": ("outcome unknown: " if unknown else "") + document["detail"]}}
        ).encode()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()


def _request(command: str, arguments: Entry, **more: str) -> bytes:
    return json.dumps({"execute": command, "arguments": arguments, **more}).encode() + b"\n"


async def _connected(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        return await asyncio.open_unix_connection(str(path), limit=MOST)
    except OSError as why:
        raise NotAsked(str(why)) from why


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, octets: bytes
) -> bytes:
    try:
        writer.write(octets)
        line = await reader.readuntil(b"\n")
    except (OSError, asyncio.IncompleteReadError) as why:
        raise Gone(str(why)) from why
    return line
