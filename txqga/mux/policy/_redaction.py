"""
What an audit may tell of a command's arguments: no secrets, no contents of files, and little.

Of a command that the schema does not know, only the names of its arguments are told, for nobody
knows what is secret among their values.
"""

from collections.abc import Mapping

from txqga.schema import Schema
from txqga.wire import JSON

#: Members whose values are secrets or contents, whatever the command.
_UNTOLD = frozenset(
    {"password", "buf-b64", "input-data", "env", "token", "key", "keys", "arguments"}
)
_LONGEST = 256  #: characters of one text
_MOST = 16  #: members, or elements


def cut(text: str, longest: int = _LONGEST) -> str:
    """Tell the beginning of a text."""
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"


def redacted(schema: Schema, command: str, arguments: Mapping[str, JSON]) -> JSON:
    """Tell what may be told."""
    known = schema.commands.get(command)
    names = set() if known is None else {member.name for member in known.arguments}
    told: dict[str, JSON] = {}
    for name, value in list(arguments.items())[:_MOST]:
        if name == "arguments" and command == "txqga-fenced" and isinstance(value, dict):
            told[name] = redacted(schema, str(arguments.get("execute")), value)
        elif name in names and name not in _UNTOLD:
            told[cut(name)] = _shortened(value)
        else:
            told[cut(name)] = _size(value)
    if len(arguments) > _MOST:
        told["..."] = f"{len(arguments) - _MOST} more"
    return told


def _shortened(value: JSON) -> JSON:
    if isinstance(value, str):
        return cut(value)
    if isinstance(value, list):
        told = [_shortened(each) for each in value[:_MOST]]
        return [*told, f"{len(value) - _MOST} more"] if len(value) > _MOST else told
    if isinstance(value, dict):
        return _size(value)
    return value


def _size(value: JSON) -> str:
    """Tell how much it is, and not what."""
    if isinstance(value, str):
        return f"({len(value)} characters)"
    if isinstance(value, (list, dict)):
        return f"({len(value)} elements)"
    return "(a value)"
