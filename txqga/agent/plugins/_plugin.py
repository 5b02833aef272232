"""One plug-in: a folder with ``schema.json`` and ``commands.py``."""

import contextlib
import io
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from attrs import frozen
from twisted.logger import Logger

from txqga.agent._family import Served
from txqga.agent.plugins._fault import PluginFault, fault_of
from txqga.agent.plugins._function import served
from txqga.agent.plugins._trusted import TrustedFiles
from txqga.errors import SchemaError
from txqga.schema import Command, Schema, python_name

SCHEMA, COMMANDS = "schema.json", "commands.py"

_PRINTED = 1000  #: characters of what is printed at import that are logged

_log = Logger()


@frozen
class Plugin:
    """What a plug-in adds."""

    schema: Schema  #: with what it declares
    commands: Mapping[str, Served]


def load_plugin(files: TrustedFiles, name: str, folder: str, schema: Schema) -> Plugin:
    """
    Load the plug-in ``name``.

    :param schema: what it adds to.
    :raise PluginFault: it cannot be loaded; nothing of it is.
    """
    more, declared = _declared(files, f"{folder}/{SCHEMA}", schema)
    path = f"{folder}/{COMMANDS}"
    # The module's name is where its events come from: the log tells the plug-in by it.
    module = ModuleType(f"{__package__}.{name}")
    module.__file__ = path
    _execute(name, _source(files, path), module)
    return Plugin(more, {each.name: _one(more, each, module, path) for each in declared})


def _declared(files: TrustedFiles, path: str, schema: Schema) -> tuple[Schema, list[Command]]:
    try:
        text = _source(files, path).decode()
        more = schema.with_fragment(text, path)
    except SchemaError as why:
        raise PluginFault(str(why)) from None
    except UnicodeDecodeError:
        raise PluginFault(f"{path} is not UTF-8") from None
    except RecursionError:
        raise PluginFault(f"{path} is nested too deep") from None
    declared = [each for name, each in more.commands.items() if name not in schema.commands]
    if not declared:
        raise PluginFault(f"{path} declares no command")
    return more, declared


def _source(files: TrustedFiles, path: str) -> bytes:
    try:
        return files.read(path)
    except OSError as why:
        raise PluginFault(f"{path}: {why.strerror}") from None


def _execute(name: str, source: bytes, module: ModuleType) -> None:
    path = str(module.__file__)
    printed = io.StringIO()
    try:
        # Standard output may be where -b help is read from, or closed.
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    except BaseException as why:  # SystemExit too: one plug-in must not cost the agent
        raise fault_of(path, why) from None
    if printed.getvalue():
        text = printed.getvalue()[:_PRINTED]
        _log.warn("plug-in {plugin} prints when it is loaded: {text}", plugin=name, text=text)


def _one(schema: Schema, command: Command, module: ModuleType, path: str) -> Served:
    name = python_name(command.name)
    function: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(function):
        raise PluginFault(f"{path} has no function {name} for {command.name}")
    try:
        return served(schema, command, function)
    except PluginFault as why:
        raise PluginFault(f"{path}: {why}") from None
