"""
Python classes for the types of a schema, made when first asked for.

A struct is a frozen attrs class with ``snake_case`` members, a list a tuple, an enum an
``enum.Enum`` of strings; octets are ``bytes``, and ``buf-b64`` is ``buf``. A union is a class with
the members that every branch has, and a subclass for each branch.
"""

import enum
import keyword
import re
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any, cast

import attr
from attrs import NOTHING, frozen, make_class

from txqga.schema._model import (
    BUILTINS,
    Alternate,
    ArrayOf,
    Command,
    Definition,
    Enum,
    Member,
    Struct,
    Type,
    Union,
)
from txqga.schema._schema import Schema

_BUILTIN: dict[str, Any] = {
    "str": str,
    "bool": bool,
    "number": float,
    "any": Any,
    "null": None,
}
_DUNDER = re.compile(r"__.*__\Z")


class WireEnum(str, enum.Enum):
    """A string out of a few; it equals the plain string, and is one."""

    def __str__(self) -> str:
        return str(self.value)


@frozen
class Wired:
    """One member of a made class, between Python and the wire."""

    attribute: str
    name: str  #: on the wire
    type: Type
    required: bool  #: every agent that knows the struct sends it
    is_base64: bool = False  #: octets, which are base64 on the wire

    @property
    def default(self) -> Any:
        """What an instance has where nothing is given."""
        return NOTHING if self.required else None


def python_name(name: str) -> str:
    """Give the attribute for a name of the wire: ``buf-b64`` is ``buf_b64``."""
    plain = name.replace("-", "_").replace(".", "_")
    if plain[0].isdigit():
        return f"_{plain}"
    taken = keyword.iskeyword(plain) or plain == "self" or _DUNDER.match(plain)
    return f"{plain}_" if taken else plain


def attribute_name(member: Member) -> str:
    """Give the attribute for a member; one that holds octets does not call them base64."""
    name = member.name
    return python_name(name.removesuffix("-b64") if member.is_base64 else name)


def attrs_type(schema: Schema, name: str, branch: str | None = None) -> Any:
    """
    Give the Python type of a definition.

    :param name: of a struct, union or enum, which have a class; of an alternate, whose type is the
        ``|`` of its branches; or of a command, which has a class of arguments.
    :param branch: of the union ``name``: the subclass for that value of the discriminator.
    :return: the same class each time it is asked.
    :raise KeyError: there is no such definition, or branch.
    """
    key = f"{name}:{branch}" if branch is not None else name
    if key not in schema.classes:
        definition = schema.definitions[name]
        if branch is None:
            schema.classes[key] = None  # who contains itself finds this, and says Any
            try:
                schema.classes[key] = _Maker(schema).make(definition)
            except BaseException:
                del schema.classes[key]
                raise
        else:
            schema.classes[key] = _Maker(schema).branch(schema.unions[name], branch)
    return schema.classes[key]


def wired(made: type) -> tuple[Wired, ...]:
    """Give the members of a class of ours, those of its bases first."""
    found: tuple[Wired, ...] = made.__wired__  # type: ignore[attr-defined]
    return found


def definition_name(made: type) -> str:
    """Give the name of the definition that a class of ours was made for."""
    name: str = made.__qapi__  # type: ignore[attr-defined]
    return name


class _Maker:
    """Makes the classes of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def make(self, definition: Definition) -> Any:
        match definition:
            case Struct(base=str(base)):
                parent = attrs_type(self._schema, base)
                own = definition.members[len(wired(parent)) :]
                return self._class(definition, definition.name, own, parent)
            case Struct() | Union():
                return self._class(definition, definition.name, definition.members)
            case Command():
                name = _camel(definition.name) + "Arguments"
                return self._class(definition, name, definition.arguments)
            case Enum():
                return _enum(definition)
            case Alternate():
                return reduce(or_, (self.annotation(each.type) for each in definition.branches))
        raise KeyError(definition.name)

    def branch(self, union: Union, branch: str) -> Any:
        """Make the subclass for one branch; its discriminator need not be given."""
        struct = {each.name: str(each.type) for each in union.branches}[branch]
        parent = attrs_type(self._schema, union.name)
        chosen = next(each for each in union.members if each.name == union.discriminator)
        value = attrs_type(self._schema, str(chosen.type))(branch)
        members = self._schema.structs[struct].members
        name = union.name + _camel(branch)
        return self._class(union, name, members, parent, {python_name(chosen.name): value})

    def _class(
        self,
        definition: Definition,
        name: str,
        members: Iterable[Member],
        parent: type | None = None,
        defaults: Mapping[str, Any] = MappingProxyType({}),
    ) -> type:
        table = [self._wired(member) for member in members]
        fields = {
            each.attribute: _field(each.attribute, self._annotation(each), each.default)
            for each in table
        }
        inherited: tuple[Wired, ...] = wired(parent) if parent else ()
        for attribute, value in defaults.items():
            fields[attribute] = _field(attribute, type(value), value)
        made: Any = make_class(
            name, fields, (parent or object,), frozen=True, kw_only=True, slots=True, order=False
        )
        made.__doc__ = definition.doc.text or None
        made.__module__ = "txqga.schema"
        made.__qapi__ = definition.name
        made.__wired__ = (*inherited, *table)
        return cast("type", made)

    def _wired(self, member: Member) -> Wired:
        return Wired(
            attribute_name(member),
            member.name,
            member.type,
            # one that came later than its struct is missing where the agent is older
            required=not member.optional and member.since is None,
            is_base64=member.is_base64,
        )

    def _annotation(self, each: Wired) -> Any:
        annotation = bytes if each.is_base64 else self.annotation(each.type)
        return annotation if each.required or annotation in (Any, None) else annotation | None

    def annotation(self, type: Type) -> Any:
        """Give what a type checker would call the Python values of a type."""
        if isinstance(type, ArrayOf):
            return tuple[self.annotation(type.element), ...]  # type: ignore[misc]
        if type in _BUILTIN:
            return _BUILTIN[type]
        if type in BUILTINS:
            return int
        made = attrs_type(self._schema, type)
        return Any if made is None else made


def _field(attribute: str, annotation: Any, default: Any) -> Any:
    # attrs.field of 22.2 takes no type; and the name of an argument would lose its underscores
    return attr.ib(type=annotation, default=default, alias=attribute)


def _enum(definition: Enum) -> type[WireEnum]:
    members = [(_constant(value.name), value.name) for value in definition.values]
    made: Any = WireEnum(definition.name, members)  # type: ignore[call-overload]
    made.__doc__ = definition.doc.text or None
    made.__module__ = "txqga.schema"
    made.__qapi__ = definition.name
    return cast("type[WireEnum]", made)


def _constant(name: str) -> str:
    constant = python_name(name).upper()
    return f"V{constant}" if constant[0] == "_" else constant  # _X_ means something to enum


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))
