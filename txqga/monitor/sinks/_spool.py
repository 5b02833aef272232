"""
Batches that wait to be delivered, the oldest first: some in memory, the rest in files.

Both are bounded, each by itself. What is too much goes, the oldest first, and is counted.
"""

import contextlib
import os
from collections import deque
from pathlib import Path

from attrs import define
from twisted.logger import Logger

#: Octets that wait in memory, and in files.
MEMORY, DISK = 4 << 20, 256 << 20

#: How files end, and those that are being written.
_END, _NEW = ".batch", ".new"


@define(eq=False)
class _Waiting:
    name: str
    size: int
    octets: bytes | None  #: None: they are in a file


class Spool:
    """
    A queue of named batches, each a JSON object.

    :param folder: where files are, which is made; None: memory only.
    """

    _log = Logger()

    def __init__(self, folder: Path | None, memory: int = MEMORY, disk: int = DISK) -> None:
        """:raise OSError: the folder cannot be made or read."""
        self.dropped = 0  #: batches that were too much, or could not be read again
        self._folder = folder
        self._memory, self._disk = memory, disk
        # what cannot be filed is held, and half as much again is let pass for that
        self._room = memory if folder is None else memory + memory // 2
        self._held = 0  #: octets in memory
        self._filed = 0  #: octets in files
        self._waiting: deque[_Waiting] = deque()
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in folder.glob(f"*{_NEW}"):  # a life that was killed was writing it
                path.unlink()
            for path in sorted(folder.glob(f"*{_END}")):
                size = path.stat().st_size
                self._filed += size
                self._waiting.append(_Waiting(path.name.removesuffix(_END), size, None))
            self._bound()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def last(self) -> str:
        """The name of the newest one; empty: there is none."""
        return self._waiting[-1].name if self._waiting else ""

    @property
    def is_in_memory(self) -> bool:
        """Whether what waits is lost with this."""
        return self._folder is None

    @property
    def size(self) -> int:
        """Octets that wait."""
        return self._held + self._filed

    def put(self, name: str, octets: bytes) -> None:
        """Let a batch wait, behind all others; ``name`` sorts after theirs."""
        waiting = _Waiting(name, len(octets), octets)
        self._held += waiting.size
        self._waiting.append(waiting)
        if self._held > self._memory:
            self._file(waiting)
        self._bound()

    def first(self) -> tuple[str, bytes] | None:
        """Return the name and the octets of the oldest one; None: there is none."""
        while self._waiting:
            first = self._waiting[0]
            if first.octets is not None:
                return first.name, first.octets
            try:
                return first.name, _whole(self._path(first).read_bytes())
            except (OSError, ValueError) as why:
                self._log.error("a batch is lost: {why}", why=why)
                self._drop(first)
        return None

    def done(self, name: str) -> None:
        """Forget the oldest one, if it has this name: it may have been too much meanwhile."""
        if self._waiting and self._waiting[0].name == name:
            self._forget(self._waiting[0])

    def close(self) -> None:
        """Write all into files, where there is a folder: the next one finds them."""
        for each in self._waiting:
            self._file(each)

    def _file(self, waiting: _Waiting) -> None:
        if self._folder is None or waiting.octets is None:
            return
        path = self._path(waiting)
        new = path.with_suffix(_NEW)
        try:
            new.write_bytes(waiting.octets)
            os.replace(new, path)  # noqa: PTH105 - one step
        except OSError as why:
            self._log.error("a batch stays in memory: {why}", why=why)
            with contextlib.suppress(OSError):
                new.unlink()
            return
        waiting.octets = None
        self._held -= waiting.size
        self._filed += waiting.size

    def _bound(self) -> None:
        while self._waiting and self._filed > self._disk:
            self._drop(self._waiting[0])
        while self._held > self._room:  # a file that goes would make no room in memory
            self._drop(next(each for each in self._waiting if each.octets is not None))

    def _drop(self, waiting: _Waiting) -> None:
        self.dropped += 1
        self._forget(waiting)

    def _forget(self, waiting: _Waiting) -> None:
        self._waiting.remove(waiting)
        if waiting.octets is not None:
            self._held -= waiting.size
            return
        self._filed -= waiting.size
        with contextlib.suppress(OSError):
            self._path(waiting).unlink()

    def _path(self, waiting: _Waiting) -> Path:
        assert self._folder is not None
        return self._folder / f"{waiting.name}{_END}"


def _whole(octets: bytes) -> bytes:
    """
    Check that a file was written to its end: after a loss of power it may be
    empty, or end with NUL.

    :raise ValueError: it was not.
    """
    if not octets.startswith(b"{") or not octets.endswith(b"}"):
        raise ValueError("its file was not written to the end")
    return octets
