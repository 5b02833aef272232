"""What the suites of the file commands share: their requests and replies, in short."""

import base64
from pathlib import Path
from typing import Any

from tests.functional._behaviour import Behaviour
from tests.functional._rows import Expected, Reply, Row, call, ok

OPEN, CLOSE, FLUSH = "guest-file-open", "guest-file-close", "guest-file-flush"
READ, WRITE, SEEK = "guest-file-read", "guest-file-write", "guest-file-seek"
MIB = 1 << 20


def encoded(octets: bytes) -> str:
    """As base64, which is how the wire carries what is in files."""
    return base64.b64encode(octets).decode()


def data(octets: bytes, *, eof: bool) -> Reply:
    """The reply to a read."""
    return ok({"count": len(octets), "buf-b64": encoded(octets), "eof": eof})


def wrote(count: int) -> Reply:
    """The reply to a write."""
    return ok({"count": count, "eof": False})


def at(position: int) -> Reply:
    """The reply to a seek."""
    return ok({"position": position, "eof": False})


class FileBehaviour(Behaviour):
    """A suite that works on one file, :attr:`path`."""

    def setUp(self) -> None:
        super().setUp()
        self.path: Path = self.folder / "f"

    def open(self, mode: str, content: bytes | None = None, path: Path | None = None) -> int:
        """Open the file, which first gets this content."""
        path = path or self.path
        if content is not None:
            path.write_bytes(content)
        handle = self.peer.call(OPEN, path=str(path), mode=mode)
        assert isinstance(handle, int)
        return handle

    def read(self, handle: int, expected: Expected, **arguments: Any) -> Row:
        """A row that reads."""
        return call(READ, {"handle": handle, **arguments}, expected)

    def write(self, handle: int, octets: bytes, expected: Expected | None = None) -> Row:
        """A row that writes these octets, all of them unless something else is expected."""
        arguments = {"handle": handle, "buf-b64": encoded(octets)}
        return call(WRITE, arguments, expected or wrote(len(octets)))

    def seek(self, handle: int, offset: int, whence: int | str, expected: Expected) -> Row:
        """A row that seeks."""
        return call(SEEK, {"handle": handle, "offset": offset, "whence": whence}, expected)
