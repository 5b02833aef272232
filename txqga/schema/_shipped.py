"""
The schemas that txqga ships: every command of QEMU's guest agent, in our words, and our own.
"""

from functools import cache
from pathlib import Path

from txqga.schema._schema import Schema, parse

_DATA = Path(__file__).parent / "data"


def read_data(name: str) -> tuple[str, str]:
    """Give the text of one of our files, and its path."""
    path = _DATA / name
    return path.read_text(encoding="utf-8"), str(path)


@cache
def shipped() -> Schema:
    """Give what QEMU's agent understands, from ``txqga/schema/data``; it is read once."""
    text, where = read_data("guest.json")
    return parse(text, where, read_data)


@cache
def extended() -> Schema:
    """Give what txqga's agent understands: that, and the ``txqga-*`` commands after it."""
    text, where = read_data("txqga.json")
    return shipped().with_fragment(text, where, read_data)
