"""
A guest that is asked through its socket at a mux.

The mux speaks plain QGA there, in which every failure is a refusal. What it says of its own accord
is told apart here by its words. A guest can use the same ones: it deceives about itself then, which
it can anyway.
"""

import re
from collections.abc import Mapping

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from txqga.errors import (
    AgentUnavailable,
    ArgumentsNotAllowed,
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    OutcomeUnknown,
)
from txqga.guest._never import Never
from txqga.guest._session_source import SessionSource
from txqga.schema import Schema, command_class
from txqga.session import Session, State
from txqga.wire import JSON

_STATES = "|".join(state.value for state in State)
_AWAY = re.compile(rf"the agent is ({_STATES}): (.*)", re.DOTALL)
_UNKNOWN = re.compile(r"outcome unknown: (.*)", re.DOTALL)
_POLICY = "the policy of this mux does not allow "


class ThroughMux(SessionSource):
    """A guest that is asked through its socket at a mux, with a session of our own."""

    def __init__(self, clock: IReactorTime, session: Session, schema: Schema) -> None:
        super().__init__(clock, session, is_ours=True)
        self._schema = schema

    def call(
        self,
        command: str,
        arguments: Mapping[str, JSON] | None = None,
        *,
        deadline: float | None = None,
        cap: float | None = None,
    ) -> Deferred[JSON]:
        """Ask the agent."""
        asked = super().call(command, arguments, deadline=deadline, cap=cap)
        return asked.addErrback(self._cause, command, arguments or {})

    def _cause(self, failure: Failure, command: str, arguments: Mapping[str, JSON]) -> Failure:
        why = failure.value
        if isinstance(why, CommandNotFound) and _POLICY in why.desc:
            return Failure(CommandNotAllowed(why.desc, command))
        if not isinstance(why, CommandFailed) or isinstance(why, CommandNotFound):
            return failure
        if why.desc.startswith(f"permission denied: {_POLICY}"):
            return Failure(ArgumentsNotAllowed(why.desc, command))
        if found := _AWAY.fullmatch(why.desc):
            return Failure(AgentUnavailable(found[1], found[2]))
        if found := _UNKNOWN.fullmatch(why.desc):
            kind = command_class(self._schema, command, arguments).value
            return Failure(OutcomeUnknown(command, kind, found[1], Never()))
        return failure
