"""Octets in base64, as the wire has them: by ``pybase64`` where it is installed."""

from base64 import b64decode
from binascii import b2a_base64
from typing import TYPE_CHECKING

from txqga.errors import Misfit
from txqga.wire import JSON

try:
    import pybase64
except ImportError:
    pybase64 = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from typing_extensions import Buffer


def _encode_with_stdlib(data: "Buffer") -> str:
    return b2a_base64(data, newline=False).decode("ascii")


_decode = b64decode if pybase64 is None else pybase64.b64decode

#: Return octets as text of the wire.
encode = _encode_with_stdlib if pybase64 is None else pybase64.b64encode_as_string


def decode(where: str, text: JSON, most: int) -> bytes:
    """
    Return what a guest has sent.

    :param where: the member that it is, for the error.
    :param most: how many octets were asked for.
    :raise Misfit: it is no base64, or of more octets.
    """
    if type(text) is not str:
        raise Misfit(where, "string expected")
    try:
        data = _decode(text, validate=True)
    except ValueError:
        raise Misfit(where, "it is no base64") from None
    if len(data) > most:
        raise Misfit(where, f"{len(data)} octets came where {most} were asked for")
    return data
