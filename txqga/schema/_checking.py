"""
Arguments against the schema, in QEMU's words and order.

Each type becomes a function that takes a decoded JSON value and gives the checked one, or raises.
What is right costs no text: where in the arguments a fault lies is put together on its way out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from txqga.errors import InvalidArguments
from txqga.schema._linking import kind_of
from txqga.schema._model import (
    KINDS,
    Alternate,
    ArrayOf,
    Command,
    Enum,
    Member,
    Struct,
    Type,
    Union,
)
from txqga.schema._schema import Schema
from txqga.schema._values import (
    BUILTIN_CHECKS,
    Check,
    CheckMembers,
    Fault,
    check_list_of,
    check_object_of,
    check_one_of,
    unexpected,
)


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
    """Makes the function that checks one command."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._made: dict[str, Check] = {}

    def command(self, command: Command) -> CheckMembers:
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
            except Fault as fault:
                raise InvalidArguments(fault.desc(), name) from None
            except RecursionError:  # only a type that contains itself leads here
                raise InvalidArguments("The arguments are nested too deeply", name) from None

        return check_arguments

    def type(self, type: Type) -> Check:
        if isinstance(type, ArrayOf):
            return check_list_of(self.type(type.element))
        if type in BUILTIN_CHECKS:
            return BUILTIN_CHECKS[type]
        if type not in self._made:
            # types may contain themselves: until it is made, its name stands for it
            self._made[type] = lambda value: self._made[type](value)
            self._made[type] = self._definition(type)
        return self._made[type]

    def _definition(self, name: str) -> Check:
        match self._schema.definitions[name]:
            case Struct(members=members):
                return check_object_of(self._members(members))
            case Union() as union:
                return check_object_of(self._union(union))
            case Enum() as enum:
                return check_one_of(frozenset(value.name for value in enum.values))
            case Alternate() as alternate:
                return self._alternate(alternate)
        raise AssertionError(f"{name} is no type")

    def _members(self, members: tuple[Member, ...]) -> CheckMembers:
        visit = self._visitor(members)

        def check_members(given: Mapping[str, Any]) -> dict[str, Any]:
            checked = visit(given, {})
            if len(checked) != len(given):
                raise unexpected(given, checked)
            return checked

        return check_members

    def _union(self, union: Union) -> CheckMembers:
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
                raise unexpected(given, checked)
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
                        raise Fault("Parameter '%s' is missing")
            except Fault as fault:
                fault.in_member(name)
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
            check = by_kind.get(KINDS.get(type(value), ""))
            if check is None:
                raise Fault(text, bare=True)
            return check(value)

        return check_alternate
