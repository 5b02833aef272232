"""
Holding a guest's filesystems still, never for longer than somebody wants it.

Seen from the host a freeze is a lease: :class:`SessionFreezes` keeps those of one session,
:func:`while_frozen` does some work while a guest holds still. In the guest, :class:`GuestFreeze`
ends by itself what nobody ends.
"""

from txqga.fsfreeze._freezer import Freezer, Run
from txqga.fsfreeze._freezes import Freezes
from txqga.fsfreeze._guest import GuestFreeze
from txqga.fsfreeze._hold import Timing
from txqga.fsfreeze._lease import HOLDING, Lease, Stage, Standing
from txqga.fsfreeze._ledger import Ledger, Unwritten
from txqga.fsfreeze._quiesce import while_frozen
from txqga.fsfreeze._session import SessionFreezes
from txqga.fsfreeze._steps import Lapsed, Released, Span, Steps
from txqga.fsfreeze._terms import Terms

__all__ = [
    "HOLDING",
    "Freezer",
    "Freezes",
    "GuestFreeze",
    "Lapsed",
    "Lease",
    "Ledger",
    "Released",
    "Run",
    "SessionFreezes",
    "Span",
    "Stage",
    "Standing",
    "Steps",
    "Terms",
    "Timing",
    "Unwritten",
    "while_frozen",
]
