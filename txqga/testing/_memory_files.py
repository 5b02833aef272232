"""Files of a guest that is in memory: those of the ``guest-file-*`` commands."""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from errno import ENOENT
from itertools import count

from attrs import define

from txqga.errors import CommandFailed
from txqga.wire import JSON

#: what an agent's first handle is, and what it reads unless told
FIRST, SOME = 1000, 4096

_WHENCE: dict[JSON, int] = {"set": 0, 0: 0, "cur": 1, 1: 1, "end": 2, 2: 2}


@define
class _Open:
    """A file that is open."""

    path: str
    mode: str
    position: int = 0


class MemoryFiles:
    """
    Files of a guest that is in memory.

    :param files: what is in them, by path; what is written is written there.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files
        self._open: dict[int, _Open] = {}
        self._handles = count(FIRST)

    @property
    def answers(self) -> dict[str, Callable[[Mapping[str, JSON]], JSON | CommandFailed]]:
        """What each command does."""
        return {
            f"guest-file-{name}": _refusing(does)
            for name, does in {
                "open": self._do_open,
                "close": self._do_close,
                "read": self._do_read,
                "write": self._do_write,
                "seek": self._do_seek,
                "flush": self._do_flush,
            }.items()
        }

    def _do_open(self, arguments: Mapping[str, JSON]) -> JSON:
        path, mode = str(arguments["path"]), str(arguments.get("mode", "r"))
        if mode[0] == "w" or (mode[0] == "a" and path not in self._files):
            self._files[path] = b""
        if path not in self._files:
            why = os.strerror(ENOENT)
            raise CommandFailed(f"failed to open file '{path}' (mode: '{mode}'): {why}")
        handle = next(self._handles)
        self._open[handle] = _Open(path, mode)
        return handle

    def _do_close(self, arguments: Mapping[str, JSON]) -> JSON:
        self._file(arguments)
        del self._open[int(arguments["handle"])]
        return {}

    def _do_read(self, arguments: Mapping[str, JSON]) -> JSON:
        file = self._file(arguments)
        most = int(arguments.get("count", SOME))
        octets = self._files[file.path][file.position :][:most]
        file.position += len(octets)
        return {
            "count": len(octets),
            "buf-b64": b64encode(octets).decode("ascii"),
            "eof": len(octets) < most,
        }

    def _do_write(self, arguments: Mapping[str, JSON]) -> JSON:
        file = self._file(arguments)
        octets = b64decode(str(arguments["buf-b64"]))[: arguments.get("count")]
        there = self._files[file.path]
        if file.mode[0] == "a":
            file.position = len(there)
        begin = there[: file.position].ljust(file.position, b"\0")
        self._files[file.path] = begin + octets + there[file.position + len(octets) :]
        file.position += len(octets)
        return {"count": len(octets), "eof": False}

    def _do_seek(self, arguments: Mapping[str, JSON]) -> JSON:
        file = self._file(arguments)
        bases = (0, file.position, len(self._files[file.path]))
        base = bases[_WHENCE[arguments["whence"]]]
        file.position = base + int(arguments["offset"])
        return {"position": file.position, "eof": False}

    def _do_flush(self, arguments: Mapping[str, JSON]) -> JSON:
        self._file(arguments)
        return {}

    def _file(self, arguments: Mapping[str, JSON]) -> _Open:
        handle = arguments["handle"]
        found = self._open.get(handle)
        if found is None:
            raise CommandFailed(f"handle '{handle}' has not been found")
        return found


def _refusing(
    does: Callable[[Mapping[str, JSON]], JSON],
) -> Callable[[Mapping[str, JSON]], JSON | CommandFailed]:
    def answer(arguments: Mapping[str, JSON]) -> JSON | CommandFailed:
        try:
            return does(arguments)
        except CommandFailed as why:
            return why

    return answer
