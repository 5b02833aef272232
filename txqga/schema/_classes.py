"""
What running a command once more would do: the class that decides about sharing and retrying.
"""

import enum
from collections.abc import Mapping
from typing import Any

from txqga.schema._model import IDEMPOTENT, READ
from txqga.schema._schema import Schema

_FENCED = "txqga-fenced"


class CommandClass(str, enum.Enum):
    """
    Only *read* calls are ever shared in flight; only *read* and *idempotent* ones are retried.
    """

    READ = "read"  #: changes nothing
    IDEMPOTENT = "idempotent"  #: once more leaves the guest as it is after the first time
    ONCE = "once"  #: everything else

    def __str__(self) -> str:
        return self.value


def command_class(schema: Schema, name: str, arguments: Mapping[str, Any]) -> CommandClass:
    """
    Tell the class of a call: from the features of the command, and for two commands from what
    they are asked to do.

    :param arguments: as they are sent; they need not have been checked.
    :return: ``ONCE`` for a command that is not in the schema.
    """
    name, arguments = unfenced(name, arguments)
    command = schema.commands.get(name)
    if command is None:
        return CommandClass.ONCE
    if READ in command.features:
        return CommandClass.READ
    if IDEMPOTENT in command.features or _sets_what_it_says(name, arguments):
        return CommandClass.IDEMPOTENT
    return CommandClass.ONCE


def unfenced(name: str, arguments: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """
    Tell which command runs, and with what: for ``txqga-fenced`` the one inside.

    :param arguments: as they are sent; they need not have been checked.
    :return: what was given, if there is no command inside that could run.
    """
    if name == _FENCED:
        inner, given = arguments.get("execute"), arguments.get("arguments", {})
        if isinstance(inner, str) and inner != _FENCED and isinstance(given, Mapping):
            return inner, given
    return name, arguments


def _sets_what_it_says(name: str, arguments: Mapping[str, Any]) -> bool:
    """Tell of a command that moves something by steps or to a place: is it to a place?"""
    if name == "guest-set-time":
        return "time" in arguments  # without: to what the clock of the hardware then shows
    if name == "guest-file-seek":
        whence = arguments.get("whence")
        return whence == "set" or (type(whence) is int and whence == 0)
    return False
