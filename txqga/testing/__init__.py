"""For tests, ours and yours: fakes that behave like the real thing, and machines as data."""

from txqga.testing._memory_guest import MemoryGuest
from txqga.testing._scripted import SILENCE, ScriptedAgent
from txqga.testing._served import serve
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
    "SILENCE",
    "Machine",
    "MemoryGuest",
    "ScriptedAgent",
    "Transition",
    "initial",
    "inputs",
    "protocol",
    "serve",
    "transitions",
    "unanswered",
]
