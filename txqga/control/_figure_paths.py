"""What the OpenAPI document says of figures."""

from collections.abc import Mapping

from txqga.control._figure_routes import MOST_OF_ALL
from txqga.control._openapi import GUEST, NAME, answer, operation
from txqga.wire import JSON

_TIME: JSON = {"type": "number", "description": "Seconds since 1970, by the host's clock."}

#: The types that the paths speak of.
FIGURE_SHAPES: Mapping[str, JSON] = {
    "Vitals": {
        "type": "object",
        "description": "How a guest is at a glance: what is not known is not there.",
        "additionalProperties": {
            "type": "object",
            "properties": {
                "unit": {"type": "string", "description": "``ratio``: from 0 to 1."},
                "time": _TIME,
                "points": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "number"},
                    "description": "The oldest first.",
                },
            },
            "required": ["unit", "time", "points"],
        },
    },
    "Figure": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "As in /metrics."},
            "words": {"type": "string", "description": "What it is, for people."},
            "kind": {"type": "string", "enum": ["gauge", "counter", "info"]},
            "unit": {"type": "string"},
            "series": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "labels": {
                            "type": "object",
                            "additionalProperties": {"type": "string"},
                        },
                        "value": {"type": "number"},
                        "time": _TIME,
                    },
                    "required": ["labels", "value", "time"],
                },
            },
        },
        "required": ["name", "words", "kind", "unit", "series"],
    },
}

_VITALS: JSON = {"$ref": "#/components/schemas/Vitals"}
_POLLS: JSON = {"type": "boolean", "description": "Whether guests are asked at all."}

_TARGET: JSON = {
    "type": "object",
    "properties": {
        "targets": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 1},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["targets", "labels"],
}

#: The paths.
FIGURE_PATHS: Mapping[str, JSON] = {
    "/v1/targets": {
        "get": operation(
            "targets",
            "What Prometheus may scrape, a target for each guest, as its http_sd_config takes it",
            {"200": answer({"type": "array", "items": _TARGET}, "The targets.")},
        )
    },
    "/v1/figures": {
        "get": operation(
            "figures",
            "How all guests are, at a glance",
            {
                "200": answer(
                    {
                        "type": "object",
                        "properties": {
                            "polls": _POLLS,
                            "guests": {"type": "object", "additionalProperties": _VITALS},
                        },
                        "required": ["polls", "guests"],
                    },
                    "What they said last.",
                )
            },
            ["invalid-arguments"],
            parameters=[
                {
                    "name": "points",
                    "in": "query",
                    "description": "How many of the last points of each vital.",
                    "schema": {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": MOST_OF_ALL,
                        "default": 1,
                    },
                }
            ],
        )
    },
    "/v1/guests/{guest}/figures": {
        "parameters": [GUEST],
        "get": operation(
            "guest-figures",
            "All figures of one guest",
            {
                "200": answer(
                    {
                        "type": "object",
                        "properties": {
                            "name": NAME,
                            "polls": _POLLS,
                            "vitals": _VITALS,
                            "figures": {
                                "type": "array",
                                "items": {"$ref": "#/components/schemas/Figure"},
                            },
                        },
                        "required": ["name", "polls", "vitals", "figures"],
                    },
                    "What it said last.",
                )
            },
            ["no-such-guest"],
        ),
    },
}
