"""What the schema says of a command, as help for people."""

from collections.abc import Iterator
from textwrap import indent

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
    command_class,
)

#: What asking it twice does, by its class.
CLASSES = {
    "read": "It only reads.",
    "idempotent": "Done twice, it is as done once.",
    "once": "It changes something, each time that it is called.",
}


def command_help(schema: Schema, command: Command) -> str:
    """Write the help of a command: usage, what it does, arguments, what it returns."""
    words = [_usage(each) for each in command.arguments]
    parts = [f"Usage: txqga call GUEST {' '.join([command.name, *words])}"]
    if command.doc.text:
        parts.append(indent(command.doc.text, "  "))
    told = "\n".join(_members(schema, command.arguments, command.doc.members))
    if told:
        parts.append(f"Arguments:\n{told}")
    for tag, text in command.doc.sections:
        parts.append(f"{tag}:\n{indent(text, '  ')}")
    if command.returns is not None:
        parts.append(
            f"Returns {_named(command.returns)}:\n{''.join(_shape(schema, command))}".rstrip()
        )
    facts = [CLASSES[command_class(schema, command.name, {}).value]]
    if not command.success_response:
        facts.append("There is no reply when it works.")
    if command.since:
        facts.append(f"Since {command.since}.")
    parts.append(" ".join(facts))
    return "\n\n".join(parts)


def _usage(member: Member) -> str:
    word = f"{member.name}={_WORDS.get(str(member.type), 'VALUE')}"
    if isinstance(member.type, ArrayOf):
        word = f"{member.name}={_WORDS.get(member.type.element, 'VALUE')}..."
    return f"[{word}]" if member.optional else word


_WORDS = {"str": "TEXT", "bool": "true|false", "int": "NUMBER"}


def _named(type_: Type) -> str:
    return f"list of {type_.element}" if isinstance(type_, ArrayOf) else type_


def _members(
    schema: Schema, members: "tuple[Member, ...]", docs: "dict[str, str] | object"
) -> Iterator[str]:
    texts = docs if isinstance(docs, dict) else {}
    for each in members:
        optional = ", optional" if each.optional else ""
        yield f"  {each.name} ({_named(each.type)}{optional})"
        text = each.doc or texts.get(each.name, "")
        if text:
            yield indent(text, "      ")
        element = each.type.element if isinstance(each.type, ArrayOf) else each.type
        defined = schema.definitions.get(element)
        values = list(_values(schema, element))
        if values:
            yield f"      one of: {', '.join(values)}"
        elif isinstance(defined, Struct):
            inner = _members(schema, defined.members, defined.doc.members)
            yield from (indent(line, "    ") for line in inner)


def _values(schema: Schema, type_: str) -> Iterator[str]:
    match schema.definitions.get(type_):
        case Enum(values=values):
            yield from (each.name for each in values)
        case Alternate(branches=branches):
            for each in branches:
                yield from _values(schema, str(each.type))


def _shape(schema: Schema, command: Command) -> Iterator[str]:
    type_ = command.returns
    element = type_.element if isinstance(type_, ArrayOf) else type_
    defined = schema.definitions.get(element or "")
    if isinstance(defined, Struct | Union):
        for line in _members(schema, defined.members, defined.doc.members):
            yield f"{line}\n"
