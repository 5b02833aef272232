"""
One agent, seen from the host: connected again and again, and asked only when it answers.

:class:`Session` is made of an endpoint and gives calls. Everything it promises about a peer that
may be absent, hung, old, hostile, or somebody else's is in the modules behind it, each with its
reasons.
"""

from txqga.session._callee import Callee
from txqga.session._counters import Counters
from txqga.session._family import WINDOWS, Family, read_family
from txqga.session._options import SessionOptions
from txqga.session._reasons import reason_code
from txqga.session._session import Session
from txqga.session._states import State, Status

__all__ = [
    "WINDOWS",
    "Callee",
    "Counters",
    "Family",
    "Session",
    "SessionOptions",
    "State",
    "Status",
    "read_family",
    "reason_code",
]
