"""
Write what type checkers know of a guest's methods: ``python -m docs.stubs``.

The methods and the classes are made of the schema while the program runs; the stubs say the same in
Python. With ``--check`` nothing is written, and the exit status tells whether they are current.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import indent

from txqga.guest._method import documentation, method_name, parameter_name
from txqga.guest._named import type_names
from txqga.schema import (
    Alternate,
    ArrayOf,
    Command,
    Definition,
    Enum,
    Member,
    Schema,
    Struct,
    Type,
    Union,
    attribute_name,
    attrs_type,
    extended,
)

FOLDER = Path(__file__).parents[1] / "txqga" / "guest"

HEAD = "# Written by docs/stubs.py: type `make stubs` when the schema has changed.\n\n"

BUILTIN = {"str": "str", "bool": "bool", "number": "float", "any": "Any", "null": "None"}


class Writer:
    """Writes the stubs of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def types(self) -> str:
        """Write ``types.pyi``."""
        lines = ["from enum import Enum", "from typing import Any, TypeAlias", ""]
        lines += ["from attrs import frozen", ""]
        for name, (of, branch) in type_names(self._schema).items():
            lines += self._class(name, self._schema.definitions[of], branch)
        return HEAD + "\n".join(lines)

    def commands(self) -> str:
        """Write ``_commands.pyi``."""
        methods = [
            line for command in self._schema.commands.values() for line in self._method(command)
        ]
        text = "\n".join(methods)
        used = [name for name in type_names(self._schema) if _mentions(text, name)]
        return HEAD + COMMANDS.format(
            types="".join(f"    {name},\n" for name in sorted(used)), methods=text
        )

    # -- classes

    def _class(self, name: str, definition: Definition, branch: str | None) -> Iterator[str]:
        match definition:
            case Enum():
                yield f"class {name}(str, Enum):"
                yield from _docstring(definition.doc.text)
                made = attrs_type(self._schema, name)
                yield from (f"    {each.name} = {each.value!r}" for each in made)
            case Alternate():
                branches = [self.told(each.type) for each in definition.branches]
                yield f"{name}: TypeAlias = {' | '.join(branches)}"
            case Struct(base=base):
                own = self._own(definition.members, base)
                yield from self._struct(name, base, definition.doc.text, own)
            case Union() if branch is None:
                yield from self._struct(name, None, definition.doc.text, definition.members)
            case Union():
                yield from self._branch(name, definition, branch)
        yield ""

    def _own(self, members: Sequence[Member], base: str | None) -> Sequence[Member]:
        return members if base is None else members[len(self._schema.structs[base].members) :]

    def _struct(
        self,
        name: str,
        parent: str | None,
        doc: str,
        members: Sequence[Member],
        chosen: Mapping[str, str] | None = None,
    ) -> Iterator[str]:
        yield "@frozen(kw_only=True)"
        yield f"class {name}({parent}):" if parent else f"class {name}:"
        yield from _docstring(doc)
        for attribute, kind in (chosen or {}).items():
            yield f"    {attribute}: {kind} = ..."
        for member in members:
            optional = member.optional or member.since is not None
            told = "bytes" if member.is_base64 else self.told(member.type)
            rest = " | None = None" if optional and told != "Any" else ""
            rest = " = None" if optional and told == "Any" else rest
            yield f"    {attribute_name(member)}: {told}{rest}"
        if not (members or chosen or doc):
            yield "    pass"

    def _branch(self, name: str, union: Union, branch: str | None) -> Iterator[str]:
        struct = next(str(each.type) for each in union.branches if each.name == branch)
        chosen = next(each for each in union.members if each.name == union.discriminator)
        yield from self._struct(
            name,
            union.name,
            union.doc.text,
            self._schema.structs[struct].members,
            {attribute_name(chosen): self.told(chosen.type)},
        )

    # -- methods

    def _method(self, command: Command) -> Iterator[str]:
        arguments = command.arguments
        yield f"    def {method_name(command.name)}("
        yield "        self,"
        for each in arguments:
            if not each.optional:
                yield f"        {parameter_name(each)}: {self._taken(each)},"
        yield "        *,"
        for each in arguments:
            if each.optional:
                yield f"        {parameter_name(each)}: {self._taken(each)} | None = None,"
        yield "        deadline: float | None = None,"
        yield "        cap: float | None = None,"
        yield f"    ) -> Deferred[{self.told(command.returns) if command.returns else 'None'}]:"
        yield from (indent(line, "    ") for line in _docstring(documentation(command)))

    def _taken(self, argument: Member) -> str:
        if argument.is_base64:
            return "bytes | bytearray | memoryview"
        if isinstance(argument.type, ArrayOf):
            return f"Sequence[{self.told(argument.type.element)}]"
        return self.told(argument.type)

    def told(self, type_: Type) -> str:
        """Name the Python type of values of a type, which may be those of a newer agent."""
        if isinstance(type_, ArrayOf):
            return f"tuple[{self.told(type_.element)}, ...]"
        if type_ in self._schema.enums:
            return f"{type_} | str"
        if type_ in self._schema.definitions:
            return type_
        return BUILTIN.get(type_, "int")


COMMANDS = '''\
from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred

from txqga.guest.types import (
{types})
from txqga.schema import Schema

class Commands:
    """
    A method for each command of QEMU's guest agent, and of ours.

    A subclass made with another schema has methods for its commands too.
    """

    schema: Schema

    def __init_subclass__(cls, schema: Schema | None = None, **others: Any) -> None: ...

{methods}
def add_methods(made: type[Commands], schema: Schema) -> None: ...
'''


def _mentions(text: str, name: str) -> bool:
    return any(f"{before}{name}{after}" in text for before in "[ " for after in "],. ")


def _docstring(text: str) -> Iterator[str]:
    if text:
        body = text.replace("\\", "\\\\").replace('"""', "'''")
        yield indent(f'"""\n{body}\n"""', "    ")
        yield ""


def stubs() -> dict[Path, str]:
    """Write all of them, by path."""
    writer = Writer(extended())
    return {FOLDER / "types.pyi": writer.types(), FOLDER / "_commands.pyi": writer.commands()}


def stale() -> list[str]:
    """List the stubs that do not say what the schema says."""
    return [
        path.name
        for path, text in stubs().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(words: Sequence[str]) -> int:
    """Write the stubs, or check them."""
    if list(words) == ["--check"]:
        for name in (wrong := stale()):
            print(f"{name} is not current: make stubs", file=sys.stderr)
        return 1 if wrong else 0
    for path, text in stubs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
