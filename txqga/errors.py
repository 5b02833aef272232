"""
Everything that txqga raises, as one tree.

One class for each thing a caller does differently. ``desc`` is what the peer said: it is for
people to read, never to be parsed.

::

    TxqgaError
    +-- WireError              the octets are not what the protocol allows
    |   +-- MalformedJSON      a text that is no JSON in QEMU's dialect
    |   +-- LimitExceeded      nesting, size or number of members beyond the limit
    |       +-- FrameTooLong   a text outgrew the limit: the stream is lost
    +-- SchemaError            a schema fragment is wrong, with its file and line
    +-- Misfit                 a value has not the shape that its type says
    +-- CommandFailed          the agent answered with an error
    |   +-- CommandNotFound    unknown, disabled, or not allowed while frozen
    |   |   +-- CommandNotAllowed    refused by the mux's policy: the agent was not asked
    |   |   +-- GuestIsFrozen        the host has frozen the guest: the agent was not asked
    |   +-- FencedOff          a fenced command that came too late, or from before
    |   +-- InvalidArguments   what was asked does not fit the command's schema
    |   +-- ArgumentsNotAllowed  refused by the mux's policy, with these arguments
    |   +-- NotFrozen          there is no lease that could be renewed
    |   +-- DidNotHold         the guest did not stay frozen until whoever froze it thawed it
    +-- GroupFailed            guests that were to hold still together do not
    +-- HookFailed             a program that was to be run before or after has failed
    +-- CopyDiffers            a file was copied, and the copy does not hold what the file does
    +-- TooLarge               there is more of a guest's file than may be taken
    +-- CannotStart            a daemon cannot do what it was told to, in a sentence for people
    +-- SessionError           no answer, and why
        +-- AgentUnavailable   nothing was written: the agent is not ready
        |   +-- LeaseNotWritten  a freeze was not sent: its lease could not be written down
        +-- OutcomeUnknown     the command was written, and may have run
        +-- ProgramLost        a program was started, and nobody knows how it ended
        +-- NotKilled          a program was to be killed, and may run still
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from attrs import define

if TYPE_CHECKING:
    from txqga.interfaces import IOutcome


class TxqgaError(Exception):
    """The root of the tree."""


class WireError(TxqgaError):
    """The octets are not what the protocol allows."""


@define
class MalformedJSON(WireError):
    """A text that is not JSON, not even in QEMU's dialect."""

    desc: str

    def __str__(self) -> str:
        return self.desc


@define
class LimitExceeded(WireError):
    """A text that is nested too deep, too long, or has too many members."""

    desc: str

    def __str__(self) -> str:
        return self.desc


@define
class FrameTooLong(LimitExceeded):
    """A text outgrew the limit before it ended; what follows cannot be told apart any more."""


@define
class SchemaError(TxqgaError):
    """A schema fragment is wrong."""

    where: str  #: file and line, ``guest.json:17``
    desc: str

    def __str__(self) -> str:
        return f"{self.where}: {self.desc}"


@define
class Misfit(TxqgaError):
    """A value, mostly a reply of an agent, has not the shape that its type says."""

    where: str  #: type and path, ``GuestExecStatus.exitcode``
    desc: str

    def __str__(self) -> str:
        return f"{self.where}: {self.desc}"


@define
class CommandFailed(TxqgaError):
    """The command was refused, or failed; the class is the wire's ``GenericError``."""

    desc: str  #: the agent's words, for people
    command: str = ""

    wire_class: ClassVar[str] = "GenericError"  #: QapiErrorClass

    def __str__(self) -> str:
        return f"{self.command}: {self.desc}" if self.command else self.desc


@define
class CommandNotFound(CommandFailed):
    """There is no such command, or it is disabled, or not allowed while frozen."""

    wire_class: ClassVar[str] = "CommandNotFound"


@define
class FencedOff(CommandFailed):
    """
    A fenced command came too late, or from before the newest fence: it did not run.

    QEMU's agent has no such error; of QEMU's classes, this is one that no guest agent uses.
    """

    wire_class: ClassVar[str] = "DeviceNotActive"


@define
class InvalidArguments(CommandFailed):
    """The arguments do not fit the command's schema."""


@define
class GroupFailed(TxqgaError):
    """Guests that were to hold still together do not, or did not for as long as they should."""

    failures: Mapping[str, Exception]  #: by the guest's name

    def __str__(self) -> str:
        words = ((name, str(why) or "given up") for name, why in self.failures.items())
        return "; ".join(f"{name}: {why}" for name, why in words)


@define
class HookFailed(TxqgaError):
    """A program that was to be run before guests are frozen, or after, has failed."""

    hook: str
    desc: str

    def __str__(self) -> str:
        return f"{self.hook}: {self.desc}"


@define
class CommandNotAllowed(CommandNotFound):
    """The policy of the mux refuses the command: the agent was not asked."""


@define
class ArgumentsNotAllowed(CommandFailed):
    """The policy of the mux refuses the command with these arguments: the agent was not asked."""


@define
class GuestIsFrozen(CommandNotFound):
    """The guest is frozen by the host, and takes no such command: the agent was not asked."""


@define
class NotFrozen(CommandFailed):
    """There is no lease that could be renewed: the guest is not frozen."""


@define
class DidNotHold(CommandFailed):
    """The guest did not stay frozen until whoever froze it thawed it."""


@define
class CopyDiffers(TxqgaError):
    """A file was copied, and the copy does not hold what the file does."""

    path: str
    by: str  #: how that was found: extension, program, read back

    def __str__(self) -> str:
        return f"the copy of {self.path} is not what the file is ({self.by})"


@define
class TooLarge(TxqgaError):
    """There is more of a guest's file, or there are more of its files, than may be taken."""

    path: str
    most: int  #: octets, or names

    def __str__(self) -> str:
        return f"{self.path}: there is more than {self.most}, which is all that may be taken"


class CannotStart(TxqgaError):
    """A daemon cannot do what it was told to: a sentence for people, which needs no traceback."""


class SessionError(TxqgaError):
    """There is no answer."""


@define
class AgentUnavailable(SessionError):
    """The agent is not ready: nothing was written, nothing will run."""

    state: str  #: absent, connecting, syncing, desynced, held, closed
    reason: str  #: a sentence that says why, and what to do where something can be done

    def __str__(self) -> str:
        return f"the agent is {self.state}: {self.reason}"


@define
class LeaseNotWritten(AgentUnavailable):
    """A freeze was not sent: who would thaw after a crash could not be written down."""

    def __str__(self) -> str:
        return self.reason


@define
class OutcomeUnknown(SessionError):
    """
    The command was written and its reply did not come: it may have run, or may run later.

    ``outcome`` tells when a late reply settles it.
    """

    command: str
    command_class: str  #: read, idempotent or once
    reason: str
    outcome: "IOutcome"

    def __str__(self) -> str:
        return f"outcome unknown: {self.command}: {self.reason}"


@define
class ProgramLost(SessionError):
    """A program of the guest was started, and how it fares cannot be known any more."""

    job: str
    desc: str

    def __str__(self) -> str:
        return f"nobody knows what became of program {self.job}: {self.desc}"


@define
class NotKilled(SessionError):
    """A program of the guest was to be killed, and does not end: it may run still."""

    job: str
    desc: str

    def __str__(self) -> str:
        return f"program {self.job} was to be killed, and may run still: {self.desc}"
