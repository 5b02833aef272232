"""
Both ends of the QEMU Guest Agent (QGA) protocol, as an event-driven Twisted framework.

Read the packages from the bottom up: :mod:`txqga.wire` (octets and messages),
:mod:`txqga.schema` (what a command looks like), :mod:`txqga.session` (one agent, seen from the
host), then the two daemons, :mod:`txqga.agent` and :mod:`txqga.mux`. A program that wants
something of a guest begins with :class:`txqga.Guest`.
"""

from typing import TYPE_CHECKING

from txqga._monotonic import monotonic

if TYPE_CHECKING:
    from txqga.guest import Guest

__all__ = ["Guest", "__version__", "monotonic"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name == "Guest":  # when first asked for: the agent is all of txqga that most guests have
        from txqga.guest import Guest

        return Guest
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
