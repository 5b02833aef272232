"""
Holding a guest's filesystems still, never for longer than somebody wants it.

Seen from the host a freeze is a lease: :class:`SessionFreezes` keeps those of one session,
:func:`while_frozen` does some work while a guest holds still.
"""

from txqga.fsfreeze._freezer import Freezer, Run
from txqga.fsfreeze._freezes import Freezes
from txqga.fsfreeze._lease import HOLDING, Lease, Stage, Standing
from txqga.fsfreeze._ledger import Ledger, Unwritten
from txqga.fsfreeze._quiesce import while_frozen
from txqga.fsfreeze._session import SessionFreezes
from txqga.fsfreeze._terms import Terms

__all__ = [
    "HOLDING",
    "Freezer",
    "Freezes",
    "Lease",
    "Ledger",
    "Run",
    "SessionFreezes",
    "Stage",
    "Standing",
    "Terms",
    "Unwritten",
    "while_frozen",
]
