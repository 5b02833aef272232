"""A function of a plug-in, as the dispatcher runs it."""

import inspect
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from twisted.internet.defer import Deferred

from txqga.agent._family import Function, Served
from txqga.agent.plugins._fault import PluginFault
from txqga.schema import Command, Schema, python_name, structure
from txqga.wire import JSON

F = TypeVar("F", bound=Callable[..., Any])

_BLOCKING = "__txqga_blocking__"


def blocking(function: F) -> F:
    """
    Mark a function that may wait for a disk or a program: it is called in a thread of its own.

    It touches nothing of Twisted's but a logger, and is no ``async def``.
    """
    setattr(function, _BLOCKING, True)
    return function


def served(schema: Schema, command: Command, function: Callable[..., Any]) -> Served:
    """
    Return how a command is run by a function of a plug-in.

    :raise PluginFault: the function does not take what the schema says.
    """
    name = getattr(function, "__name__", command.name)
    _try_arguments(command, name, function)
    blocks = getattr(function, _BLOCKING, False)
    if blocks and inspect.iscoroutinefunction(function):
        raise PluginFault(f"{name} is blocking, and must not be async then")
    return Served(_running(schema, command, name, function), blocking=blocks)


def _try_arguments(command: Command, name: str, function: Callable[..., Any]) -> None:
    every = {python_name(each.name): None for each in command.arguments}
    required = {python_name(each.name): None for each in command.arguments if not each.optional}
    try:
        signature = inspect.signature(function)
        signature.bind(**every)
        signature.bind(**required)
    except (TypeError, ValueError) as why:
        said = f"{name} does not take the arguments that the schema says: {why}"
        raise PluginFault(said) from None


def _running(schema: Schema, command: Command, name: str, function: Callable[..., Any]) -> Function:
    names = {each.name: python_name(each.name) for each in command.arguments}
    returns = command.returns

    def checked(value: Any) -> JSON:
        if returns is not None:
            structure(schema, returns, value)  # Misfit: a bug of the plug-in, logged as one
        return value

    def run(arguments: Mapping[str, JSON]) -> JSON | Deferred[JSON]:
        try:
            result = function(**{names[each]: value for each, value in arguments.items()})
        except Exception:
            raise
        except BaseException as why:  # such as SystemExit: the agent's end is not a plug-in's
            raise RuntimeError(f"{name} raised {type(why).__name__}") from why
        if isinstance(result, Coroutine):
            result = Deferred.fromCoroutine(result)
        if isinstance(result, Deferred):
            return result.addCallback(checked)
        return checked(result)

    return run
