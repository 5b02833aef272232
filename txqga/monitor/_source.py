"""
Where a datum comes from: a command of the agent, or a file that the agent reads.

A file is for guests whose agent has no such command: it is read by ``guest-file-...``, which every
agent has, though some distributions block it.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from attrs import field, frozen

from txqga.errors import TxqgaError
from txqga.monitor._draft import Draft
from txqga.monitor._said import member
from txqga.wire import JSON

_OPEN, _READ, CLOSE = "guest-file-open", "guest-file-read", "guest-file-close"

#: What it takes to read a file.
FILES = frozenset({_OPEN, _READ, CLOSE})

#: Octets of a file that are read at most, and at a time.
LONGEST, CHUNK = 256 << 10, 64 << 10


class Ask(Protocol):
    """Asks the agent."""

    async def __call__(self, command: str, arguments: Mapping[str, JSON]) -> JSON:
        """Return the value; raises what :meth:`txqga.mux.Guest.ask` fails with."""


@frozen
class Answer:
    """What a source said, and when, by the host's clock since the epoch, in seconds."""

    said: JSON  #: the value of ``return``, or the text of a file
    sent: float
    received: float


#: Reads an answer.
Read: TypeAlias = Callable[[Answer, Draft], None]


@frozen
class Command:
    """A command of the agent."""

    name: str
    read: Read  #: makes samples of what was said
    arguments: Mapping[str, JSON] = field(factory=dict)
    is_linux = False  #: whether only Linux has it

    @property
    def needs(self) -> frozenset[str]:
        """The commands that the agent must have."""
        return frozenset({self.name})

    async def said(self, ask: Ask) -> JSON:
        """Run it."""
        return await ask(self.name, self.arguments)


@frozen
class File:
    """A file of the guest, such as its kernel makes."""

    name: str  #: its path
    read: Read  #: makes samples of its text
    is_linux: bool = True  #: whether only Linux has it
    longest: int = LONGEST  #: octets of it that are read; a line that ends behind them is not
    needs = FILES

    async def said(self, ask: Ask) -> JSON:
        """Read it, and leave no handle open."""
        handle = await ask(_OPEN, {"path": self.name, "mode": "r"})
        try:
            return (await _contents(ask, handle, self.longest)).decode("utf-8", "replace")
        finally:
            await ask(CLOSE, {"handle": handle})


#: Where a datum comes from.
Source: TypeAlias = Command | File


async def _contents(ask: Ask, handle: JSON, longest: int) -> bytes:
    read = bytearray()
    while len(read) <= longest:
        said = await ask(_READ, {"handle": handle, "count": CHUNK})
        encoded = member(said, "buf-b64")
        try:
            chunk = b64decode(encoded) if isinstance(encoded, str) else b""
        except ValueError as why:
            raise Unreadable("guest-file-read gave no base64") from why
        read += chunk
        if not chunk or member(said, "eof") is True:
            break
    if len(read) > longest:
        # what is left of a figure that is cut off is another one
        del read[max(0, read.rfind(b"\n", 0, longest + 1)) :]
    return bytes(read)


class Unreadable(TxqgaError):
    """What the guest said cannot be read."""
