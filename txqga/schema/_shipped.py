"""
The schema that txqga ships: every command of QEMU's guest agent, in our words.
"""

from functools import cache
from pathlib import Path

from txqga.schema._schema import Schema, parse

_DATA = Path(__file__).parent / "data"


def _read(name: str) -> tuple[str, str]:
    path = _DATA / name
    return path.read_text(encoding="utf-8"), str(path)


@cache
def shipped() -> Schema:
    """Give the schema in ``txqga/schema/data``; it is read once."""
    text, where = _read("guest.json")
    return parse(text, where, _read)
