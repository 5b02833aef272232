"""
The OpenAPI 3.1 document of the control interface.

What it says of commands is drawn from the schema that arguments are checked with, one path for
each; what it says of errors, from the table that they are made with.
"""

from collections.abc import Iterable, Mapping

from txqga import __version__
from txqga.control._json_schema import arguments_schema, components, type_schema
from txqga.control._problem import CODES, CONTENT_TYPE
from txqga.schema import Command, Schema, command_class
from txqga.wire import JSON

#: What may happen to any request.
ALWAYS = ("bad-request", "unauthenticated", "forbidden", "method-not-allowed", "misdirected")

#: What else may happen to a command.
COMMAND = (
    "no-such-guest",
    "no-such-command",
    "agent-unavailable",
    "command-failed",
    "outcome-unknown",
    "guest-is-frozen",
    "lease-not-written",
    "not-frozen",
    "did-not-hold",
    "too-large",
    "unsupported-media-type",
    "invalid-arguments",
    "busy",
)

#: Commands that belong to an agent's channel, and are none of the interface.
SYNCS = frozenset({"guest-sync", "guest-sync-delimited"})

NAME: Mapping[str, JSON] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}

GUEST: JSON = {
    "name": "guest",
    "in": "path",
    "required": True,
    "description": "The guest's name.",
    "schema": NAME,
}


def document(schema: Schema, paths: Mapping[str, JSON], shapes: Mapping[str, JSON]) -> JSON:
    """
    Write the document.

    :param schema: its commands can be called, its types are described.
    :param paths: what there is besides commands, as OpenAPI says it.
    :param shapes: the types that those speak of, as JSON Schema.
    """
    made: dict[str, JSON] = dict(paths)
    for command in schema.commands.values():
        if command.name in SYNCS:
            continue
        made[f"/v1/guests/{{guest}}/commands/{command.name}"] = {
            "parameters": [GUEST],
            "post": _command(schema, command),
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "txqga mux",
            "version": __version__,
            "description": "Guests of this host, and the QEMU guest agents in them.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": made,
        "components": {
            "schemas": {**components(schema), **shapes, "Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def errors(codes: Iterable[str]) -> dict[str, JSON]:
    """Describe what these codes look like, by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(CODES[code][0], []).append(code)
    return {
        str(status): {
            "description": " ".join(f"`{code}`: {CODES[code][1]}" for code in found),
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, found in sorted(by_status.items())
    }


def answer(schema: JSON, description: str, kind: str = "application/json") -> JSON:
    """Describe what comes when all is well."""
    return {"description": description, "content": {kind: {"schema": schema}}}


def operation(
    name: str,
    summary: str,
    answers: Mapping[str, JSON],
    codes: Iterable[str] = (),
    **more: JSON,
) -> JSON:
    """Describe what can be done at a path."""
    return {
        "operationId": name,
        "summary": summary,
        **more,
        "responses": {**answers, **errors([*ALWAYS, *codes])},
    }


def _command(schema: Schema, command: Command) -> JSON:
    returns: JSON = {"type": "object"}
    if command.returns is not None:
        returns = type_schema(command.returns)
    well = answer(
        {"type": "object", "properties": {"return": returns}, "required": ["return"]},
        "The agent's answer.",
    )
    answers: dict[str, JSON] = {"200": well}
    if not command.success_response:
        answers = {"202": answer({"type": "object"}, "The agent took it; it gives no answer.")}
    summary, _, rest = command.doc.text.partition("\n\n")
    kind = command_class(schema, command.name, {})
    return operation(
        command.name,
        " ".join(summary.split()),
        answers,
        COMMAND,
        description=f"{rest}\n\nClass: {kind.value}.".strip(),
        requestBody={
            "required": any(not each.optional for each in command.arguments),
            "content": {"application/json": {"schema": arguments_schema(schema, command)}},
        },
        tags=["commands"],
    )


_PROBLEM: JSON = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(CODES)},
        "detail": {"type": "string"},
        "class": {"type": "string", "description": "The agent's own error class."},
        "state": {"type": "string", "description": "How the agent is."},
        "guests": {"$ref": "#/components/schemas/Failures"},
        "id": {"type": "string", "description": "The id of the group."},
        "command-class": {"type": "string", "enum": ["read", "idempotent", "once"]},
    },
    "required": ["type", "title", "status", "code", "detail"],
}
