"""For tests, ours and yours: fakes that behave like the real thing, and machines as data."""

from txqga.testing._transitions import (
    Machine,
    Transition,
    initial,
    inputs,
    protocol,
    transitions,
    unanswered,
)

__all__ = [
    "Machine",
    "Transition",
    "initial",
    "inputs",
    "protocol",
    "transitions",
    "unanswered",
]
