"""
The clock that deadlines are measured on.

Twisted's reactors tell the time by ``time.time``, so a step of the wall clock (NTP,
``guest-set-time``) moves every timer that is waiting. Deadlines here have to hold all the same.
"""

import time
from typing import Any


def monotonic(reactor: Any) -> None:
    """
    Let ``reactor`` measure its delays on the monotonic clock.

    Call it before the first timer is set: a delay that is already waiting was measured on the
    old clock. What a program shows as a date it must ask of ``time.time`` itself.
    """
    reactor.seconds = time.monotonic
