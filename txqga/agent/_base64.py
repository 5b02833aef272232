"""
Base64 as GLib reads it, which is what ``qemu-ga`` does with ``buf-b64`` and ``input-data``.

GLib takes four digits at a time, wherever padding stands: each group gives its first octet
always, its second unless the third digit is ``=``, its third unless the fourth is ``=``; an
incomplete last group is dropped. What everybody sends, padding at the end only, is decoded in one
go: by ``pybase64`` where it is installed, which takes a fiftieth of the standard library's time,
and that is half of what a large read costs.
"""

import string
from binascii import a2b_base64, b2a_base64
from itertools import compress
from typing import TYPE_CHECKING

from txqga.errors import CommandFailed

try:
    import pybase64
except ImportError:
    pybase64 = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from typing_extensions import Buffer

_ALLOWED = (string.ascii_letters + string.digits + "+/=\n").encode()
_KEPT = bytes(digit != ord("=") for digit in range(256))  #: 0 for a digit that drops an octet


def _encode_with_stdlib(data: "Buffer") -> bytes:
    return b2a_base64(data, newline=False)


def _decode_with_pybase64(text: str) -> bytes:
    return pybase64.b64decode(text, validate=True)


#: Return octets in base64: one line, padded.
encode = _encode_with_stdlib if pybase64 is None else pybase64.b64encode

#: Decode what is padded as usual; raises ValueError for the rest, or skips it.
_decode_plain = a2b_base64 if pybase64 is None else _decode_with_pybase64


def decode(text: str) -> bytes:
    """
    Return what ``text`` stands for.

    :raise CommandFailed: there is something else in it than digits, ``=`` and line feeds.
    """
    digits = text.find("=")
    if digits < 0:
        digits = len(text)
    if len(text) % 4 == 0 and text[digits:] in ("", "=", "=="):
        try:
            data = _decode_plain(text)
        except ValueError:
            return _decode_groups(text)
        # The standard library skips what is no digit: it did not if nothing is missing.
        if len(data) == digits * 3 // 4:
            return data
    return _decode_groups(text)


def _decode_groups(text: str) -> bytes:
    """Decode by GLib's rules; still without a loop in Python, for 48 MiB of ``=`` cost too."""
    try:
        octets = text.encode("ascii")
    except UnicodeEncodeError:
        octets = b" "
    if octets.translate(None, _ALLOWED):
        raise CommandFailed("Base64 data contains invalid characters")
    digits = octets.translate(None, b"\n")
    digits = digits[: len(digits) & ~3]
    data = a2b_base64(digits.replace(b"=", b"A"))
    padding = digits.find(b"=")
    if padding < 0:
        return data
    plain = padding >> 2  # groups before the first that holds an "="
    rest = memoryview(data)[plain * 3 :]
    kept = bytearray(b"\1") * len(rest)
    kept[1::3] = digits[plain * 4 + 2 :: 4].translate(_KEPT)
    kept[2::3] = digits[plain * 4 + 3 :: 4].translate(_KEPT)
    return data[: plain * 3] + bytes(compress(rest, kept))
