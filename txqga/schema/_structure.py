"""
Values off the wire into Python values, and back.

What an agent says is taken as it is meant: members and enum values that the schema does not know
come from a newer agent. What has the wrong shape is refused, with the place where it is.
"""

import binascii
import enum
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from txqga.errors import Misfit
from txqga.schema._linking import kind_of
from txqga.schema._model import BUILTINS, KINDS, Alternate, ArrayOf, Enum, Type, Union
from txqga.schema._schema import Schema
from txqga.schema._types import attrs_type, definition_name, wired

Make: TypeAlias = Callable[[Any], Any]


def structure(schema: Schema, type: Type | type, wire: Any) -> Any:
    """
    Make the Python value of a type from decoded JSON.

    A string that an enum does not know stays a plain string. A union whose branch is not known is
    an instance of the class that all its branches share.

    :param type: the name of a type, a list of it, or a class that ``attrs_type`` gave.
    :param wire: decoded JSON, such as the value of ``return``.
    :raise Misfit: the value has another shape; ``where`` names the member.
    """
    wanted = type if isinstance(type, str | ArrayOf) else definition_name(type)
    make = schema.structurers.get(wanted)
    if make is None:
        make = schema.structurers[wanted] = _Compiler(schema).type(wanted)
    named = f"[{wanted.element}]" if isinstance(wanted, ArrayOf) else wanted
    try:
        return make(wire)
    except Misfit as misfit:
        raise Misfit(named + misfit.where, misfit.desc) from None
    except RecursionError:  # only a type that contains itself leads here
        raise Misfit(named, "nested too deeply") from None


def unstructure(value: Any) -> Any:
    """
    Make JSON of a Python value that ``structure`` could have made.

    Members that are None are left out, unless every value of the struct has them. Octets become
    base64.

    :param value: an instance of a class of ``attrs_type``, an enum's value, a sequence or mapping
        of these, or anything that is JSON already.
    """
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes | bytearray | memoryview):
        return binascii.b2a_base64(value, newline=False).decode("ascii")
    if isinstance(value, list | tuple):
        return [unstructure(each) for each in value]
    if isinstance(value, Mapping):
        return {name: unstructure(each) for name, each in value.items()}
    if not hasattr(value, "__wired__"):
        return value
    made: dict[str, Any] = {}
    for each in wired(type(value)):
        inner = getattr(value, each.attribute)
        if inner is not None or each.required:
            made[each.name] = unstructure(inner)
    return made


class _Compiler:
    """Makes the function that structures one type."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._made: dict[str, Make] = {}

    def type(self, type: Type) -> Make:
        if isinstance(type, ArrayOf):
            return _array(self.type(type.element))
        if type in BUILTINS:
            return _BUILTIN.get(type, _integer)
        if type not in self._made:
            # types may contain themselves: until it is made, its name stands for it
            self._made[type] = lambda value: self._made[type](value)
            self._made[type] = self._definition(type)
        return self._made[type]

    def _definition(self, name: str) -> Make:
        made = attrs_type(self._schema, name)
        match self._schema.definitions[name]:
            case Union() as union:
                return self._union(union, made)
            case Enum():
                return _enum(made)
            case Alternate() as alternate:
                return self._alternate(alternate)
        return self._object(made)

    def _object(self, made: Callable[..., Any]) -> Make:
        table = [
            (
                each.attribute,
                each.name,
                each.required,
                _octets if each.is_base64 else self.type(each.type),
            )
            for each in wired(cast("type", made))
        ]

        def make_object(value: Any) -> Any:
            if type(value) is not dict:
                raise _misfit(value, "object")
            values: dict[str, Any] = {}
            name = ""
            try:
                for attribute, name, required, make in table:
                    if name in value:
                        values[attribute] = make(value[name])
                    elif required:
                        raise Misfit("", "it is missing")
            except Misfit as misfit:
                misfit.where = f".{name}{misfit.where}"
                raise
            return made(**values)

        return make_object

    def _union(self, union: Union, made: Callable[..., Any]) -> Make:
        shared = self._object(made)
        branches = {
            branch.name: self._object(attrs_type(self._schema, union.name, branch.name))
            for branch in union.branches
        }
        discriminator = union.discriminator

        def make_union(value: Any) -> Any:
            chosen = value.get(discriminator) if type(value) is dict else None
            return branches.get(chosen if type(chosen) is str else "", shared)(value)

        return make_union

    def _alternate(self, alternate: Alternate) -> Make:
        by_kind = {
            kind_of(branch.type, self._schema.definitions): self.type(branch.type)
            for branch in alternate.branches
        }

        def make_alternate(value: Any) -> Any:
            make = by_kind.get(KINDS.get(type(value), ""))
            if make is None:
                raise _misfit(value, " or ".join(by_kind))
            return make(value)

        return make_alternate


def _misfit(value: Any, expected: str) -> Misfit:
    found = "integer" if type(value) is int else KINDS.get(type(value), type(value).__name__)
    return Misfit("", f"{expected} expected, {found} found")


def _array(element: Make) -> Make:
    def make_array(value: Any) -> Any:
        if type(value) is not list:
            raise _misfit(value, "array")
        made: list[Any] = []
        try:
            for each in value:
                made.append(element(each))
        except Misfit as misfit:
            misfit.where = f"[{len(made)}]{misfit.where}"
            raise
        return tuple(made)

    return make_array


def _enum(made: Callable[[str], Any]) -> Make:
    known: dict[str, Any] = {each.value: each for each in cast("type[enum.Enum]", made)}

    def make_enum(value: Any) -> Any:
        if type(value) is not str:
            raise _misfit(value, "string")
        return known.get(value, value)

    return make_enum


def _octets(value: Any) -> Any:
    if type(value) is not str:
        raise _misfit(value, "string")
    try:
        return b64decode(value, validate=True)
    except ValueError:
        raise Misfit("", "it is no base64") from None


def _integer(value: Any) -> Any:
    if type(value) is not int:
        raise _misfit(value, "integer")
    return value


def _number(value: Any) -> Any:
    if type(value) is float:
        return value
    if type(value) is not int:
        raise _misfit(value, "number")
    return float(value)


def _exactly(kind: type) -> Make:
    def make_exactly(value: Any) -> Any:
        if type(value) is not kind:
            raise _misfit(value, KINDS[kind])
        return value

    return make_exactly


_BUILTIN: dict[str, Make] = {
    "str": _exactly(str),
    "bool": _exactly(bool),
    "null": _exactly(type(None)),
    "any": lambda value: value,
    "number": _number,
}
