"""
Expressions into definitions: what each of the six kinds may say, one function each.

Names of other types are taken as they are; ``_linking`` asks whether they exist.
"""

from collections.abc import Callable
from typing import Any

from txqga.schema._clauses import Clauses, folded
from txqga.schema._doc import read_doc, version_in
from txqga.schema._expressions import Array, Expression, Object
from txqga.schema._model import (
    IDEMPOTENT,
    READ,
    Alternate,
    Command,
    Definition,
    Doc,
    Enum,
    EnumValue,
    Event,
    Member,
    Struct,
    Union,
)

_ANYWHERE = ("if", "features")


def define_one(clauses: Clauses, kind: str, expression: Expression) -> Definition:
    """
    Make the definition that an expression of this kind spells.

    :param kind: one of ``KINDS``.
    """
    body = expression.body
    at = body.places[kind]
    name = clauses.name(clauses.string(body, kind), at)
    keys, make = KINDS[kind]
    clauses.keys(body, (kind, *keys, *_ANYWHERE), f"{kind} '{name}'")
    subject, doc = read_doc(expression.doc) if expression.doc else ("", Doc())
    if subject and subject != name:
        raise clauses.fault(expression.doc_at, f"this comment is about '{subject}', not '{name}'")
    if not subject:
        doc = Doc()  # prose between definitions
    features, conditions = clauses.features(body)
    shared: dict[str, Any] = {
        "name": name,
        "doc": doc,
        "since": version_in(doc.since) if doc.since else None,
        "condition": clauses.condition(body),
        "features": features,
        "feature_conditions": conditions,
    }
    clauses.places[name, ""] = at
    made = make(clauses, body, shared)
    _check_doc(clauses, expression, made)
    return made


def _check_doc(clauses: Clauses, expression: Expression, made: Definition) -> None:
    """Refuse a description of what is not there: it is a misspelling, or was left behind."""
    if not made.doc.members and not made.doc.features:
        return
    for name in made.doc.features:
        if name not in made.features:
            raise clauses.fault(expression.doc_at, f"'{made.name}' has no feature '{name}'")
    for name in made.doc.members:
        if (made.name, name) not in clauses.places:
            raise clauses.fault(expression.doc_at, f"'{made.name}' has no member '{name}'")


def _command(clauses: Clauses, body: Object, shared: dict[str, Any]) -> Definition:
    features = shared["features"]
    if READ in features and IDEMPOTENT in features:
        at = body.places["features"]
        raise clauses.fault(at, f"a command is '{READ}' or '{IDEMPOTENT}', not both")
    arguments, data = _data(clauses, body, shared)
    returns = body.get("returns")
    return Command(
        arguments=arguments,
        data=data,
        returns=None if returns is None else clauses.type(returns, body.places["returns"]),
        success_response=clauses.boolean(body, "success-response", default=True),
        **shared,
    )


def _event(clauses: Clauses, body: Object, shared: dict[str, Any]) -> Definition:
    arguments, data = _data(clauses, body, shared)
    return Event(arguments=arguments, data=data, **shared)


def _data(
    clauses: Clauses, body: Object, shared: dict[str, Any]
) -> tuple[tuple[Member, ...], str | None]:
    """Read the arguments of a command or event: members, or the name of a type that has them."""
    boxed = clauses.boolean(body, "boxed", default=False)
    if "data" not in body:
        if boxed:
            raise clauses.fault(body.places["boxed"], "'boxed' needs 'data'")
        return (), None
    data = body["data"]
    if isinstance(data, str):
        return (), clauses.name(data, body.places["data"])
    if boxed:
        raise clauses.fault(body.places["boxed"], "'boxed' needs the name of a type as 'data'")
    return clauses.members(shared["name"], data, body.places["data"], shared["doc"]), None


def _needed(clauses: Clauses, body: Object, shared: dict[str, Any], *keys: str) -> None:
    for key in keys:
        if key not in body:
            at = next(iter(body.places.values()))
            raise clauses.fault(at, f"'{shared['name']}' has no '{key}'")


def _struct(clauses: Clauses, body: Object, shared: dict[str, Any]) -> Definition:
    _needed(clauses, body, shared, "data")
    return Struct(
        members=clauses.members(shared["name"], body["data"], body.places["data"], shared["doc"]),
        base=clauses.string(body, "base") if "base" in body else None,
        **shared,
    )


def _union(clauses: Clauses, body: Object, shared: dict[str, Any]) -> Definition:
    _needed(clauses, body, shared, "base", "discriminator", "data")
    name, doc, base = shared["name"], shared["doc"], body["base"]
    named = isinstance(base, str)
    branches = clauses.branches(name, body["data"], body.places["data"], doc)
    return Union(
        members=() if named else clauses.members(name, base, body.places["base"], doc),
        base=clauses.string(body, "base") if named else None,
        discriminator=clauses.string(body, "discriminator"),
        branches=branches,
        **shared,
    )


def _alternate(clauses: Clauses, body: Object, shared: dict[str, Any]) -> Definition:
    _needed(clauses, body, shared, "data")
    return Alternate(
        branches=clauses.branches(shared["name"], body["data"], body.places["data"], shared["doc"]),
        **shared,
    )


def _enum(clauses: Clauses, body: Object, shared: dict[str, Any]) -> Definition:
    _needed(clauses, body, shared, "data")
    data, at = body["data"], body.places["data"]
    if not isinstance(data, Array):
        raise clauses.fault(at, "the 'data' of an enum is a list of values")
    values: dict[str, EnumValue] = {}
    for each, place in zip(data, data.places, strict=True):
        value = clauses.enum_value(shared["name"], each, place, shared["doc"])
        other = values.setdefault(folded(value.name).upper(), value)
        if other is not value:
            raise clauses.fault(place, f"'{value.name}' and '{other.name}' have the same name")
    return Enum(values=tuple(values.values()), **shared)


#: each kind, the members it may have besides its name, and what makes it; ``gen`` and the like
#: steer QEMU's code generator and say nothing about the wire
KINDS: dict[
    str, tuple[tuple[str, ...], Callable[[Clauses, Object, dict[str, Any]], Definition]]
] = {
    "command": (
        (
            "data",
            "boxed",
            "returns",
            "success-response",
            "gen",
            "allow-oob",
            "allow-preconfig",
            "coroutine",
        ),
        _command,
    ),
    "event": (("data", "boxed"), _event),
    "struct": (("data", "base"), _struct),
    "type": (("data", "base"), _struct),  # what 'struct' was called up to QEMU 2.3
    "union": (("base", "discriminator", "data"), _union),
    "alternate": (("data",), _alternate),
    "enum": (("data", "prefix"), _enum),
}
