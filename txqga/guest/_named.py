"""The classes of a schema, by the names they have in Python."""

from typing import Any

from txqga.schema import Alternate, Enum, Schema, Struct, Union, attrs_type


def type_names(schema: Schema) -> dict[str, tuple[str, str | None]]:
    """
    Give the name of each class: of a definition, or of one branch of a union.

    :return: definition and branch, by name, in the order of the schema.
    """
    found: dict[str, tuple[str, str | None]] = {}
    for name, definition in schema.definitions.items():
        match definition:
            case Struct() | Enum() | Alternate():
                found[name] = name, None
            case Union():
                found[name] = name, None
                for branch in definition.branches:
                    made = attrs_type(schema, name, branch.name)
                    found[made.__name__] = name, branch.name
    return found


def type_of(schema: Schema, name: str) -> Any:
    """
    Give the class of that name.

    :raise KeyError: there is none.
    """
    return attrs_type(schema, *type_names(schema)[name])
