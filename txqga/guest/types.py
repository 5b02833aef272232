"""
What commands take and return: a class for each type of the schema.

A struct is a frozen attrs class, a list a tuple, an enum an ``enum.Enum`` of strings, octets are
``bytes``. What an agent need not send is None where it is not there; a value that an enum does not
know, of a newer agent, stays a plain string. :doc:`/reference/types` lists them all;
``types.pyi`` beside this file tells type checkers of them.
"""

from typing import Any

from txqga.guest._named import type_names, type_of
from txqga.schema import extended


def __getattr__(name: str) -> Any:
    try:
        return type_of(extended(), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    return [*type_names(extended())]
