"""
What a family of commands is to the dispatcher.

A family is a group of commands that share something: file handles, running programs, a clock.
"""

import enum
from collections.abc import Callable, Mapping
from typing import Protocol

from attrs import frozen
from twisted.internet.defer import Deferred

from txqga.wire import JSON


@frozen(init=False)
class Encoded:
    """
    The value of ``return``, already a JSON text in the form of :func:`txqga.wire.encode`.

    :param pieces: the text, in pieces: a long one is put together once, as a whole reply.
    """

    pieces: tuple[bytes, ...]

    def __init__(self, *pieces: bytes) -> None:
        self.__attrs_init__(pieces)

    @property
    def octets(self) -> bytes:
        """The text."""
        return b"".join(self.pieces)


class NoReply(enum.Enum):
    """What a command returns that says nothing when it works, whatever runs it."""

    NO_REPLY = enum.auto()


NO_REPLY = NoReply.NO_REPLY

#: What a command returns.
Result = JSON | Encoded | NoReply

#: Takes arguments that were checked against the schema, keys in wire spelling, and returns the
#: value of ``return``; raises :class:`txqga.errors.CommandFailed`.
Function = Callable[[Mapping[str, JSON]], "Result | Deferred[Result]"]

#: Runs a command by its name, as :meth:`txqga.agent._dispatch.Dispatcher.run`.
Run = Callable[[str, Mapping[str, JSON]], "Result | Deferred[Result]"]


@frozen
class Served:
    """How a command is run."""

    function: Function
    #: may take long without using the processor: it runs in the worker thread, so it returns no
    #: Deferred, and touches nothing that the reactor's thread does
    blocking: bool = False
    sentinel: bool = False  #: the reply to a success begins with 0xFF


class Family(Protocol):
    """A group of commands."""

    def commands(self) -> Mapping[str, Served]:
        """Return the commands of this family, by name."""

    def close(self) -> None:
        """Let go of what is held for clients: the agent ends."""
