"""txqga-file-digest: whether a copy of a file is good."""

import hashlib
import os
import stat
from collections.abc import Callable, Mapping

from txqga.agent._failing import failing
from txqga.agent._family import Served
from txqga.agent._octets import octets
from txqga.errors import CommandFailed
from txqga.wire import JSON

_PIECE = 1 << 20  #: octets that are in memory at a time
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Digest:
    """
    Digests of files.

    :param written: writes out what was written through a handle, and returns its descriptor;
        raises :class:`CommandFailed`.
    """

    def __init__(self, written: Callable[[int], int]) -> None:
        self._written = written

    def commands(self) -> Mapping[str, Served]:
        return {"txqga-file-digest": Served(self._digest, blocking=True)}

    def close(self) -> None:
        """There is nothing to let go of."""

    def _digest(self, arguments: Mapping[str, JSON]) -> JSON:
        offset, count = arguments.get("offset", 0), arguments.get("count")
        for name, value in (("offset", offset), ("count", count)):
            if value is not None and value < 0:
                raise CommandFailed(f"value '{value}' is invalid for argument {name}")
        file = self._opened(arguments)
        try:
            mode = os.fstat(file).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISBLK(mode)):
                raise CommandFailed("neither a regular file nor a disk")
            with failing("failed to read file"):
                return _digest(file, arguments["algorithm"], offset, count)
        finally:
            os.close(file)

    def _opened(self, arguments: Mapping[str, JSON]) -> int:
        handle, path = arguments.get("handle"), arguments.get("path")
        if handle is None and path is not None:
            with failing(f"failed to open file '{path}'"):
                return os.open(octets(path), _FLAGS)
        if handle is None or path is not None:
            raise CommandFailed("one of 'handle' and 'path' has to be given")
        # Opened once more, since it may have been opened for writing only.
        with failing("failed to open file"):
            return os.open(f"/proc/self/fd/{self._written(handle)}", _FLAGS)


def _digest(file: int, algorithm: str, offset: int, count: int | None) -> JSON:
    made = hashlib.new(algorithm, usedforsecurity=False)
    read = 0
    while count is None or read < count:
        wanted = _PIECE if count is None else min(_PIECE, count - read)
        piece = os.pread(file, wanted, offset + read)
        if not piece:
            break
        made.update(piece)
        read += len(piece)
    return {"digest": made.hexdigest(), "count": read}
