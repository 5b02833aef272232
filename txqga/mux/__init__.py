"""
Many guests, many clients: each agent shared by any number of them, safely.

A guest's socket speaks plain QGA, and each connection to it is a private agent: its own syncs,
ids and handles. Behind it one command at a time goes to the agent, and everybody else waits in
lanes. :class:`Mux` is the service; ``twistd qga-mux`` starts it.
"""

from txqga.mux._callers import Bearer, Caller, Peer, User, peer, refusal_of
from txqga.mux._caps import Caps
from txqga.mux._doctor import MEANINGS, Finding
from txqga.mux._events import Event, Events
from txqga.mux._folder import Folder, FolderError
from txqga.mux._guest import Guest, GuestOptions
from txqga.mux._inventory import VM, Taken, described, inventory
from txqga.mux._options import MuxOptions
from txqga.mux._port import AgentPort, Bus
from txqga.mux._queue import Bounds
from txqga.mux._service import Mux
from txqga.mux.discovery._pattern import Watch
from txqga.mux.leases._journal import Journal

__all__ = [
    "MEANINGS",
    "VM",
    "AgentPort",
    "Bearer",
    "Bounds",
    "Bus",
    "Caller",
    "Caps",
    "Event",
    "Events",
    "Finding",
    "Folder",
    "FolderError",
    "Guest",
    "GuestOptions",
    "Journal",
    "Mux",
    "MuxOptions",
    "Peer",
    "Taken",
    "User",
    "Watch",
    "described",
    "inventory",
    "peer",
    "refusal_of",
]
