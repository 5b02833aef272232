"""The types of a QAPI schema as JSON Schema 2020-12, which OpenAPI 3.1 speaks."""

from collections.abc import Callable, Iterable, Mapping

from txqga.schema import (
    Alternate,
    ArrayOf,
    Command,
    Enum,
    Member,
    Schema,
    Struct,
    Type,
    Union,
)
from txqga.wire import JSON

_INT64 = {"minimum": -(2**63), "maximum": 2**63 - 1}
_BUILTINS: Mapping[str, dict[str, JSON]] = {
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "null": {"type": "null"},
    "any": {},
    "number": {"type": "number"},
    "int": {"type": "integer", **_INT64},
    "int8": {"type": "integer", "minimum": -(2**7), "maximum": 2**7 - 1},
    "int16": {"type": "integer", "minimum": -(2**15), "maximum": 2**15 - 1},
    "int32": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "int64": {"type": "integer", **_INT64},
    "uint8": {"type": "integer", "minimum": 0, "maximum": 2**8 - 1},
    "uint16": {"type": "integer", "minimum": 0, "maximum": 2**16 - 1},
    "uint32": {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    # a negative number wraps, on the way in
    "uint64": {"type": "integer", "minimum": -(2**63), "maximum": 2**64 - 1},
    "size": {"type": "integer", "minimum": -(2**63), "maximum": 2**64 - 1},
}


def type_schema(type: Type) -> dict[str, JSON]:
    """Describe a type; what has a name is told by reference."""
    if isinstance(type, ArrayOf):
        return {"type": "array", "items": type_schema(type.element)}
    found = _BUILTINS.get(type)
    return {"$ref": f"#/components/schemas/{type}"} if found is None else found


def arguments_schema(schema: Schema, command: Command) -> JSON:
    """Describe the arguments of a command: objects, with nothing in them that is not known."""
    return _given(schema, command.arguments, ())


def _given(schema: Schema, members: Iterable[Member], around: tuple[str, ...]) -> JSON:
    """
    Describe an object that is sent; what it holds is written out, for no reply looks so strict.

    :param around: names of the structs that this one is in; one within itself is referred to.
    """
    members = tuple(members)
    described = _object(members, lambda member: not member.optional)
    for member in members:
        held = member.type.element if isinstance(member.type, ArrayOf) else member.type
        struct = schema.structs.get(held)
        if struct is not None and held not in around:
            inner = _given(schema, struct.members, (*around, held))
            if isinstance(member.type, ArrayOf):
                inner = {"type": "array", "items": inner}
            described["properties"][member.name] = _titled(inner, member.doc)
    return {**described, "additionalProperties": False}


def components(schema: Schema) -> dict[str, JSON]:
    """
    Describe every type that has a name.

    They describe what agents say: a member that came later than its struct is missing where the
    agent is older, and what a newer agent adds is no mistake.
    """
    made: dict[str, JSON] = {}
    for name, definition in schema.definitions.items():
        match definition:
            case Struct():
                made[name] = _titled(
                    _object(definition.members, _always_there), definition.doc.text
                )
            case Union():
                made[name] = _titled(_union(definition), definition.doc.text)
            case Enum():
                values: list[JSON] = [each.name for each in definition.values]
                made[name] = _titled({"type": "string", "enum": values}, definition.doc.text)
            case Alternate():
                branches: list[JSON] = [type_schema(each.type) for each in definition.branches]
                made[name] = _titled({"anyOf": branches}, definition.doc.text)
    return made


def _object(members: Iterable[Member], is_required: Callable[[Member], bool]) -> dict[str, JSON]:
    members = tuple(members)
    described: dict[str, JSON] = {
        "type": "object",
        "properties": {each.name: _member(each) for each in members},
    }
    required: list[JSON] = [each.name for each in members if is_required(each)]
    if required:
        described["required"] = required
    return described


def _member(member: Member) -> JSON:
    described = type_schema(member.type)
    if member.is_base64:
        described = {**described, "contentEncoding": "base64"}
    return _titled(described, member.doc)


def _union(union: Union) -> dict[str, JSON]:
    """Describe the shared members; those of a branch are there where it was chosen."""
    shared = _object(union.members, _always_there)
    branches: list[JSON] = [
        {
            "if": {"properties": {union.discriminator: {"const": branch.name}}},
            "then": type_schema(branch.type),
        }
        for branch in union.branches
    ]
    return {**shared, "allOf": branches} if branches else shared


def _titled(described: JSON, text: str) -> JSON:
    return {**described, "description": text} if text else described


def _always_there(member: Member) -> bool:
    return not member.optional and member.since is None
