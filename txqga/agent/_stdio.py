"""
One open file with the semantics of C's stdio, which ``qemu-ga``'s file commands show.

Two things can be seen from outside: how long written data stays away from the disk, and how the
position moves when reading and writing take turns. Both follow glibc: a buffer of one block, and
what is larger goes around it. What does *not* follow it is stale data: a seek always looks at
the file anew.

The descriptor is non-blocking. A pipe or terminal that holds less than was asked for gives what
it holds (``qemu-ga`` answers an error and loses that). One that takes less than it is given is an
error, and what it did not take is lost, as with every failed write of stdio.
"""

import errno
import fcntl
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

_LARGEST_BLOCK = 8192  #: BUFSIZ of glibc
_OFFSETS = range(-(1 << 63), 1 << 63)  #: of off_t


class Stream:
    """
    An open file.

    Every method may raise :class:`OSError`; none waits for anything but the disk. Who turns from
    one to the other calls :meth:`begin_reading` before :meth:`read`, and :meth:`begin_writing`
    before :meth:`write`: they are separate because their errors are told apart in replies.
    """

    def __init__(self, fd: int) -> None:
        """:param fd: an open, non-blocking file descriptor, from now on the stream's."""
        about = os.fstat(fd)
        self._fd = fd
        self._writable = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
        self._block = about.st_blksize if 0 < about.st_blksize < _LARGEST_BLOCK else _LARGEST_BLOCK
        self._by_line = stat.S_ISCHR(about.st_mode) and os.isatty(fd)
        self._pending = bytearray()  # written here, not yet given to the system
        self._room = 0  # octets that pending still takes; none before writing has begun
        self._ahead = b""  # taken from the system, not yet read here
        self._reading = False  # what was done last was reading

    @property
    def descriptor(self) -> int:
        """The descriptor of the file, for what leaves its position alone."""
        return self._fd

    def begin_reading(self) -> None:
        """Give the system what was written."""
        self._drain()

    def read(self, count: int) -> tuple[bytes, bool]:
        """
        Read ``count`` octets; fewer at the end of the file, or where no more are there yet.

        The end is not sticky: what a file has grown by since is read.

        :return: the octets, and whether the end was met.
        :raise BlockingIOError: there is nothing yet, and it is not the end.
        """
        taken: list[bytes] = []
        ended = False
        want = count
        while want:
            chunk = self._ahead
            if not chunk:
                self._room = 0
                try:
                    chunk = os.read(self._fd, want - want % self._block or self._block)
                except BlockingIOError:
                    if taken:
                        break
                    raise
                if not chunk:
                    ended = True
                    break
            self._ahead = chunk[want:]
            if self._ahead:
                chunk = chunk[:want]
            taken.append(chunk)
            want -= len(chunk)
        self._reading = True
        return taken[0] if len(taken) == 1 else b"".join(taken), ended

    def begin_writing(self) -> None:
        """Take the position back to where the reader is, if what was done last was reading."""
        if self._reading:
            self._move(0, os.SEEK_CUR)

    def write(self, data: "Buffer") -> None:
        """Write all of ``data``. After an error nothing is pending."""
        rest = memoryview(data)
        if not rest:
            return
        if not self._writable:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if len(rest) > self._room:
            self._pending += rest[: self._room]
            rest = rest[self._room :]
            self._drain()
            self._room = self._block
            whole = len(rest) - len(rest) % self._block
            self._give(rest[:whole])
            rest = rest[whole:]
        self._pending += rest
        self._room -= len(rest)
        if self._by_line and (lines := self._pending.rfind(b"\n") + 1):
            begun = self._pending[lines:]
            del self._pending[lines:]
            self._drain()
            self._pending += begun
            self._room -= len(begun)

    def seek(self, offset: int, whence: int) -> int:
        """
        Move to ``offset`` from the beginning, from the position or from the end.

        :param whence: ``os.SEEK_SET``, ``os.SEEK_CUR`` or ``os.SEEK_END``.
        :return: the new position, counted from the beginning.
        """
        try:
            return self._move(offset, whence)
        except OSError as why:
            if why.errno == errno.ESPIPE:
                self._reading = False  # a pipe has no position to go back to before writing
            raise

    def flush(self) -> None:
        """Give the system what was written, and give back to it what was read ahead."""
        self._drain()
        if self._ahead:
            try:
                os.lseek(self._fd, -len(self._ahead), os.SEEK_CUR)
            except OSError as why:
                if why.errno != errno.ESPIPE:
                    raise
            else:
                self._ahead = b""
        self._reading = False

    def close(self) -> None:
        """Flush and close. It is closed after an error too."""
        try:
            self._drain()
        finally:
            os.close(self._fd)

    def _move(self, offset: int, whence: int) -> int:
        self._drain()
        if whence == os.SEEK_CUR:
            offset -= len(self._ahead)
        if offset not in _OFFSETS:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        position = os.lseek(self._fd, offset, whence)
        self._ahead = b""
        self._room = 0
        self._reading = False
        return position

    def _drain(self) -> None:
        if self._pending:
            pending, self._pending = self._pending, bytearray()
            self._room = self._block
            self._give(pending)

    def _give(self, data: "Buffer") -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest) :]
