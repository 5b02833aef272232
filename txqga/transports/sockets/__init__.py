"""UNIX sockets as Twisted transports that do not wait where Twisted's own do."""

from txqga.transports.sockets._connection import UnixConnection
from txqga.transports.sockets._port import prompt

__all__ = ["UnixConnection", "prompt"]
