"""
One JSON value against one type, in QEMU's words.

The texts are those of QEMU's qapi/qobject-input-visitor.c and qapi/qapi-visit-core.c.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from txqga.schema._model import KINDS

Check: TypeAlias = Callable[[Any], Any]  #: gives the checked value, or raises Fault
CheckMembers: TypeAlias = Callable[[Mapping[str, Any]], dict[str, Any]]  #: the same, of objects

_INT64 = (-(1 << 63), (1 << 63) - 1)
_UINT64 = (-(1 << 63), (1 << 64) - 1)  # negative numbers were always taken, and wrap
_UINT64_MASK = (1 << 64) - 1


class Fault(Exception):
    """
    A value does not fit. On its way out each object and list adds where it is.

    :param text: what is wrong, with ``%s`` for the name of the value.
    :param bare: QEMU says only the last part of the name, and "null" for an element of a list.
    """

    def __init__(self, text: str, *, bare: bool = False) -> None:
        super().__init__(text)
        self._text = text
        self._bare = bare
        self._path = ""
        self._last: str | None = None

    def in_member(self, name: str) -> None:
        """Say that the value is in this member."""
        self._path = f".{name}{self._path}"
        if self._last is None:
            self._last = name

    def in_element(self, index: int) -> None:
        """Say that the value is in this element."""
        self._path = f"[{index}]{self._path}"
        if self._last is None:
            self._last = "null"

    def desc(self) -> str:
        """Give the text of the error reply."""
        name = (self._last or "") if self._bare else self._path[1:]
        return self._text.replace("%s", name, 1)


def unexpected(given: Mapping[str, Any], checked: Mapping[str, Any]) -> Fault:
    """Give the fault of having more members than those that were checked."""
    fault = Fault("Parameter '%s' is unexpected")
    fault.in_member(next(name for name in given if name not in checked))
    return fault


def _exactly(kind: type) -> Check:
    text = f"Invalid parameter type for '%s', expected: {KINDS[kind]}"

    def check_exactly(value: Any) -> Any:
        if type(value) is not kind:
            raise Fault(text)
        return value

    return check_exactly


def _integer(value: Any) -> Any:
    if type(value) is not int or not _INT64[0] <= value <= _INT64[1]:
        raise Fault("Invalid parameter type for '%s', expected: integer")
    return value


def _uint64(value: Any) -> Any:
    if type(value) is not int or not _UINT64[0] <= value <= _UINT64[1]:
        raise Fault("Parameter '%s' expects uint64")
    return value & _UINT64_MASK


def _small(name: str, wide: Check, lowest: int, highest: int) -> Check:
    text = f"Parameter '%s' expects {name}"

    def check_small(value: Any) -> Any:
        value = wide(value)
        if not lowest <= value <= highest:
            raise Fault(text, bare=True)
        return value

    return check_small


def _number(value: Any) -> Any:
    if type(value) is float:
        return value
    if type(value) is not int:
        raise Fault("Invalid parameter type for '%s', expected: number")
    try:
        return float(value)
    except OverflowError:  # decoded JSON has no such integers, but Python has
        raise Fault("Invalid parameter type for '%s', expected: number") from None


def _anything(value: Any) -> Any:
    return value


def check_list_of(element: Check) -> Check:
    """Check a list, and each element in turn."""

    def check_array(value: Any) -> Any:
        if type(value) is not list:
            raise Fault("Invalid parameter type for '%s', expected: array")
        checked: list[Any] = []
        try:
            for each in value:
                checked.append(element(each))
        except Fault as fault:
            fault.in_element(len(checked))
            raise
        return checked

    return check_array


def check_object_of(members: CheckMembers) -> Check:
    """Check an object, whose members are another's business."""

    def check_object(value: Any) -> Any:
        if type(value) is not dict:
            raise Fault("Invalid parameter type for '%s', expected: object")
        return members(value)

    return check_object


def check_one_of(values: frozenset[str]) -> Check:
    """Check a string that is one of a few."""

    def check_enum(value: Any) -> Any:
        if type(value) is not str:
            raise Fault("Invalid parameter type for '%s', expected: string")
        if value not in values:
            raise Fault("Parameter '%s' does not accept value '" + value + "'", bare=True)
        return value

    return check_enum


BUILTIN_CHECKS: dict[str, Check] = {
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
