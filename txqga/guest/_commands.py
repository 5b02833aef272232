"""
A method for each command; ``_commands.pyi`` beside this file tells type checkers of them.
"""

from typing import Any

from txqga.guest._method import Method
from txqga.schema import Schema, extended, python_name


class Commands:
    """
    A method for each command of QEMU's guest agent, and of ours.

    A subclass made with another schema has methods for its commands too.
    """

    schema: Schema

    def __init_subclass__(cls, schema: Schema | None = None, **others: Any) -> None:
        super().__init_subclass__(**others)
        if schema is not None:
            cls.schema = schema
            add_methods(cls, schema)


def add_methods(made: type[Commands], schema: Schema) -> None:
    """
    Give a class the methods for the commands of a schema that it has not yet.

    One whose name means something else there has the command's whole name: ``guest_call``.
    """
    has: frozenset[str] = getattr(made, _HAS, frozenset())
    for name, command in schema.commands.items():
        if name not in has:
            method = Method(schema, command).function()
            if hasattr(made, method.__name__):
                method.__name__ = python_name(name)
            method.__qualname__ = f"{made.__name__}.{method.__name__}"
            method.__module__ = made.__module__
            setattr(made, method.__name__, method)
    setattr(made, _HAS, has | schema.commands.keys())


#: the attribute of a class with the commands that it has methods for
_HAS = "__qapi_commands__"

Commands.schema = extended()
add_methods(Commands, Commands.schema)
