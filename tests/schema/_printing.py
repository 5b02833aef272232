"""
Definitions back into schema text, for tests that ask whether reading it gives the same again.
"""

import json
from collections.abc import Iterable
from typing import Any

from txqga.schema import (
    Alternate,
    ArrayOf,
    Command,
    Definition,
    Enum,
    EnumValue,
    Event,
    Member,
    Schema,
    Struct,
    Type,
    Union,
)


def printed(schema: Schema) -> str:
    """Print a schema in the language's own style: documentation, single quotes."""
    return "\n".join(f"{_doc(each)}{_quoted(_body(each, schema))}\n" for each in _all(schema))


def printed_as_json(schema: Schema) -> str:
    """Print a schema as a sequence of plain JSON objects, where documentation has no place."""
    return "\n".join(json.dumps(_body(each, schema), indent=2) for each in _all(schema))


def _all(schema: Schema) -> Iterable[Definition]:
    return schema.definitions.values()


def _quoted(body: Any) -> str:
    return json.dumps(body).replace('"', "'")


def _type(type: Type) -> Any:
    return [type.element] if isinstance(type, ArrayOf) else type


def _clauses(named: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if named.condition is not None:
        made["if"] = named.condition
    if named.features:
        made["features"] = [
            {"name": name, "if": named.feature_conditions[name]}
            if name in named.feature_conditions
            else name
            for name in named.features
        ]
    return made


def _members(members: Iterable[Member]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for member in members:
        clauses = _clauses(member)
        name = "*" * member.optional + member.name
        made[name] = {"type": _type(member.type), **clauses} if clauses else _type(member.type)
    return made


def _value(value: EnumValue) -> Any:
    clauses = _clauses(value)
    return {"name": value.name, **clauses} if clauses else value.name


def _own(definition: Struct | Union, schema: Schema) -> tuple[Member, ...]:
    inherited = len(schema.structs[definition.base].members) if definition.base else 0
    return definition.members[inherited:]


def _body(definition: Definition, schema: Schema) -> dict[str, Any]:
    name, clauses = definition.name, _clauses(definition)
    match definition:
        case Struct(base=base):
            more = {"base": base} if base else {}
            return {"struct": name, **more, "data": _members(_own(definition, schema)), **clauses}
        case Union(base=base):
            return {
                "union": name,
                "base": base or _members(definition.members),
                "discriminator": definition.discriminator,
                "data": _members(definition.branches),
                **clauses,
            }
        case Enum():
            return {"enum": name, "data": [_value(each) for each in definition.values], **clauses}
        case Alternate():
            return {"alternate": name, "data": _members(definition.branches), **clauses}
        case Event():
            return {"event": name, "data": _members(definition.arguments), **clauses}
        case Command():
            made: dict[str, Any] = {"command": name}
            if definition.data is not None:
                made["data"] = definition.data
            elif definition.arguments:
                made["data"] = _members(definition.arguments)
            if definition.returns is not None:
                made["returns"] = _type(definition.returns)
            if not definition.success_response:
                made["success-response"] = False
            return {**made, **clauses}


def _doc(definition: Definition) -> str:
    doc = definition.doc
    lines = [f"@{definition.name}:", *([doc.text] if doc.text else [])]
    for name, text in doc.members.items():
        lines += ["", f"@{name}: {text}"]
    for tag, text in doc.sections:
        lines += ["", f"{tag}: {text}"]
    if doc.features:
        lines += ["", "Features:", *(f"@{name}: {text}" for name, text in doc.features.items())]
    if doc.since:
        lines += ["", f"Since: {doc.since}"]
    return "".join(["##\n", *(f"# {line}".rstrip() + "\n" for line in lines), "##\n"])
