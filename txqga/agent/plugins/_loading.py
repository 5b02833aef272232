"""All plug-ins of an agent: found, loaded, and the bad ones named."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen
from twisted.logger import Logger

from txqga.agent._config import PLUGIN_FOLDERS
from txqga.agent._family import Served
from txqga.agent.plugins._fault import PluginFault
from txqga.agent.plugins._plugin import load_plugin
from txqga.agent.plugins._trusted import TrustedFiles
from txqga.schema import Schema


@frozen(kw_only=True)
class Plugins:
    """What was loaded: a family of commands, and the schema that they are in."""

    schema: Schema
    names: tuple[str, ...] = ()  #: of the plug-ins, in the order of loading
    _commands: Mapping[str, Served] = field(factory=dict)

    def commands(self) -> Mapping[str, Served]:
        return self._commands

    def close(self) -> None:
        """There is nothing to let go of."""


_log = Logger()


def load_plugins(
    folders: Iterable[str] | None, schema: Schema, files: TrustedFiles | None = None
) -> Plugins:
    """
    Load every plug-in in ``folders``; one that cannot be is named in the log, with its fault.

    Of two that declare the same, the first one counts.

    :param folders: each has a folder for each plug-in. None: the default ones, as far as they are
        there.
    :param schema: what they add to.
    :param files: how files are read.
    """
    files = files or TrustedFiles()
    names: list[str] = []
    commands: dict[str, Served] = {}
    for folder in PLUGIN_FOLDERS if folders is None else folders:
        for name in _names(files, folder, expected=folders is not None):
            try:
                plugin = load_plugin(files, name, f"{folder}/{name}", schema)
            except PluginFault as why:
                _log.error("plug-in {plugin} is not loaded: {why}", plugin=name, why=why.desc)
                continue
            schema = plugin.schema
            names.append(name)
            commands.update(plugin.commands)
    return Plugins(schema=schema, names=tuple(names), commands=commands)


def _names(files: TrustedFiles, folder: str, *, expected: bool) -> list[str]:
    try:
        return [name for name in files.folders(folder) if name[0] not in "._"]
    except PluginFault as why:
        _log.error("no plug-in of {folder} is loaded: {why}", folder=folder, why=why.desc)
    except OSError as why:
        if expected or not isinstance(why, FileNotFoundError):
            reason = why.strerror
            _log.error("no plug-in of {folder} is loaded: {why}", folder=folder, why=reason)
    return []
