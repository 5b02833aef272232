"""What is wrong with the arguments of a command, where the mux has to say it itself."""

from collections.abc import Mapping

from txqga.errors import InvalidArguments
from txqga.schema import Schema, check
from txqga.wire import JSON


def fault(schema: Schema, command: str, arguments: Mapping[str, JSON]) -> InvalidArguments | None:
    """Say what is wrong, in the agent's words; None if nothing is, or the command is unknown."""
    known = schema.commands.get(command)
    if known is not None:
        try:
            check(schema, known, arguments)
        except InvalidArguments as why:
            return why
    return None
