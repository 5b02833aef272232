"""
From a decoded request to the octets of its reply.

The checks come in the order of QEMU's: the envelope, whether there is such a command, whether it
is enabled, its arguments.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Protocol, TypeVar

from attrs import define
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.agent._family import NO_REPLY, Encoded, Family, Function, Result, Served
from txqga.agent._filter import CommandFilter
from txqga.agent.families._info import Listed
from txqga.errors import CommandFailed, CommandNotFound
from txqga.schema import Command, Schema, check
from txqga.wire import (
    ABSENT,
    JSON,
    SENTINEL,
    Request,
    RequestFault,
    encode,
    parse_request,
    refusal,
    success,
)

#: A whole reply, 0xFF included where one belongs; ``None`` where none is sent.
Reply = bytes | None

_T = TypeVar("_T")

_GENERIC = "GenericError"


class Elsewhere(Protocol):
    """What runs functions that may take long; :class:`txqga.agent._worker.Worker` is one."""

    def run(self, function: Callable[[], _T]) -> Deferred[_T]:
        """Run ``function``, and return what it returns or raises when it has ended."""


@define
class _Entry:
    """One served command."""

    command: Command
    function: Function
    prefix: bytes  #: before the reply to a success
    enabled: bool


class Dispatcher:
    """
    Finds the command, checks what it is given, runs it.

    :param families: their commands are served; each must be in ``schema``.
    :param trace: called with the name of each command before it runs.
    :param elsewhere: runs the commands that are *blocking*; without, none may be.
    """

    _log = Logger()

    def __init__(
        self,
        schema: Schema,
        families: Iterable[Family],
        filter: CommandFilter,
        trace: Callable[[str], object] | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._schema = schema
        self._trace = trace
        self._elsewhere = elsewhere
        served = {name: each for family in families for name, each in family.commands().items()}
        self._entries = {
            name: _Entry(
                command,
                self._function(served[name]),
                SENTINEL if served[name].sentinel else b"",
                filter.enables(name),
            )
            for name, command in schema.commands.items()
            if name in served
        }
        undeclared = sorted(served.keys() - self._entries.keys())
        if undeclared:
            raise ValueError(f"not in the schema: {', '.join(undeclared)}")
        self.listing = self._listed()

    def enable(self, enables: Callable[[Command], bool]) -> None:
        """
        Serve from now on the commands of which ``enables`` says so, and no others.

        It is asked here and not at each command, for pings would pay for it each time.
        """
        for entry in self._entries.values():
            entry.enabled = enables(entry.command)
        self.listing = self._listed()

    def _listed(self) -> tuple[Listed, ...]:
        return tuple(
            Listed(name, entry.enabled, entry.command.success_response)
            for name, entry in self._entries.items()
        )

    def _function(self, served: Served) -> Function:
        """Return what runs a command: looked at once, for pings would pay for it each time."""
        if not served.blocking:
            return served.function
        if self._elsewhere is None:
            raise ValueError("a blocking command, and nothing to run it elsewhere")
        run, function = self._elsewhere.run, served.function
        return lambda arguments: run(partial(function, arguments))

    def answer(self, value: JSON) -> Reply | Deferred[Reply]:
        """
        Run the request ``value``, whatever JSON it is; never raises.

        :return: a Deferred when the command takes its time; it does not fail, and nothing else
            may be answered before it has fired.
        """
        try:
            request = parse_request(value)
        except RequestFault as fault:
            return refusal(_GENERIC, fault.desc, fault.id)
        try:
            entry = self._found(request.execute)
            result = self._started(entry, request.arguments)
            if isinstance(result, Deferred):
                return result.addCallback(
                    lambda value: self._succeeded(entry, request, value)
                ).addErrback(lambda failure: self._failed(request, failure))
            return self._succeeded(entry, request, result)
        except Exception:
            return self._failed(request, Failure())

    def run(self, name: str, arguments: Mapping[str, JSON]) -> Result | Deferred[Result]:
        """
        Run a command as if a client had asked for it, for a command that was told to.

        :param arguments: as they are sent: they are checked here.
        :return: the value of ``return``, or :data:`NO_REPLY`.
        :raise CommandFailed: it is refused, or fails.
        """
        entry = self._found(name)
        result = self._started(entry, arguments)
        if isinstance(result, Deferred):
            return result.addCallback(partial(_told, entry.command))
        return _told(entry.command, result)

    def _found(self, name: str) -> _Entry:
        entry = self._entries.get(name)
        if entry is None:
            raise CommandNotFound(f"The command {name} has not been found")
        if not entry.enabled:
            raise CommandNotFound(f"Command {name} has been disabled: the command is not allowed")
        if self._trace is not None:
            self._trace(name)
        return entry

    def _started(self, entry: _Entry, arguments: Mapping[str, JSON]) -> Result | Deferred[Result]:
        return entry.function(check(self._schema, entry.command, arguments))

    def _succeeded(self, entry: _Entry, request: Request, result: Result) -> Reply:
        value = _told(entry.command, result)
        if value is NO_REPLY:
            return None
        if isinstance(value, Encoded):
            return _spliced(entry.prefix, value, request.id)
        return entry.prefix + success(value, request.id)

    def _failed(self, request: Request, failure: Failure) -> Reply:
        why = failure.value
        if isinstance(why, CommandFailed):
            return refusal(why.wire_class, why.desc, request.id)
        self._log.failure("{command} failed", failure=failure, command=request.execute)
        desc = f"internal error of the agent in {request.execute}, see its log"
        return refusal(_GENERIC, desc, request.id)


def _told(command: Command, result: Result) -> Result:
    """Return what a command says of what its function returned."""
    if not command.success_response:
        return NO_REPLY
    return {} if command.returns is None and not isinstance(result, Encoded) else result


def _spliced(prefix: bytes, value: Encoded, id: JSON) -> bytes:
    """Return what :func:`txqga.wire.success` makes of a value, which is here encoded already."""
    end = b"}\n" if id is ABSENT else b', "id": %b}\n' % encode(id)
    return b"".join((prefix, b'{"return": ', *value.pieces, end))
