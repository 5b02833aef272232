"""Messages of rtnetlink, made by hand."""

import struct

DONE, ERROR = 3, 2


def attribute(kind: int, value: bytes) -> bytes:
    """An attribute, padded to four octets."""
    return padded(struct.pack("=HH", 4 + len(value), kind) + value)


def message(kind: int, body: bytes, *, flags: int = 2, sequence: int = 1) -> bytes:
    """A message, padded to four octets."""
    return padded(struct.pack("=IHHII", 16 + len(body), kind, flags, sequence, 0) + body)


def padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)


def link(index: int, name: bytes, hardware: bytes | None = None, *, flags: int = 2) -> bytes:
    """A message that tells of a link."""
    body = struct.pack("=BxHiII", 0, 1, index, 0, 0) + attribute(3, name + b"\0")
    body += b"" if hardware is None else attribute(1, hardware)
    return message(16, body, flags=flags)


def address(family: int, index: int, prefix: int, **attributes: bytes) -> bytes:
    """A message that tells of an address: ``far``, ``local``, ``label``."""
    kinds = {"far": 1, "local": 2, "label": 3}
    body = struct.pack("=BBBBI", family, prefix, 0, 0, index)
    for name, value in attributes.items():
        body += attribute(kinds[name], value)
    return message(20, body)


def done() -> bytes:
    """The message that ends a list."""
    return message(DONE, struct.pack("=i", 0))


def error(number: int) -> bytes:
    """The message that refuses."""
    return message(ERROR, struct.pack("=i", -number) + bytes(16))
