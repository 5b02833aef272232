"""What the OpenAPI document says of all that is no command."""

from collections.abc import Mapping

from txqga.control._event_paths import EVENT_PATHS, EVENT_SHAPES
from txqga.control._figure_paths import FIGURE_PATHS, FIGURE_SHAPES
from txqga.control._freeze_paths import FREEZE_PATHS, FREEZE_SHAPES
from txqga.control._openapi import GUEST, NAME, answer, operation
from txqga.mux import MEANINGS
from txqga.session import State
from txqga.wire import JSON

#: The types that the paths speak of.
SHAPES: Mapping[str, JSON] = {
    **EVENT_SHAPES,
    **FIGURE_SHAPES,
    **FREEZE_SHAPES,
    "Guest": {
        "type": "object",
        "properties": {
            "name": NAME,
            "state": {"type": "string", "enum": [each.value for each in State]},
            "reason": {"type": "string", "description": "A sentence for people."},
            "seconds": {
                "type": "number",
                "minimum": 0,
                "description": "How long it has been in this state.",
            },
            "freeze": {"$ref": "#/components/schemas/Freeze"},
        },
        "required": ["name", "state", "reason", "seconds", "freeze"],
    },
    "Finding": {
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": sorted(MEANINGS)},
            "words": {"type": "string", "description": "What it means, for people."},
            "advice": {"type": "string", "description": "What to do; empty: nothing."},
            "seconds": {"type": "number", "description": "How long it has been so."},
        },
        "required": ["code", "words", "advice"],
    },
}

_ME: JSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "description": "As which the asker is known, for people."},
        "adds": {
            "type": "boolean",
            "description": "Whether there is a name under which a guest may be added.",
        },
        "may": {
            "type": "array",
            "description": "Guests of which something may be asked, together where it is the same.",
            "items": {
                "type": "object",
                "properties": {
                    "guests": {"type": "array", "items": NAME},
                    "commands": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "Those that are not refused whatever their arguments, by "
                        "their names in a policy: of `PUT` and `DELETE` they are `mux-add-guest` "
                        "and `mux-remove-guest`. Whether the agent has them is another question.",
                    },
                },
                "required": ["guests", "commands"],
            },
        },
    },
    "required": ["name", "adds", "may"],
}
_GUEST: JSON = {"$ref": "#/components/schemas/Guest"}
_OBJECT: JSON = {"type": "object"}

_DIAGNOSIS: JSON = {
    "type": "object",
    "properties": {
        "name": NAME,
        "findings": {
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/components/schemas/Finding"},
        },
    },
    "required": ["name", "findings"],
}
_CHANNEL: JSON = {
    "type": "object",
    "properties": {
        "channel": {
            "type": "string",
            "description": "The absolute path of a UNIX socket, or a client endpoint description.",
        }
    },
    "required": ["channel"],
    "additionalProperties": False,
}
_ADDED: JSON = {
    "type": "object",
    "properties": {"name": NAME, "channel": {"type": "string"}},
    "required": ["name", "channel"],
}

#: The paths.
PATHS: Mapping[str, JSON] = {
    **FIGURE_PATHS,
    **FREEZE_PATHS,
    "/v1/health": {
        "get": operation(
            "health",
            "Whether this process runs",
            {"200": answer(_OBJECT, "It does.")},
        )
    },
    "/v1/ready": {
        "get": operation(
            "ready",
            "Whether guests are served",
            {"200": answer(_OBJECT, "They are.")},
            ["not-ready"],
        )
    },
    "/v1/openapi.json": {
        "get": operation("openapi", "This document", {"200": answer(_OBJECT, "This document.")})
    },
    "/v1/me": {
        "get": operation(
            "me",
            "Who asks, and what they may do",
            {"200": answer(_ME, "What the policy says now; it may be changed at any time.")},
        )
    },
    "/metrics": {
        "get": operation(
            "metrics",
            "The mux's own figures, as Prometheus reads them",
            {"200": answer({"type": "string"}, "The figures.", "text/plain")},
            parameters=[
                {
                    "name": "guest",
                    "in": "query",
                    "description": "Only this guest; more than one may be named.",
                    "schema": {"type": "array", "items": {"type": "string"}},
                }
            ],
        )
    },
    "/v1/guests": {
        "get": operation(
            "guests",
            "All guests, and how their agents are",
            {
                "200": answer(
                    {
                        "type": "object",
                        "properties": {"guests": {"type": "array", "items": _GUEST}},
                        "required": ["guests"],
                    },
                    "The guests.",
                )
            },
        )
    },
    "/v1/guests/{guest}": {
        "parameters": [GUEST],
        "get": operation(
            "guest",
            "One guest, and how its agent is",
            {"200": answer(_GUEST, "The guest.")},
            ["no-such-guest"],
        ),
        "put": operation(
            "add-guest",
            "Serve one more guest, until it is removed or the mux ends",
            {
                "200": answer(_ADDED, "It is served already."),
                "201": answer(_ADDED, "It is served from now on."),
            },
            ["guest-exists", "too-large", "unsupported-media-type", "invalid-arguments"],
            requestBody={"required": True, "content": {"application/json": {"schema": _CHANNEL}}},
        ),
        "delete": operation(
            "remove-guest",
            "Serve a guest no more that was added",
            {"204": {"description": "It has gone, and so have its clients."}},
            ["no-such-guest", "guest-is-configured"],
        ),
    },
    "/v1/guests/{guest}/doctor": {
        "parameters": [GUEST],
        "get": operation(
            "doctor",
            "What keeps a guest from answering, and what to do",
            {"200": answer(_DIAGNOSIS, "What was found, what matters most first.")},
            ["no-such-guest"],
        ),
    },
    **EVENT_PATHS,
}
