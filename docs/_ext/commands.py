"""
The directives ``qga-commands`` and ``qga-types``: what the schema says, as pages.

Both are drawn from the schema that the agent itself checks arguments with.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from txqga.agent.plugins import load_plugins
from txqga.guest._method import Method
from txqga.schema import (
    Alternate,
    ArrayOf,
    Command,
    Condition,
    Definition,
    Doc,
    Enum,
    EnumValue,
    Member,
    Struct,
    Type,
    Union,
    command_class,
    extended,
)

PLUGINS = load_plugins([str(Path(__file__).parents[2] / "plugins")], extended())
SCHEMA = PLUGINS.schema


def section(name: str, label: str) -> list[str]:
    """Begin a section that others can link to."""
    return [f".. _{label}:", "", name, "-" * len(name), ""]


def linked(type_: Type) -> str:
    """Name a type, with a link to its section where it has one."""
    if isinstance(type_, ArrayOf):
        return f"list of {linked(type_.element)}"
    if type_ in SCHEMA.definitions:
        return f":ref:`{type_} <qga-type-{type_}>`"
    return f"``{type_}``"


def where(condition: Condition) -> str:
    """Write a build condition in words."""
    if isinstance(condition, str):
        return f"``{condition}``"
    ((word, operand),) = condition.items()
    if word == "not":
        return f"not {where(operand)}"
    return {"all": " and ", "any": " or "}[word].join(where(each) for each in operand)


def facts(each: Definition | Member | EnumValue) -> list[str]:
    """Gather what is short to say about anything that has a name."""
    said = [f"since {each.since}"] if each.since else []
    return said + ([f"if {where(each.condition)}"] if each.condition is not None else [])


def rows(heads: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Write a table; a cell may have several lines."""
    yield from (".. list-table::", "   :header-rows: 1", "")
    for line in [heads, *lines]:
        for place, cell in enumerate(line):
            first, *more = cell.splitlines() or [""]
            yield f"   {'* -' if place == 0 else '  -'} {first}".rstrip()
            yield from (f"       {each}".rstrip() for each in more)
    yield ""


def members(head: str, of: Iterable[Member], doc: Doc) -> Iterator[str]:
    """Write the table of a command's arguments, or of a type's members."""
    lines = [
        (
            f"``{each.name}``",
            linked(each.type) + (", optional" if each.optional else ""),
            told(each, doc),
        )
        for each in of
    ]
    if lines:
        yield from rows((head, "type", ""), lines)


def words(text: str) -> str:
    """Keep a name that ends in an underscore from being a link."""
    return re.sub(r"(?<=\w)_(?![\w`])", r"\\_", text)


def told(each: Member | EnumValue, doc: Doc) -> str:
    """Gather what is said about a member or a value."""
    text = words(each.doc or doc.members.get(each.name, ""))
    if text.startswith("(since"):
        text = ""
    said = facts(each)
    return text + (f" ({', '.join(said)})" if said else "") if text else ", ".join(said)


def about(doc: Doc) -> Iterator[str]:
    """Write what the schema's comment says."""
    if doc.text:
        yield from (*words(doc.text).splitlines(), "")
    for tag, text in doc.sections:
        lines = words(text).splitlines()
        if any(line.lstrip().startswith("- ") for line in lines):
            yield from (f"*{tag}:*", "", *lines, "")
        else:
            yield from (f"*{tag}:* {' '.join(lines)}", "")


def python(each: Command) -> str:
    """Write how it is called as a method of a guest, of a class made with its schema."""
    method = Method(SCHEMA, each)
    names = str(method.signature).replace("(self, /, ", "(").replace("(*, ", "(")
    names = names.replace("deadline=None, cap=None", "...").replace("=None", "")
    return f"guest.{method.function().__name__}{names}"


def command(each: Command, served: set[str]) -> Iterator[str]:
    """Write the section of one command."""
    yield from section(each.name, f"qga-{each.name}")
    said = [
        *facts(each),
        f"class *{command_class(SCHEMA, each.name, {})}*",
        *(["allowed while frozen"] if each.allowed_while_frozen else []),
        "served by txqga's agent" if each.name in served else "not served by txqga's agent yet",
        *(["a plug-in"] if each.name in PLUGINS.commands() else []),
    ]
    yield from (" · ".join(said), "")
    yield from about(each.doc)
    yield from (f"In Python: ``{python(each)}``", "")
    yield from members("argument", each.arguments, each.doc)
    if not each.success_response:
        yield from ("No reply when it works.", "")
    elif each.returns is not None:
        yield from (f"Returns {linked(each.returns)}.", "")


def definition(each: Definition) -> Iterator[str]:
    """Write the section of one type."""
    yield from section(each.name, f"qga-type-{each.name}")
    yield from (" · ".join([f"*{type(each).__name__.lower()}*", *facts(each)]), "")
    yield from about(each.doc)
    match each:
        case Struct():
            yield from members("member", each.members, each.doc)
        case Union():
            yield from members("member", each.members, each.doc)
            yield from (f"Further members depend on ``{each.discriminator}``:", "")
            yield from members(each.discriminator, each.branches, each.doc)
        case Alternate():
            yield from ("One of these, told apart by the kind of the JSON value:", "")
            lines = [(linked(branch.type), told(branch, each.doc)) for branch in each.branches]
            yield from rows(("type", ""), lines)
        case Enum():
            lines = [(f"``{value.name}``", told(value, each.doc)) for value in each.values]
            yield from rows(("value", ""), lines)


def ours() -> set[str]:
    """Ask txqga's agent which commands it serves."""
    agent = Path(sys.executable).with_name("txqga-agent")
    done = subprocess.run([agent, "-b", "help"], stdout=subprocess.PIPE, check=True, text=True)
    return {*done.stdout.split(), *PLUGINS.commands()}


class Commands(SphinxDirective):
    """Every command of the schema, in the order in which ``guest-info`` has them, by name."""

    def run(self) -> list[nodes.Node]:
        """Write the sections as a page would, and parse them."""
        self.env.note_reread()
        served = ours()
        lines: list[str] = []
        for _, each in sorted(SCHEMA.commands.items()):
            lines += command(each, served)
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class Types(SphinxDirective):
    """Every type of the schema."""

    def run(self) -> list[nodes.Node]:
        """Write the sections as a page would, and parse them."""
        self.env.note_reread()
        lines: list[str] = []
        for _, each in sorted(SCHEMA.definitions.items()):
            if not isinstance(each, Command):
                lines += definition(each)
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    app.add_directive("qga-commands", Commands)
    app.add_directive("qga-types", Types)
    return {"parallel_read_safe": True}
