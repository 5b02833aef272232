"""
What an operator wants to be told of guests, once each time: that an agent has gone, that a guest
was started anew, that one is frozen for too long, that a disk is nearly full.
"""

from txqga.monitor.alerts._alerts import Alerts

__all__ = ["Alerts"]
