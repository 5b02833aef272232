"""
Holding a guest's filesystems still, never for longer than somebody wants it.

Seen from the host a freeze is a lease: :class:`SessionFreezes` keeps those of one session,
:func:`while_frozen` does some work while a guest holds still, or a :class:`Group` of them. In the
guest, :class:`GuestFreeze` ends by itself what nobody ends.
"""

from txqga.fsfreeze._freezer import Freezer, Run
from txqga.fsfreeze._freezes import Freezes
from txqga.fsfreeze._group import AnyHook, Group, Holder, Report
from txqga.fsfreeze._guest import GuestFreeze
from txqga.fsfreeze._hold import Timing
from txqga.fsfreeze._hook import Hook
from txqga.fsfreeze._lease import HOLDING, NOBODY, Lease, Stage, Standing
from txqga.fsfreeze._ledger import Ledger, Unwritten
from txqga.fsfreeze._quiesce import while_frozen
from txqga.fsfreeze._session import SessionFreezes
from txqga.fsfreeze._steps import Lapsed, Released, Span, Steps
from txqga.fsfreeze._terms import Terms
from txqga.fsfreeze._timed import Interval, Timed

__all__ = [
    "HOLDING",
    "NOBODY",
    "AnyHook",
    "Freezer",
    "Freezes",
    "Group",
    "GuestFreeze",
    "Holder",
    "Hook",
    "Interval",
    "Lapsed",
    "Lease",
    "Ledger",
    "Released",
    "Report",
    "Run",
    "SessionFreezes",
    "Span",
    "Stage",
    "Standing",
    "Steps",
    "Terms",
    "Timed",
    "Timing",
    "Unwritten",
    "while_frozen",
]
