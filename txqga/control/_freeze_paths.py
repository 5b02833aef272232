"""What the OpenAPI document says of freezes."""

from collections.abc import Mapping

from txqga.control._group import State
from txqga.control._openapi import GUEST, NAME, answer, operation
from txqga.control._problem import CODES
from txqga.control._wanted import GUESTS, LONGEST, MOUNTPOINTS, OWNER
from txqga.fsfreeze import Stage
from txqga.wire import JSON

_DATE: JSON = {"type": "string", "format": "date-time"}
_WORDS: JSON = {"type": "string", "description": "A sentence for people."}
_LASTS: JSON = {"type": "number", "minimum": 0, "description": "How long it has been so."}
_OWNER: JSON = {"type": "string", "description": "For whom it was frozen, for people."}
_LEFT: JSON = {"type": "number", "minimum": 0, "description": "Seconds until it is thawed."}
_DEADLINE: JSON = {**_DATE, "description": "When it is thawed, unless the lease is renewed."}
_COUNT: JSON = {"type": "integer", "description": "How many filesystems were frozen, or thawed."}

_FREEZE: JSON = {
    "type": "object",
    "properties": {
        "stage": {
            "type": "string",
            "enum": [each.value for each in Stage],
            "description": "`thawing`: a thaw is owed, and asked for until the guest is thawed. "
            "`lapsed`: it was thawed, and whoever froze it was not told yet. `doubtful`: it was "
            "frozen when the last mux ended, and has not been asked since.",
        },
        "reason": _WORDS,
        "seconds": _LASTS,
        "owner": _OWNER,
        "found": {"type": "boolean", "description": "It was found frozen, by nobody here."},
        "lease": {"type": "number", "description": "How long the lease was asked for, in seconds."},
        "since": {**_DATE, "description": "When the freeze was sent."},
        "left": _LEFT,
        "deadline": _DEADLINE,
        "mountpoints": {
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "What is frozen, the first few; null: all there is.",
        },
    },
    "required": ["stage", "reason", "seconds"],
}

_GROUP: JSON = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "state": {
            "type": "string",
            "enum": [each.value for each in State],
            "description": "`thawed`: all of them held still until they were thawed. `failed`: "
            "none was frozen. `lapsed`: one of them did not hold still until it was thawed.",
        },
        "reason": _WORDS,
        "seconds": _LASTS,
        "owner": _OWNER,
        "left": _LEFT,
        "deadline": _DEADLINE,
        "skew": {
            "type": "number",
            "minimum": 0,
            "description": "Seconds between the first guest's freeze and the last one's.",
        },
        "guests": {"type": "array", "items": {"$ref": "#/components/schemas/FrozenGuest"}},
        "failures": {"$ref": "#/components/schemas/Failures"},
    },
    "required": ["id", "state", "reason", "seconds", "owner", "skew", "guests", "failures"],
}

_FROZEN_GUEST: JSON = {
    "type": "object",
    "properties": {
        "guest": NAME,
        "rank": {"type": "integer", "minimum": 0},
        "stage": {"type": "string", "enum": [each.value for each in Stage]},
        "filesystems": {
            **_COUNT,
            "description": "How many were frozen; absent where the mux was killed since.",
        },
        "asked": {**_DATE, "description": "When the freeze was sent."},
        "frozen": {**_DATE, "description": "When that was answered."},
        "thawing": {**_DATE, "description": "When the thaw was sent."},
        "thawed": {**_DATE, "description": "When that was answered."},
        "held": {"type": "number", "description": "Seconds from `frozen` to `thawing`."},
    },
    "required": ["guest", "rank", "stage"],
}

_FAILURES: JSON = {
    "type": "object",
    "description": "What went wrong, by the guest's name.",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": sorted(CODES)},
            "detail": {"type": "string"},
        },
        "required": ["code", "detail"],
    },
}

#: The types that these paths speak of.
FREEZE_SHAPES: Mapping[str, JSON] = {
    "Freeze": _FREEZE,
    "GroupFreeze": _GROUP,
    "FrozenGuest": _FROZEN_GUEST,
    "Failures": _FAILURES,
}

_SECONDS: JSON = {
    "type": "number",
    "exclusiveMinimum": 0,
    "description": "How long it may stay frozen; the mux has a longest time.",
}
_MOUNTPOINTS: JSON = {
    "type": "array",
    "items": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "minItems": 1,
    "maxItems": MOUNTPOINTS,
    "description": "What is frozen; all there is by default.",
}
_FOR: JSON = {
    "type": "string",
    "minLength": 1,
    "maxLength": OWNER,
    "description": "For whom, for people: it is told behind who asks.",
}


