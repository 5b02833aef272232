"""UNIX sockets as Twisted transports that do not wait where Twisted's own do."""

from txqga.transports.sockets._client import UnixClient, prompt_client
from txqga.transports.sockets._connection import UnixConnection
from txqga.transports.sockets._port import prompt
from txqga.transports.sockets._prompt import Prompt

__all__ = ["Prompt", "UnixClient", "UnixConnection", "prompt", "prompt_client"]
