"""
One side of ``file_speed.py``, in a process of its own: copies a file, and prints octets per second.

::

    python -m tests.benchmarks._file_client ours|checked|qemu.qmp SOCKET push|pull HERE THERE
"""

import asyncio
import base64
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol

#: Octets of one command, as programs that copy through ``qemu.qmp`` have it.
CHUNK = 1 << 20

#: Seconds that the agent has to be there.
PATIENCE = 60.0


class Execute(Protocol):
    """Asks the agent."""

    def __call__(self, command: str, **arguments: object) -> Awaitable[object]:
        """Give what it returns."""


def of_ours(socket: Path, copies: str, here: str, there: str, *, verify: bool) -> None:
    """With ``Guest.push`` and ``Guest.pull``, at a mux; the copy is on the disk then."""
    from twisted.internet.defer import Deferred
    from twisted.internet.task import react

    from txqga import Guest, monotonic

    async def story(reactor: object) -> None:
        monotonic(reactor)
        guest = Guest.at_mux(reactor, socket.stem, folder=socket.parent)
        await guest.wait_ready(PATIENCE)
        began = time.perf_counter()
        if copies == "push":
            report = await guest.push(here, there, verify=verify)
        else:
            report = await guest.pull(there, here, verify=verify)
        print(report.octets / (time.perf_counter() - began))
        await guest.close()

    react(lambda reactor: Deferred.fromCoroutine(story(reactor)))


def of_qemu_qmp(socket: Path, copies: str, here: str, there: str) -> None:
    """With QEMU's own library, one piece after the other."""
    from qemu.qmp import QMPClient

    async def story() -> None:
        client = QMPClient("agent")
        client.await_greeting = client.negotiate = False  # a guest agent has neither
        await client.connect(str(socket))

        def execute(command: str, **arguments: object) -> Awaitable[object]:
            return client.execute(f"guest-file-{command}", arguments)

        began = time.perf_counter()
        octets = await (_pushed if copies == "push" else _pulled)(execute, here, there)
        print(octets / (time.perf_counter() - began))
        await client.disconnect()

    asyncio.run(story())


async def _pushed(execute: Execute, here: str, there: str) -> int:
    handle = await execute("open", path=there, mode="wb")
    octets = 0
    with Path(here).open("rb") as file:
        while data := file.read(CHUNK):
            text = base64.b64encode(data).decode()
            told = await execute("write", handle=handle, **{"buf-b64": text})
            if not isinstance(told, dict) or told["count"] != len(data):
                raise RuntimeError(f"not all was written: {told}")
            octets += len(data)
    await execute("close", handle=handle)
    return octets


async def _pulled(execute: Execute, here: str, there: str) -> int:
    handle = await execute("open", path=there, mode="rb")
    octets, ended = 0, False
    with Path(here).open("wb") as file:
        while not ended:
            told = await execute("read", handle=handle, count=CHUNK)
            if not isinstance(told, dict):
                raise RuntimeError(f"it was not read: {told}")
            octets += file.write(base64.b64decode(told["buf-b64"]))
            ended = told["eof"]
    await execute("close", handle=handle)
    return octets


def main(side: str, socket: str, copies: str, here: str, there: str) -> None:
    """Copy with one of the sides."""
    if side == "qemu.qmp":
        of_qemu_qmp(Path(socket), copies, here, there)
    else:
        of_ours(Path(socket), copies, here, there, verify=side == "checked")


if __name__ == "__main__":
    main(*sys.argv[1:])
