"""
Both ends of the QEMU Guest Agent (QGA) protocol, as an event-driven Twisted framework.

Read the packages from the bottom up: :mod:`txqga.wire` (octets and messages),
:mod:`txqga.schema` (what a command looks like), :mod:`txqga.session` (one agent, seen from the
host), then the two daemons, :mod:`txqga.agent` and :mod:`txqga.mux`.
"""

from txqga._monotonic import monotonic

__all__ = ["__version__", "monotonic"]

__version__ = "0.1.0"
