"""
QAPI: the schema language, what QEMU's guest agent understands, and arguments checked against it.
"""

from txqga.schema._checking import check
from txqga.schema._classes import CommandClass, command_class, unfenced
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
from txqga.schema._platforms import PLATFORMS, holds
from txqga.schema._schema import Schema, parse
from txqga.schema._shipped import extended, shipped
from txqga.schema._structure import structure, unstructure
from txqga.schema._types import attribute_name, attrs_type, python_name
from txqga.schema._versions import known_to, since_on

__all__ = [
    "PLATFORMS",
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
    "attribute_name",
    "attrs_type",
    "check",
    "command_class",
    "extended",
    "holds",
    "known_to",
    "parse",
    "python_name",
    "shipped",
    "since_on",
    "structure",
    "unfenced",
    "unstructure",
]
