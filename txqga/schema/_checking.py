"""
Arguments against the schema, in QEMU's words and order.

Each type becomes a function that takes a decoded JSON value and gives the checked one, or raises.
What is right costs no text: where in the arguments a fault lies is put together on its way out.
The texts are those of QEMU's qapi/qobject-input-visitor.c and qapi/qapi-visit-core.c.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from txqga.errors import InvalidArguments
from txqga.schema._linking import kind_of
from txqga.schema._model import Alternate, ArrayOf, Command, Enum, Member, Struct, Type, Union
from txqga.schema._schema import Checker, Schema

Check: TypeAlias = Callable[[Any], Any]

_INT64 = (-(1 << 63), (1 << 63) - 1)
_UINT64 = (-(1 << 63), (1 << 64) - 1)  # negative numbers were always taken, and wrap
_UINT64_MASK = (1 << 64) - 1


class _Fault(Exception):
    """A value does not fit; ``text`` has a place for its name."""

    def __init__(self, text: str, *, bare: bool = False) -> None:
        self.text = text
        self.path = ""  #: of members and elements below, such as ``[0].online``
        self.bare = bare  #: QEMU says only the member's own name, and "null" for an element
        self.name = ""

    def below_member(self, name: str) -> None:
        self.name = self.name or name
        self.path = f".{name}{self.path}"

    def below_element(self, index: int) -> None:
        self.name = self.name or "null"
        self.path = f"[{index}]{self.path}"

    def desc(self) -> str:
        return self.text.replace("%s", self.name if self.bare else self.path.lstrip("."), 1)


def check(schema: Schema, command: Command, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """
    Check the arguments of a command as QEMU's agent does.

    Build conditions are not looked at: ask a schema that is cut to the platform.

    :param command: one of ``schema.commands``.
    :param arguments: decoded JSON.
    :return: a copy in the order of the schema, with ``uint64`` wrapped and ``number`` as float.
    :raise InvalidArguments: the first thing that is wrong, in the words of QEMU's agent.
    """
    try:
        checker = schema.checkers[command.name]
    except KeyError:
        checker = schema.checkers[command.name] = _Compiler(schema).command(command)
    return checker(arguments)


class _Compiler:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._made: dict[str, Check] = {}

    def command(self, command: Command) -> Checker:
        name = command.name
        if command.data is None and not command.arguments:

            def check_nothing(arguments: Mapping[str, Any]) -> dict[str, Any]:
                if arguments:
                    first = next(iter(arguments))
                    raise InvalidArguments(f"Parameter '{first}' is unexpected", name)
                return {}

            return check_nothing
        union = self._schema.unions.get(command.data or "")
        members = self._union(union) if union else self._members(command.arguments)

        def check_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
            try:
                return members(arguments)
            except _Fault as fault:
                raise InvalidArguments(fault.desc(), name) from None

        return check_arguments

    def type(self, type: Type) -> Check:
        if isinstance(type, ArrayOf):
            return _array(self.type(type.element))
        if type in _BUILTIN:
            return _BUILTIN[type]
        if type not in self._made:
            # types may contain themselves: until it is made, its name stands for it
            self._made[type] = lambda value: self._made[type](value)
            self._made[type] = self._definition(type)
        return self._made[type]

    def _definition(self, name: str) -> Check:
        match self._schema.definitions[name]:
            case Struct(members=members):
                return _object(self._members(members))
            case Union() as union:
                return _object(self._union(union))
            case Enum() as enum:
                return _enum(frozenset(value.name for value in enum.values))
            case Alternate() as alternate:
                return self._alternate(alternate)
        raise AssertionError(f"{name} is no type")

    def _members(self, members: tuple[Member, ...]) -> Checker:
        visit = self._visitor(members)

        def check_members(given: Mapping[str, Any]) -> dict[str, Any]:
            checked = visit(given, {})
            if len(checked) != len(given):
                raise _unexpected(given, checked)
            return checked

        return check_members

    def _union(self, union: Union) -> Checker:
        visit_base = self._visitor(union.members)
        branches = {
            branch.name: self._visitor(self._schema.structs[str(branch.type)].members)
            for branch in union.branches
        }
        discriminator = union.discriminator

        def check_union(given: Mapping[str, Any]) -> dict[str, Any]:
            checked = visit_base(given, {})
            visit = branches.get(checked[discriminator])
            if visit is not None:
                checked = visit(given, checked)
            if len(checked) != len(given):
                raise _unexpected(given, checked)
            return checked

        return check_union

    def _visitor(
        self, members: tuple[Member, ...]
    ) -> Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]]:
        table = tuple((each.name, each.optional, self.type(each.type)) for each in members)

        def visit(given: Mapping[str, Any], checked: dict[str, Any]) -> dict[str, Any]:
            name = ""
            try:
                for name, optional, check in table:
                    if name in given:
                        checked[name] = check(given[name])
                    elif not optional:
                        raise _Fault("Parameter '%s' is missing")
            except _Fault as fault:
                fault.below_member(name)
                raise
            return checked

        return visit

    def _alternate(self, alternate: Alternate) -> Check:
        by_kind = {
            kind_of(branch.type, self._schema.definitions): self.type(branch.type)
            for branch in alternate.branches
        }
        text = f"Invalid parameter type for '%s', expected: {alternate.name}"

        def check_alternate(value: Any) -> Any:
            check = by_kind.get(_KIND.get(type(value), ""))
            if check is None:
                raise _Fault(text, bare=True)
            return check(value)

        return check_alternate


#: decoded JSON has exactly these types
_KIND: dict[type, str] = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
    type(None): "null",
}


def _unexpected(given: Mapping[str, Any], checked: Mapping[str, Any]) -> _Fault:
    fault = _Fault("Parameter '%s' is unexpected")
    fault.below_member(next(name for name in given if name not in checked))
    return fault


def _exactly(kind: type) -> Check:
    text = f"Invalid parameter type for '%s', expected: {_KIND[kind]}"

    def check_exactly(value: Any) -> Any:
        if type(value) is not kind:
            raise _Fault(text)
        return value

    return check_exactly


def _integer(value: Any) -> Any:
    if type(value) is not int or not _INT64[0] <= value <= _INT64[1]:
        raise _Fault("Invalid parameter type for '%s', expected: integer")
    return value


def _uint64(value: Any) -> Any:
    if type(value) is not int or not _UINT64[0] <= value <= _UINT64[1]:
        raise _Fault("Parameter '%s' expects uint64")
    return value & _UINT64_MASK


def _small(name: str, wide: Check, lowest: int, highest: int) -> Check:
    text = f"Parameter '%s' expects {name}"

    def check_small(value: Any) -> Any:
        value = wide(value)
        if not lowest <= value <= highest:
            raise _Fault(text, bare=True)
        return value

    return check_small


def _number(value: Any) -> Any:
    if type(value) is float:
        return value
    if type(value) is not int:
        raise _Fault("Invalid parameter type for '%s', expected: number")
    try:
        return float(value)
    except OverflowError:  # decoded JSON has no such integers, but Python has
        raise _Fault("Invalid parameter type for '%s', expected: number") from None


def _anything(value: Any) -> Any:
    return value


def _array(element: Check) -> Check:
    def check_array(value: Any) -> Any:
        if type(value) is not list:
            raise _Fault("Invalid parameter type for '%s', expected: array")
        checked: list[Any] = []
        try:
            for each in value:
                checked.append(element(each))
        except _Fault as fault:
            fault.below_element(len(checked))
            raise
        return checked

    return check_array


def _object(members: Checker) -> Check:
    def check_object(value: Any) -> Any:
        if type(value) is not dict:
            raise _Fault("Invalid parameter type for '%s', expected: object")
        return members(value)

    return check_object


def _enum(values: frozenset[str]) -> Check:
    def check_enum(value: Any) -> Any:
        if type(value) is not str:
            raise _Fault("Invalid parameter type for '%s', expected: string")
        if value not in values:
            raise _Fault("Parameter '%s' does not accept value '" + value + "'", bare=True)
        return value

    return check_enum


_BUILTIN: dict[str, Check] = {
    "str": _exactly(str),
    "bool": _exactly(bool),
    "null": _exactly(type(None)),
    "any": _anything,
    "number": _number,
    "int": _integer,
    "int64": _integer,
    "uint64": _uint64,
    "size": _uint64,
    **{
        f"int{bits}": _small(f"int{bits}", _integer, -(1 << bits - 1), (1 << bits - 1) - 1)
        for bits in (8, 16, 32)
    },
    **{f"uint{bits}": _small(f"uint{bits}", _uint64, 0, (1 << bits) - 1) for bits in (8, 16, 32)},
}
