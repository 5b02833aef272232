"""
Many guests, many clients: each agent shared by any number of them, safely.

A guest's socket speaks plain QGA, and each connection to it is a private agent: its own syncs,
ids and handles. Behind it one command at a time goes to the agent, and everybody else waits in
lanes. :class:`Mux` is the service; ``twistd qga-mux`` starts it.
"""

from txqga.mux._callers import Bearer, Caller, Peer, User, peer
from txqga.mux._caps import Caps
from txqga.mux._doctor import MEANINGS, Facts, Finding, diagnose
from txqga.mux._events import Event, Events
from txqga.mux._examination import disabled_in
from txqga.mux._figures import Span
from txqga.mux._folder import Folder, FolderError, room
from txqga.mux._freeze_figures import OUTCOMES
from txqga.mux._guest import Guest
from txqga.mux._guest_options import GuestOptions
from txqga.mux._holders import Holder, holders
from txqga.mux._inventory import VM, Taken, described, inventory, socket_path
from txqga.mux._options import MuxOptions, Sockets
from txqga.mux._port import AgentPort, Bus
from txqga.mux._queue import Bounds
from txqga.mux._seats import Seats, needed
from txqga.mux._service import Mux
from txqga.mux._toml import read_toml
from txqga.mux.discovery._pattern import Watch
from txqga.mux.leases._hooks import HookBook, MemoryBook
from txqga.mux.leases._journal import Journal
from txqga.mux.policy._audit import Audit
from txqga.mux.policy._audit_file import AuditFile
from txqga.mux.policy._authority import Authority
from txqga.mux.policy._file import PolicyError, read_policy
from txqga.mux.policy._patterns import EVERYTHING, Patterns, patterns
from txqga.mux.policy._rights import ADD, REMOVE, Right
from txqga.mux.policy._rules import Policy, Rule, Whom

__all__ = [
    "ADD",
    "EVERYTHING",
    "MEANINGS",
    "OUTCOMES",
    "REMOVE",
    "VM",
    "AgentPort",
    "Audit",
    "AuditFile",
    "Authority",
    "Bearer",
    "Bounds",
    "Bus",
    "Caller",
    "Caps",
    "Event",
    "Events",
    "Facts",
    "Finding",
    "Folder",
    "FolderError",
    "Guest",
    "GuestOptions",
    "Holder",
    "HookBook",
    "Journal",
    "MemoryBook",
    "Mux",
    "MuxOptions",
    "Patterns",
    "Peer",
    "Policy",
    "PolicyError",
    "Right",
    "Rule",
    "Seats",
    "Sockets",
    "Span",
    "Taken",
    "User",
    "Watch",
    "Whom",
    "described",
    "diagnose",
    "disabled_in",
    "holders",
    "inventory",
    "needed",
    "patterns",
    "peer",
    "read_policy",
    "read_toml",
    "room",
    "socket_path",
]
