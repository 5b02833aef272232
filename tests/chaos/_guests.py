"""
Guests that are scripts, several in a process; each freezes nothing but a file of its own.

``python -m tests.chaos._guests LEDGER FOLDER SEED LATE NAME ...`` listens at ``FOLDER/NAME``. A
line ``remake NAME SECONDS`` on its standard input removes a socket and makes it again.

As an agent behind a port does, each serves one connection after the other, does one thing at a
time, executes what was written to it even where the host has gone meanwhile, and stays frozen when
its process is killed. Some know fences, as agents of ours do; a fence ends with its process.
"""

import asyncio
import contextlib
import json
import socket
import sys
import time
from pathlib import Path
from random import Random

from tests.chaos._ledger import Entry, Ledger
from tests.chaos._manners import Leave, Manners, Say

_FREEZE, _THAW, _STATUS = (f"guest-fsfreeze-{each}" for each in ("freeze", "thaw", "status"))
_FENCE, _FENCED = "txqga-fence", "txqga-fenced"
_WHILE_FROZEN = {_THAW, _STATUS, "guest-ping"}


class Guest:
    """
    One of them.

    :param fences: whether it knows them.
    """

    def __init__(self, ledger: Ledger, path: Path, manners: Manners, fences: bool) -> None:
        self._ledger = ledger
        self._path = path
        self._name = path.name
        self._manners = manners
        self._fences = fences
        self._fence: str | None = None  # the newest
        self._ice = path.with_suffix(".frozen")  # there while it is frozen
        self._task = asyncio.create_task(self._live())

    async def remake(self, seconds: float) -> None:
        """Remove the socket, and make it again."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._path.unlink(missing_ok=True)
        await asyncio.sleep(seconds)
        self._task = asyncio.create_task(self._live())

    async def _live(self) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_UNIX) as listening:
            self._path.unlink(missing_ok=True)
            listening.bind(str(self._path))
            listening.listen(1)
            listening.setblocking(False)
            while True:
                connection, _ = await loop.sock_accept(listening)
                with connection, contextlib.suppress(OSError):
                    connection.setblocking(False)
                    await self._serve(connection)

    async def _serve(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        for reply in self._manners.owed:  # what an older connection did not hear
            await loop.sock_sendall(connection, reply)
        self._manners.owed.clear()
        unread = b""
        while octets := await loop.sock_recv(connection, 1 << 16):
            *lines, unread = (unread + octets).split(b"\n")
            for line in lines:
                if text := line.rpartition(b"\xff")[2].strip():
                    await self._answer(connection, json.loads(text))

    async def _answer(self, connection: socket.socket, message: Entry) -> None:
        loop = asyncio.get_running_loop()
        for act in self._acts(message):
            if isinstance(act, Leave):
                raise ConnectionResetError
            await asyncio.sleep(act.after)
            with contextlib.suppress(ConnectionError):  # what comes after is executed all the same
                await loop.sock_sendall(connection, act.octets)

    def _acts(self, message: Entry) -> list[Say | Leave]:
        command = message["execute"]
        if "id" in message and not self._manners.ids:
            desc = "QMP input member 'id' is unexpected"
            return [Say(json.dumps(_error("GenericError", desc)).encode() + b"\n")]
        known = {"id": message["id"]} if "id" in message else {}
        if command.startswith("guest-sync"):
            mark = b"\xff" if command.endswith("delimited") else b""
            synced = json.dumps({"return": message["arguments"]["id"], **known})
            return [Say(mark + synced.encode() + b"\n")]
        return self._manners.reply({**self._execute(command, message), **known})

    def _execute(self, command: str, message: Entry) -> Entry:
        if self._fences and command == _FENCE:
            self._fence = message["arguments"]["token"]
            return {"return": {"boot-time": _boot_time()}}
        if self._fences and command == _FENCED:
            return self._inside(message["arguments"])
        if self._ice.exists() and command not in _WHILE_FROZEN:
            return _error("CommandNotFound", f"Command {command} has been disabled: frozen")
        if command in (_FREEZE, _THAW):
            return {"return": self._turn(command == _FREEZE)}
        if command == _STATUS:
            return {"return": "frozen" if self._ice.exists() else "thawed"}
        if command == "guest-ping":
            return {"return": {}}
        if command in ("chaos-note", "chaos-fail"):
            token = message["arguments"]["token"]
            self._ledger.write("ran", guest=self._name, token=token)
            if command == "chaos-fail":
                return _error("GenericError", f"ran {token}, which failed")
            return {"return": {"token": token}}
        return _error("CommandNotFound", f"The command {command} has not been found")

    def _inside(self, fenced: Entry) -> Entry:
        if fenced["token"] != self._fence or _boot_time() > fenced["not-after"]:
            self._ledger.write("fenced off", guest=self._name)
            return _error("DeviceNotActive", "another fence has begun, or it is too late")
        self._ledger.write("fenced", guest=self._name)
        return self._execute(fenced["execute"], fenced)

    def _turn(self, to_ice: bool) -> int:
        if self._ice.exists() is to_ice:
            return 0
        if to_ice:
            self._ledger.write("froze", guest=self._name)
            self._ice.touch()
        else:
            self._ice.unlink()
            self._ledger.write("thawed", guest=self._name)
        return 3


def _boot_time() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def _error(wire_class: str, desc: str) -> Entry:
    return {"error": {"class": wire_class, "desc": desc}}


async def _main(ledger: str, folder: str, seed: str, late: str, *names: str) -> None:
    written = Ledger(Path(ledger))
    guests = {}
    for name in names:
        chance = Random(f"{seed} {name} {Path(ledger).stem}")
        wild, number = name.startswith("wild"), int(name[4:])
        manners = Manners(
            chance,
            ids=not (wild and number % 4 == 0),
            late=float(late),
            share=0.15 if wild else 0.0,
        )
        guests[name] = Guest(written, Path(folder) / name, manners, fences=number % 2 == 1)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    remaking = set()
    while line := await reader.readline():
        _, name, seconds = line.decode().split()
        task = asyncio.create_task(guests[name].remake(float(seconds)))
        remaking.add(task)
        task.add_done_callback(remaking.discard)


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
