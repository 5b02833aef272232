"""
Files of the guest: open, read, write, seek, flush, close.

The semantics are those of ``qga/commands-posix.c`` in QEMU 11.1.3. Errors say which step failed:
reading after a write begins with a flush, and writing after a read with a seek.
"""

import os
from collections.abc import Callable, Mapping

from twisted.logger import Logger

from txqga.agent._base64 import decode, encode
from txqga.agent._failing import failing
from txqga.agent._family import Encoded, Served
from txqga.agent._fopen import fopen
from txqga.agent._handles import Handles
from txqga.errors import CommandFailed
from txqga.wire import JSON

LARGEST_READ = 48 << 20  #: octets: as base64 in a reply they stay below QEMU's limit of 64 MiB
_DEFAULT_READ = 4096

#: Whence is said in words or, older, in the numbers of C.
_WHENCE: dict[JSON, int] = {
    "set": os.SEEK_SET,
    "cur": os.SEEK_CUR,
    "end": os.SEEK_END,
    0: os.SEEK_SET,
    1: os.SEEK_CUR,
    2: os.SEEK_END,
}

_ENDS = {True: b'", "eof": true}', False: b'", "eof": false}'}


class Files:
    """
    The ``guest-file-*`` commands.

    None is *blocking*: pipes and terminals are opened non-blocking, and while a disk works there
    is nothing to be done that the hop to a thread and back would be worth.
    """

    _log = Logger()

    def __init__(
        self, next_handle: Callable[[], int], is_frozen: Callable[[], bool] = lambda: False
    ) -> None:
        """
        :param next_handle: returns a number that was never used, once it is written down that it
            is; raises :class:`CommandFailed` when it cannot be.
        :param is_frozen: whether filesystems are frozen: writing waits for their end then.
        """
        self._handles = Handles(next_handle)
        self._is_frozen = is_frozen

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-file-open": Served(self._open),
            "guest-file-close": Served(self._close),
            "guest-file-read": Served(self._read),
            "guest-file-write": Served(self._write),
            "guest-file-seek": Served(self._seek),
            "guest-file-flush": Served(self._flush),
        }

    def close(self) -> None:
        """
        Flush and close everything; what cannot be written is logged, and lost.

        While filesystems are frozen nothing is written: the agent could not end.
        """
        if self._is_frozen():
            self._log.warn("filesystems are frozen: what was written last to open files is lost")
            return
        for handle, stream in self._handles.take_all().items():
            try:
                stream.close()
            except OSError as why:
                self._log.warn("handle {handle}: {why}", handle=handle, why=why)

    def written(self, handle: int) -> int:
        """
        Write out what was written through a handle.

        :return: the descriptor of its file, which is the family's.
        :raise CommandFailed: there is no such handle, or it cannot be written out.
        """
        stream = self._handles.find(handle)
        with failing("failed to flush file"):
            stream.begin_reading()
        return stream.descriptor

    def _open(self, arguments: Mapping[str, JSON]) -> JSON:
        path, mode = arguments["path"], arguments.get("mode", "r")
        self._log.info(
            "guest-file-open called, filepath: {path}, mode: {mode}", path=path, mode=mode
        )
        handle = self._handles.add(fopen(path, mode))
        self._log.info("guest-file-open, handle: {handle}", handle=handle)
        return handle

    def _close(self, arguments: Mapping[str, JSON]) -> JSON:
        handle = arguments["handle"]
        self._log.info("guest-file-close called, handle: {handle}", handle=handle)
        stream = self._handles.take(handle)
        with failing("failed to close handle"):
            stream.close()
        return {}

    def _read(self, arguments: Mapping[str, JSON]) -> Encoded:
        stream = self._handles.find(arguments["handle"])
        count = arguments.get("count", _DEFAULT_READ)
        if not 0 <= count <= LARGEST_READ:
            raise _bad_count(count)
        with failing("failed to flush file"):
            stream.begin_reading()
        with failing("failed to read file"):
            data, ended = stream.read(count)
        beginning = b'{"count": %d, "buf-b64": "' % len(data)
        text = encode(data)
        del data  # up to 48 MiB, before the next copy is made
        return Encoded(beginning, text, _ENDS[ended])

    def _write(self, arguments: Mapping[str, JSON]) -> JSON:
        stream = self._handles.find(arguments["handle"])
        with failing("failed to seek file"):
            stream.begin_writing()
        data = decode(arguments["buf-b64"])
        count = arguments.get("count", len(data))
        if not 0 <= count <= len(data):
            raise _bad_count(count)
        with failing("failed to write to file"):
            stream.write(memoryview(data)[:count])
        return {"count": count, "eof": False}

    def _seek(self, arguments: Mapping[str, JSON]) -> JSON:
        stream = self._handles.find(arguments["handle"])
        whence = _WHENCE.get(arguments["whence"])
        if whence is None:
            raise CommandFailed(f"invalid whence code {arguments['whence']}")
        with failing("failed to seek file"):
            position = stream.seek(arguments["offset"], whence)
        return {"position": position, "eof": False}

    def _flush(self, arguments: Mapping[str, JSON]) -> JSON:
        stream = self._handles.find(arguments["handle"])
        with failing("failed to flush file"):
            stream.flush()
        return {}


def _bad_count(count: int) -> CommandFailed:
    return CommandFailed(f"value '{count}' is invalid for argument count")
