"""
A file of lines that are on disk when they are said to be.

The first line says what the file is. A last line that was torn when the host died is cut off; one
in the middle that cannot be read is left out. When the file has grown long it is written anew, with
what still matters; what it was before stays beside it, once.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from txqga.mux._folder import FolderError

#: The first line; a later form of this file has a higher number.
HEADER = b'{"txqga": "freezes", "version": 1}\n'
_BEGINNING = b'{"txqga": "freezes", "version": '

#: Octets of a file that is read: many times what it is when it is written anew.
_LONGEST = 256 << 20


def free_octets(descriptor: int) -> int:
    """Say how many octets the disk of an open file has room for."""
    disk = os.fstatvfs(descriptor)
    return disk.f_bavail * disk.f_frsize


class LogFile:
    """A file of lines; everything here may wait for the disk."""

    def __init__(self, path: Path, free: Callable[[int], int] = free_octets) -> None:
        """
        :param free: tells how many octets the disk of an open file has room for.
        """
        self.path = path
        self.lines = 0  #: below the first
        self.octets = 0
        self.free = 0  #: octets that the disk had room for when something was last written
        self._measure = free
        self._fd = -1

    def open(self, take: Callable[[bytes], None]) -> None:
        """
        Open the file, and make it if there is none.

        :param take: called with each line that was there.
        :raise FolderError: it is something else, or cannot be read or written.
        """
        try:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            self._open(take)
        except OSError as why:
            raise FolderError(f"{self.path}: {why.strerror}") from why

    def append(self, lines: list[bytes]) -> None:
        """
        Write lines.

        :raise OSError: none of them is there.
        """
        octets = memoryview(b"".join(lines))
        try:
            written = 0
            while written < len(octets):
                written += os.write(self._fd, octets[written:])
            os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, self.octets)
            self.free = 0
            raise
        self.octets += len(octets)
        self.lines += len(lines)
        self.free = self._measure(self._fd)

    def renew(self, lines: Iterable[bytes]) -> None:
        """
        Write the file anew, with these lines only; what it was is ``….old`` from then on.

        :raise OSError: it is as it was.
        """
        new, old = self.path.with_suffix(".new"), self.path.with_suffix(".old")
        kept = list(lines)
        octets = b"".join([HEADER, *kept])
        old.unlink(missing_ok=True)  # first, for its room
        try:
            with new.open("wb") as file:
                file.write(octets)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            new.unlink(missing_ok=True)
            raise
        os.link(self.path, old)
        fd = os.open(new, os.O_RDWR | os.O_APPEND)
        new.replace(self.path)
        self._sync_folder()
        os.close(self._fd)
        self._fd, self.octets, self.lines = fd, len(octets), len(kept)
        self.free = self._measure(fd)

    def close(self) -> None:
        """Write no more."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _open(self, take: Callable[[bytes], None]) -> None:
        size = os.fstat(self._fd).st_size
        if size > _LONGEST:
            raise FolderError(f"{self.path} has {size} octets: it is no journal of freezes")
        octets = os.pread(self._fd, size, 0)
        whole = octets[: octets.rfind(b"\n") + 1]
        header, *lines = whole.splitlines(keepends=True) or [b""]
        if not header and HEADER.startswith(octets):
            whole = b""  # new, or torn when it was made
        elif header != HEADER:
            raise FolderError(self._foreign(header or octets))
        if len(whole) < size or not whole:
            os.ftruncate(self._fd, len(whole))
        self.octets = len(whole)
        if not whole:
            self.append([HEADER])
            self._sync_folder()
        self.lines = len(lines)
        self.free = self._measure(self._fd)
        for line in lines:
            take(line)

    def _foreign(self, header: bytes) -> str:
        if header.startswith(_BEGINNING):
            version = header[len(_BEGINNING) :].rstrip(b"}\n").decode("ascii", "replace")
            return (
                f"{self.path} was written by a txqga that is newer than this one: version "
                f"{version[:20]}, and this one knows version 1"
            )
        return f"{self.path} is no journal of freezes: remove it, or choose another folder"

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
