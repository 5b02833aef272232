"""
UNIX sockets as Twisted transports that do not wait where Twisted's own do.

What a client endpoint makes of them is in :mod:`txqga.transports.sockets.client`: an agent needs
no endpoints, and does without what they import.
"""

from txqga.transports.sockets._connection import UnixConnection
from txqga.transports.sockets._port import prompt
from txqga.transports.sockets._prompt import Prompt

__all__ = ["Prompt", "UnixConnection", "prompt"]
