"""Where octets come from on this side: a file, or a stream that somebody else fills."""

import os
import select
import stat
from collections.abc import Callable
from errno import ESPIPE
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from attrs import define, field

#: Octets that are in memory at a time while a digest is made.
PIECE = 1 << 20

#: Milliseconds after which who waits for a pipe looks whether it is still to wait.
_LOOK = 100

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK


class Readable(Protocol):
    """A stream: an open file, ``sys.stdin.buffer``, ``io.BytesIO``, or alike."""

    def read(self, count: int, /) -> bytes:
        """Return octets, as many as that at most; nothing at the end."""


@define
class Source:
    """
    Where octets come from.

    Its methods are for a thread.
    """

    name: str
    read: Callable[[int], bytes]
    size: int | None = None
    mode: int | None = None  #: permissions
    mtime: int | None = None  #: nanoseconds since 1970
    stop: Callable[[], object] = lambda: None  #: called by the reactor: what is read now ends
    close: Callable[[], object] = lambda: None
    seek: Callable[[int], object] | None = None  #: None: what was read once is gone
    made: Any = field(factory=sha256, init=False)  #: of all that was given
    given: int = field(default=0, init=False)

    def give(self, count: int) -> bytes:
        """Return the next octets, as many as that at most; nothing at the end."""
        data = self.read(count)
        self.made.update(data)
        self.given += len(data)
        return data

    def begins_with(self, count: int) -> str:
        """Go on behind so many octets, as far as there are that many, and tell their digest."""
        while self.given < count and self.give(min(PIECE, count - self.given)):
            pass
        return str(self.made.hexdigest())

    def rewind(self) -> None:
        """
        Begin anew.

        :raise OSError: what was read once is gone.
        """
        if self.seek is None:
            raise OSError(ESPIPE, "what was copied before is something else, and this is a stream")
        self.seek(0)
        self.made, self.given = sha256(), 0


def path_source(path: str | Path, follow: bool = True) -> Source:
    """
    Open a file of this host.

    :param follow: whether it may be a symbolic link.
    :raise OSError: it cannot be read.
    """
    file = os.open(path, _FLAGS if follow else _FLAGS | os.O_NOFOLLOW)
    found = os.fstat(file)
    if stat.S_ISDIR(found.st_mode):
        os.close(file)
        raise IsADirectoryError(None, "it is a folder", str(path))
    os.set_blocking(file, True)
    is_regular = stat.S_ISREG(found.st_mode)
    reading = Interruptible(file, lambda count: os.read(file, count), not is_regular)

    return Source(
        name=str(path),
        read=reading,
        size=found.st_size if is_regular else None,
        mode=stat.S_IMODE(found.st_mode) & 0o777 if is_regular else None,
        mtime=found.st_mtime_ns if is_regular else None,
        stop=reading.stop,
        close=lambda: os.close(file),
        seek=(lambda offset: os.lseek(file, offset, os.SEEK_SET)) if is_regular else None,
    )


def stream_source(stream: Readable) -> Source:
    """Take what a stream gives; it is not closed."""
    try:
        file = stream.fileno()  # type: ignore[attr-defined]
        waits = not stat.S_ISREG(os.fstat(file).st_mode)
    except (AttributeError, OSError, ValueError):
        file, waits = -1, False
    # at most one read of what is below: who types does not wait for a megabyte
    reading = Interruptible(file, getattr(stream, "read1", stream.read), waits)
    return Source(name="-", read=reading, stop=reading.stop)


class Interruptible:
    """
    Reads in a thread, which ends soon when nobody waits for it any more.

    What has ended is not read again: a terminal would have to be told twice.

    :param waits: whether ``file`` is something that may have nothing for a long time.
    """

    def __init__(self, file: int, read: Callable[[int], bytes], waits: bool) -> None:
        self._file = file
        self._read = read
        self._waits = waits
        self._stopped = False
        self._ended = False

    def stop(self) -> None:
        """Read no more."""
        self._stopped = True

    def __call__(self, count: int) -> bytes:
        if self._ended:
            return b""
        if self._waits:
            waiting = select.poll()
            waiting.register(self._file, select.POLLIN)
            while not (self._stopped or waiting.poll(_LOOK)):
                pass
        if self._stopped:
            return b""
        data = self._read(count) or b""
        self._ended = self._waits and count > 0 and not data
        return data
