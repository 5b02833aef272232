"""What the OpenAPI document says of events."""

from collections.abc import Mapping

from txqga.control._openapi import NAME, answer, operation
from txqga.fsfreeze import Stage
from txqga.session import State
from txqga.wire import JSON

_WORDS: JSON = {"type": "string", "description": "A sentence for people."}
_BOOT: JSON = {"type": "string", "description": "As the guest says it, cut and cleaned."}
_ALERT: JSON = {
    "type": "string",
    "enum": ["raised", "cleared"],
    "description": "Whether it is so from now on, or no more.",
}


def _text(words: str) -> JSON:
    return {"type": "string", "description": words}


def _number(words: str) -> JSON:
    return {"type": "number", "minimum": 0, "description": words}


def _event(words: str, data: Mapping[str, JSON], required: tuple[str, ...] | None = None) -> JSON:
    """
    Describe the data of an event.

    :param required: what is always there; by default all.
    """
    return {
        "type": "object",
        "description": words,
        "properties": {
            "guest": NAME,
            "time": {"type": "number", "description": "Seconds since 1970, by the host's clock."},
            **data,
        },
        "required": ["guest", "time", *(data if required is None else required)],
        "additionalProperties": False,
    }


#: By the event's name.
EVENTS: Mapping[str, JSON] = {
    "guest-added": _event(
        "A guest is served from now on.", {"channel": _text("Where its agent is.")}
    ),
    "guest-removed": _event("A guest is served no more.", {}),
    "guest-state": _event(
        "How the agent is has changed.",
        {"state": {"type": "string", "enum": [each.value for each in State]}, "reason": _WORDS},
    ),
    "guest-freeze": _event(
        "How the guest's filesystems stand has changed.",
        {
            "stage": {"type": "string", "enum": [each.value for each in Stage]},
            "reason": _WORDS,
            "owner": _text("For whom it is, or was, frozen."),
            "seconds": _number("What is left of the lease."),
        },
    ),
    "agent-gone": _event(
        "The agent, which was there, has not answered for a while.",
        {
            "state": {"type": "string", "enum": [each.value for each in State]},
            "reason": _WORDS,
            "seconds": _number("For how long."),
        },
    ),
    "agent-back": _event(
        "The agent that had gone answers.", {"seconds": _number("How long it was away.")}
    ),
    "guest-rebooted": _event(
        "The guest was started anew.",
        {
            "evidence": {
                "type": "string",
                "enum": ["reset", "boot-id", "uptime"],
                "description": "QEMU says so; the kernel has another boot id; or where the guest "
                "tells none, its uptime went back.",
            },
            "boot-id-before": _BOOT,
            "boot-id": _BOOT,
        },
        ("evidence",),
    ),
    "frozen-too-long": _event(
        "The guest has been frozen for too long, or is frozen no more.",
        {
            "alert": _ALERT,
            "seconds": _number("For how long it has been frozen, as far as is known."),
            "left": _number("What is left of the lease, in seconds."),
            "owner": _text("For whom."),
            "reason": _WORDS,
        },
        ("alert", "seconds"),
    ),
    "disk-nearly-full": _event(
        "A disk of the guest is nearly full, or is so no more.",
        {
            "alert": _ALERT,
            "device": _text("As the guest says it, cut and cleaned; so are the next two."),
            "mountpoint": _text("Where."),
            "type": _text("Of filesystem."),
            "used": _number("Percent, as df counts."),
            "available": _number("Octets that users can still write."),
            "limit": _number("Percent from which on it is nearly full."),
            "reason": _WORDS,
        },
        ("alert", "device", "mountpoint", "type"),
    ),
}

#: The types that the path speaks of.
EVENT_SHAPES: Mapping[str, JSON] = {f"event-{name}": schema for name, schema in EVENTS.items()} | {
    "Events": {
        "type": "object",
        "description": "The data of each event, by its name.",
        "properties": {name: {"$ref": f"#/components/schemas/event-{name}"} for name in EVENTS},
    }
}

#: The path.
EVENT_PATHS: Mapping[str, JSON] = {
    "/v1/events": {
        "get": operation(
            "events",
            "What happens from now on, as server-sent events",
            {
                "200": answer(
                    {"type": "string"},
                    "Events without end. The data of each is JSON, described by its name in the "
                    "schema `Events`. `missed`: some before this one are not kept any more.",
                    "text/event-stream",
                )
            },
            ["busy"],
            parameters=[
                {
                    "name": "Last-Event-ID",
                    "in": "header",
                    "description": "The last event seen; those after it come first.",
                    "schema": {"type": "string"},
                }
            ],
        )
    },
}
