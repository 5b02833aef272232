"""
What QEMU itself says of a virtual machine, over its monitor's protocol (QMP).

As far as it tells whether an agent can answer: whether the machine runs, whether the guest has the
agent's port open, and what happens to it. Nothing here changes anything in the machine.
"""

from txqga.qmp._machine import UNKNOWN, Machine
from txqga.qmp._monitor import Monitor

__all__ = ["UNKNOWN", "Machine", "Monitor"]
