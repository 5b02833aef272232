"""Linux, read from ``/proc``, ``/sys``, ``/run/udev/data`` and a few system calls."""

from txqga.agent.platform.linux._calls import Calls
from txqga.agent.platform.linux._linux import Linux
from txqga.agent.platform.linux._tree import Tree

__all__ = ["Calls", "Linux", "Tree"]
