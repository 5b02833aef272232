"""What a guest's programs and files say, on its way to a terminal or into a pipe."""

import codecs
from collections.abc import Callable
from typing import BinaryIO, Protocol, TextIO

from txqga.cli._shown import shown


class Octets(Protocol):
    """Where octets go."""

    def write(self, data: bytes, /) -> object:
        """Write them, now."""

    def flush(self) -> object:
        """No more will come."""


class Escaping:
    r"""
    Octets on a terminal, which obeys none of them: an escape is written as ``\x1b``.

    Lines stay lines; what is no UTF-8 is written as numbers.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._decode: Callable[..., str] = codecs.getincrementaldecoder("utf-8")(
            "backslashreplace"
        ).decode
        self._held = ""  #: a carriage return, which is nothing before a newline

    def write(self, data: bytes, /) -> None:
        """Write them, but for a character that is not whole yet."""
        self._write(self._decode(data), last=False)

    def flush(self) -> None:
        """No more will come."""
        self._write(self._decode(b"", True), last=True)

    def _write(self, text: str, *, last: bool) -> None:
        text = (self._held + text).replace("\r\n", "\n")
        self._held = "" if last or not text.endswith("\r") else "\r"
        self._stream.write(shown(text.removesuffix(self._held), lines=True))
        self._stream.flush()


class Plain:
    """Octets as they are."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: bytes, /) -> None:
        """Write all of them, and now."""
        self._stream.write(data)
        self._stream.flush()

    def flush(self) -> None:
        """There is nothing left."""


def octets(stream: TextIO, *, raw: bool = False) -> Octets:
    """
    Give what writes octets to a stream.

    :param raw: as they are, also on a terminal.
    """
    buffer: BinaryIO | None = getattr(stream, "buffer", None)
    if buffer is None or (stream.isatty() and not raw):
        return Escaping(stream)
    return Plain(buffer)
