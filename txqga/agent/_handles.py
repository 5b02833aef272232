"""
Open files by number.

They belong to the agent, not to a connection: a client may open a file, go, and come back.
"""

import contextlib
from collections.abc import Callable

from txqga.agent._stdio import Stream
from txqga.errors import CommandFailed


class Handles:
    """What clients have opened and not yet closed."""

    def __init__(self, next_handle: Callable[[], int]) -> None:
        """
        :param next_handle: returns a number that was never used, once it is written down that it
            is; raises :class:`CommandFailed` when it cannot be.
        """
        self._next_handle = next_handle
        self._open: dict[int, Stream] = {}

    def add(self, stream: Stream) -> int:
        """
        Give an open file its handle.

        :raise CommandFailed: there is no number to be had; the file is closed then.
        """
        try:
            handle = self._next_handle()
        except CommandFailed:
            with contextlib.suppress(OSError):
                stream.close()
            raise
        self._open[handle] = stream
        return handle

    def find(self, handle: int) -> Stream:
        """
        Return the file that has this handle.

        :raise CommandFailed: none has.
        """
        try:
            return self._open[handle]
        except KeyError:
            raise CommandFailed(f"handle '{handle}' has not been found") from None

    def take(self, handle: int) -> Stream:
        """
        Return the file that has this handle, and forget the handle.

        :raise CommandFailed: none has.
        """
        stream = self.find(handle)
        del self._open[handle]
        return stream

    def take_all(self) -> dict[int, Stream]:
        """Return every open file by handle, and forget them all."""
        taken, self._open = self._open, {}
        return taken
