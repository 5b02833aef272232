"""
Where octets go on this side: a file of a folder, or a stream that somebody else reads.

A file is found by its folder's descriptor and its name, never by a path that something in the
folder could bend.
"""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from errno import EIO, ENOSPC
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

from attrs import define, field

from txqga.files._names import beside
from txqga.files._source import PIECE

#: What names a file that can be gone on with.
PART = "txqga-part"

_NEW = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NOCTTY


class Writable(Protocol):
    """A stream: an open file, ``sys.stdout.buffer``, ``io.BytesIO``, or alike."""

    def write(self, data: bytes, /) -> object:
        """Write all of it."""


class Target(Protocol):
    """Where octets go; its methods are for a thread."""

    made: Any  #: the digest of all that is there
    in_place: bool

    def adopt(self, size: int) -> bool:
        """Take what is there for the copy, if it is as large; say whether it is."""

    def open(self, *, resume: bool) -> int:
        """Begin; tell how many octets are there already."""

    def begin_anew(self) -> None:
        """What is there is of no use."""

    def room(self, octets: int) -> None:
        """
        See whether there is room for so many.

        :raise OSError: there is none.
        """

    def take(self, data: bytes) -> None:
        """Write."""

    def settle(self, mode: int | None, mtime: int | None) -> None:
        """It is whole."""

    def give_up(self) -> None:
        """It will never be."""

    def close(self) -> None:
        """Let go of everything."""


@define
class StreamTarget:
    """A stream that somebody else reads."""

    write: Callable[[bytes], object]
    flush: Callable[[], object] = lambda: None
    done: Callable[[], object] = lambda: None
    made: Any = field(factory=sha256, init=False)
    in_place: bool = field(default=True, init=False)

    def adopt(self, size: int) -> bool:
        return False

    def open(self, *, resume: bool) -> int:
        return 0

    def begin_anew(self) -> None:
        """There is nothing."""

    def room(self, octets: int) -> None:
        """There is, or there will be."""

    def take(self, data: bytes) -> None:
        self.made.update(data)
        self.write(data)

    def settle(self, mode: int | None, mtime: int | None) -> None:
        self.flush()

    def give_up(self) -> None:
        """What is said is said."""

    def close(self) -> None:
        self.done()


@define
class FileTarget:
    """
    A file of a folder, which appears when it is whole.

    :param folder: the descriptor of the folder, which somebody else closes.
    """

    folder: int
    name: str
    made: Any = field(factory=sha256, init=False)
    in_place: bool = field(default=False, init=False)
    _part: str = field(default="", init=False)
    _file: int = field(default=-1, init=False)
    _keeps: bool = field(default=False, init=False)  #: what is there is left when it is given up

    def adopt(self, size: int) -> bool:
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        try:
            self._file = os.open(self.name, flags, dir_fd=self.folder)
        except OSError:
            return False
        found = os.fstat(self._file)
        if not stat.S_ISREG(found.st_mode) or found.st_size != size:
            return False
        self._read()
        return True

    def open(self, *, resume: bool) -> int:
        if self._file >= 0:
            os.close(self._file)  # what was there is something else
            self._file, self.made = -1, sha256()
        self._keeps = resume
        if resume:
            self._part = beside(self.name, PART)
            self._file = os.open(self._part, _NEW, 0o600, dir_fd=self.folder)
            found = os.fstat(self._file)
            if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
                raise FileExistsError(None, "is no file of ours", self._part)
            return self._read()
        self._part = beside(self.name, f"{token_hex(4)}.{PART}")
        self._file = os.open(self._part, _NEW | os.O_EXCL, 0o600, dir_fd=self.folder)
        return 0

    def _read(self) -> int:
        count = 0
        while data := os.read(self._file, PIECE):
            self.made.update(data)
            count += len(data)
        return count

    def begin_anew(self) -> None:
        os.lseek(self._file, 0, os.SEEK_SET)
        os.ftruncate(self._file, 0)
        self.made = sha256()

    def room(self, octets: int) -> None:
        system = os.fstatvfs(self._file)
        if octets > system.f_bavail * system.f_frsize:
            raise OSError(ENOSPC, os.strerror(ENOSPC), self.name)

    def take(self, data: bytes) -> None:
        self.made.update(data)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]

    def settle(self, mode: int | None, mtime: int | None) -> None:
        os.fchmod(self._file, self._usual() if mode is None else mode & 0o777)
        if mtime is not None:
            os.utime(self._file, ns=(mtime, mtime))
        os.fsync(self._file)
        if self._part:
            os.rename(self._part, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
            self._part = ""
        else:
            with suppress(FileNotFoundError):  # it is of an earlier copy, and of no use now
                os.unlink(beside(self.name, PART), dir_fd=self.folder)
        os.fsync(self.folder)

    def _usual(self) -> int:
        try:
            there = os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            mask = os.umask(0o077)
            os.umask(mask)
            return 0o666 & ~mask
        return stat.S_IMODE(there.st_mode) & 0o777 if stat.S_ISREG(there.st_mode) else 0o600

    def give_up(self) -> None:
        if self._part and not self._keeps:
            os.unlink(self._part, dir_fd=self.folder)

    def close(self) -> None:
        if self._file >= 0:
            file, self._file = self._file, -1
            os.close(file)


@define
class _Alone(FileTarget):
    """A file whose folder was opened for it."""

    def close(self) -> None:
        super().close()
        if self.folder >= 0:
            folder, self.folder = self.folder, -1
            os.close(folder)


def path_target(path: str | Path) -> Target:
    """
    Take the place of a file of this host, of that which a link leads to; or write to a device.

    :raise OSError: there can be none.
    """
    real = Path(os.path.realpath(path))
    try:
        there = real.stat()
    except FileNotFoundError:
        pass
    else:
        if stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(None, "there is a folder of that name", str(path))
        if not stat.S_ISREG(there.st_mode):
            stream = real.open("wb", buffering=0)
            return StreamTarget(_whole(stream.write), done=stream.close)
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    return _Alone(os.open(real.parent, flags), real.name)


#: Octets that are offered at a time to what has taken less than it was given.
_PIECE = 1 << 16


def _whole(write: Callable[[bytes], object]) -> Callable[[bytes], None]:
    """Write all of what is given, also by what takes some of it at a time, as raw files do."""

    def write_all(data: bytes) -> None:
        rest, piece = memoryview(data), data
        while rest:
            count = write(piece)
            if not isinstance(count, int):  # of something that is no file, and takes all
                return
            if count <= 0:
                raise OSError(EIO, "nothing was written")
            rest = rest[count:]
            piece = bytes(rest[:_PIECE])  # not all of the rest again and again

    return write_all


def stream_target(stream: Writable) -> Target:
    """Give what comes to a stream; it is not closed."""
    return StreamTarget(_whole(stream.write), getattr(stream, "flush", lambda: None))
