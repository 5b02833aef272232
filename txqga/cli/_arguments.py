"""
Arguments of a command, out of words of the command line.

``key=value`` is read as the schema says what the value is; ``key:=JSON`` is taken as it is. Parts
of objects and lists are named as QEMU's own command line does it: ``vcpus.0.online=false``. A list
of plain values may be said one by one, ``arg=-l arg=/tmp``.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from attrs import frozen

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.schema import Alternate, ArrayOf, Command, Member, Schema, Struct, Type, Union
from txqga.wire import JSON

#: Deeper than any command's arguments are.
DEEPEST = 16


@frozen
class Said:
    """A value as it was said."""

    text: str
    is_json: bool


Tree: TypeAlias = "dict[str, Tree] | list[Said]"


def arguments_of(schema: Schema, command: Command | None, words: Sequence[str]) -> dict[str, JSON]:
    """
    Read words as the arguments of a command; whether they fit it is not checked here.

    :param command: None: one that the schema has not, whose values are JSON where they can be.
    :raise Complaint: a word is none of ``key=value`` and ``key:=JSON``, or no value of its type.
    """
    tree: dict[str, Tree] = {}
    for word in words:
        path, said = _read(word)
        _put(tree, path, said)
    reader = Reader(schema)
    members = [] if command is None else reader.members_of(command)
    return reader.object(members, tree, "")


def _read(word: str) -> tuple[list[str], Said]:
    key, equals, text = word.partition("=")
    is_json = key.endswith(":")
    path = key.removesuffix(":").split(".")
    if not equals or not all(path) or len(path) > DEEPEST:
        raise _wrong(f"{word!r} is not key=value, or key:=JSON")
    return path, Said(text, is_json)


def _put(tree: "dict[str, Tree]", path: Sequence[str], said: Said) -> None:
    *outer, last = path
    node: Tree = tree
    for each in outer:
        node = node.setdefault(each, {}) if isinstance(node, dict) else node
    there = node.setdefault(last, []) if isinstance(node, dict) else None
    if not isinstance(there, list):
        raise _wrong(f"{'.'.join(path)}: it is said to be a value, and to have parts")
    there.append(said)


class Reader:
    """Reads values, by what the schema says of them."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def members_of(self, command: Command) -> Sequence[Member]:
        """List what the arguments of a command may be."""
        return self._of(command.data) if command.data else command.arguments

    def object(
        self, members: Sequence[Member], tree: "Mapping[str, Tree]", where: str
    ) -> dict[str, JSON]:
        """Read an object; members that are not known are JSON where they can be."""
        types = {each.name: each.type for each in members}
        return {
            name: self.value(types.get(name), node, f"{where}{name}") for name, node in tree.items()
        }

    def value(self, type_: Type | None, node: Tree, where: str) -> JSON:
        """Read a value of a type; of None: whatever it looks like."""
        if isinstance(node, dict):
            return self._with_parts(type_, node, where)
        if isinstance(type_, ArrayOf):
            if len(node) == 1 and (node[0].is_json or node[0].text.startswith("[")):
                return _json(node[0].text, where)
            return [self._plain(type_.element, each, where) for each in node]
        if len(node) > 1:
            raise _wrong(f"{where}: it is no list, and was said {len(node)} times")
        return self._plain(type_, node[0], where)

    def _with_parts(self, type_: Type | None, node: "dict[str, Tree]", where: str) -> JSON:
        is_list = isinstance(type_, ArrayOf)
        if is_list or (type_ is None and all(each.isdecimal() for each in node)):
            element = type_.element if isinstance(type_, ArrayOf) else None
            if sorted(node) != sorted(str(each) for each in range(len(node))):
                raise _wrong(f"{where}: the parts of a list are numbered from 0 on")
            every = range(len(node))
            return [self.value(element, node[str(at)], f"{where}.{at}") for at in every]
        return self.object(self._of(type_), node, f"{where}.")

    def _of(self, type_: Type | None) -> Sequence[Member]:
        match self._schema.definitions.get(type_) if isinstance(type_, str) else None:
            case Struct(members=members):
                return members
            case Union(members=members, branches=branches):
                return [*members, *(part for each in branches for part in self._of(each.type))]
        return []

    def _plain(self, type_: Type | None, said: Said, where: str) -> JSON:
        if said.is_json:
            return _json(said.text, where)
        defined = self._schema.definitions.get(type_) if isinstance(type_, str) else None
        if type_ == "bool":
            return _bool(said.text, where)
        if type_ in _NUMBERS:
            return _number(said.text, where)
        if isinstance(defined, Struct | Union):
            return _json(said.text, where)
        if type_ in (None, "any", "null") or isinstance(defined, Alternate):
            return _guess(said.text)
        return said.text


_NUMBERS = frozenset(
    ("int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "size")
) | {"number"}

_BOOLS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _bool(text: str, where: str) -> bool:
    if text.lower() not in _BOOLS:
        raise _wrong(f"{where}: {text!r} is neither true nor false")
    return _BOOLS[text.lower()]


def _number(text: str, where: str) -> int | float:
    try:
        return int(text, 0)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise _wrong(f"{where}: {text!r} is no number") from None


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as why:
        raise _wrong(f"{where}: {text!r} is no JSON: {why}") from None


def _guess(text: str) -> JSON:
    try:
        value: JSON = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _wrong(words: str) -> Complaint:
    return Complaint("usage", words, Exit.USAGE)