def _body(required: list[str], **properties: JSON) -> JSON:
    schema: JSON = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = required
    return {"required": bool(required), "content": {"application/json": {"schema": schema}}}


_HOLD = _body([], seconds=_SECONDS, mountpoints=_MOUNTPOINTS, owner=_FOR)
_RENEWAL = _body([], seconds=_SECONDS)
_GROUP_HOLD = _body(
    ["ranks"],
    ranks={
        "type": "array",
        "minItems": 1,
        "items": {"type": "array", "minItems": 1, "items": NAME},
        "description": "Names of guests. Those of one rank are frozen at the same time, the next "
        f"rank when all have answered. {GUESTS} guests at most, and each of them once.",
    },
    seconds=_SECONDS,
    mountpoints={
        "type": "object",
        "additionalProperties": _MOUNTPOINTS,
        "description": "What is frozen, by guest; all there is by default.",
    },
    owner=_FOR,
)

_ID: JSON = {
    "name": "freeze",
    "in": "path",
    "required": True,
    "description": "The group's id.",
    "schema": {"type": "string", "minLength": 1},
}

_COUNTED: JSON = {
    "allOf": [
        {"$ref": "#/components/schemas/Freeze"},
        {"type": "object", "properties": {"filesystems": _COUNT}, "required": ["filesystems"]},
    ]
}
_HELD = answer({"$ref": "#/components/schemas/Freeze"}, "How it stands.")
_HELD_TOGETHER = answer({"$ref": "#/components/schemas/GroupFreeze"}, "How it is.")
_AGENT = ("no-such-guest", "no-such-command", "agent-unavailable", "command-failed", "busy")
_GIVEN = ("too-large", "unsupported-media-type", "invalid-arguments")

#: The paths.
FREEZE_PATHS: Mapping[str, JSON] = {
    "/v1/guests/{guest}/freeze": {
        "parameters": [GUEST],
        "get": operation(
            "freeze",
            "Whether a guest is frozen, for whom, and until when",
            {"200": _HELD},
            ["no-such-guest"],
        ),
        "post": operation(
            "freeze-guest",
            "Freeze a guest, for a while",
            {"200": answer(_COUNTED, "It is frozen, if there was a filesystem to be frozen.")},
            [*_AGENT, *_GIVEN, "outcome-unknown", "guest-is-frozen", "lease-not-written"],
            description="It outlives the request and its client, and is thawed at its deadline.",
            requestBody=_HOLD,
        ),
        "patch": operation(
            "renew-guest",
            "Begin a guest's lease anew",
            {"200": _HELD},
            [*_AGENT, *_GIVEN, "not-frozen"],
            requestBody=_RENEWAL,
        ),
        "delete": operation(
            "thaw-guest",
            "Thaw a guest, whoever has frozen it",
            {"200": answer(_COUNTED, "It is thawed.")},
            [*_AGENT, "outcome-unknown", "did-not-hold"],
        ),
    },
    "/v1/freezes": {
        "get": operation(
            "freezes",
            "The groups of guests that are frozen together",
            {
                "200": answer(
                    {
                        "type": "object",
                        "properties": {
                            "freezes": {
                                "type": "array",
                                "items": {"$ref": "#/components/schemas/GroupFreeze"},
                            }
                        },
                        "required": ["freezes"],
                    },
                    "Those that have not ended.",
                )
            },
        ),
        "post": operation(
            "freeze-group",
            "Freeze a group of guests, all or none",
            {
                "201": {
                    **_HELD_TOGETHER,
                    "headers": {"Location": {"schema": {"type": "string"}}},
                }
            },
            ["no-such-guest", "not-all-frozen", "hook-failed", "busy", *_GIVEN],
            description="First all have to answer. If the client goes before the answer, none "
            "stays frozen; after it, their leases end them.",
            requestBody=_GROUP_HOLD,
        ),
    },
    "/v1/freezes/{freeze}": {
        "parameters": [_ID],
        "get": operation(
            "group",
            "How a group is, or how it ended",
            {"200": _HELD_TOGETHER},
            ["no-such-freeze"],
        ),
        "patch": operation(
            "renew-group",
            "Begin the leases of a group anew",
            {"200": _HELD_TOGETHER},
            [
                *("no-such-freeze", "no-such-guest", "not-frozen", "not-renewed"),
                *("not-all-frozen", "did-not-hold", "hook-failed", *_GIVEN),
            ],
            requestBody=_RENEWAL,
        ),
        "delete": operation(
            "thaw-group",
            "Thaw a group, and learn whether all of it held still until now",
            {"200": _HELD_TOGETHER},
            ["no-such-freeze", "no-such-guest", "did-not-hold", "hook-failed"],
        ),
    },
}
