"""
QAPI: the schema language, what QEMU's guest agent understands, and arguments checked against it.
"""

from txqga.schema._checking import check
from txqga.schema._classes import CommandClass, command_class
from txqga.schema._model import (
    Alternate,
    ArrayOf,
    Command,
    Condition,
    Definition,
    Doc,
    Enum,
    EnumValue,
    Event,
    Member,
    Struct,
    Type,
    Union,
)
from txqga.schema._schema import Schema, parse
from txqga.schema._shipped import shipped

__all__ = [
    "Alternate",
    "ArrayOf",
    "Command",
    "CommandClass",
    "Condition",
    "Definition",
    "Doc",
    "Enum",
    "EnumValue",
    "Event",
    "Member",
    "Schema",
    "Struct",
    "Type",
    "Union",
    "check",
    "command_class",
    "parse",
    "shipped",
]
