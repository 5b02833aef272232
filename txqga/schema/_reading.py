"""
Schema text into linked definitions: the kinds of top-level objects, ``include`` and ``pragma``.
"""

from collections.abc import Callable, Mapping

from attrs import define, field

from txqga.errors import SchemaError
from txqga.schema._clauses import Clauses
from txqga.schema._definitions import KINDS, define_one
from txqga.schema._expressions import Array, Expression, read
from txqga.schema._linking import link
from txqga.schema._model import BUILTINS, Command, Definition
from txqga.schema._tokens import Source

#: gives the text and the place (for errors) of what a schema includes
Include = Callable[[str], tuple[str, str]]

#: what QEMU's generator checks or does not check; it says nothing about the wire
_FOREIGN_PRAGMAS = frozenset(
    {
        "doc-required",
        "command-name-exceptions",
        "command-returns-exceptions",
        "documentation-exceptions",
        "member-name-exceptions",
        "returns-whitelist",
        "name-case-whitelist",
    }
)
_ORDER = "command-order"  #: ours: the order of registration, where the files have another


def definitions(
    text: str, where: str, known: Mapping[str, Definition], include: Include | None = None
) -> dict[str, Definition]:
    """
    Read a schema text.

    :param known: what the text may refer to, and not define again.
    :param include: how to get what the text includes; None: it may include nothing.
    :return: the new definitions in their order.
    """
    reading = _Reading(known, include)
    reading.add(text, where)
    return reading.finish()


@define(eq=False)
class _Reading:
    known: Mapping[str, Definition]
    include: Include | None
    drafts: dict[str, Definition] = field(factory=dict)
    _homes: dict[str, Clauses] = field(factory=dict)  #: who read which definition
    _seen: set[str] = field(factory=set)  #: the texts included
    _order: list[tuple[str, Clauses, int]] = field(factory=list)

    def add(self, text: str, where: str) -> None:
        clauses = Clauses(Source(text, where))
        for expression in read(clauses.source):
            body = expression.body
            if "include" in body:
                self._include(clauses, expression)
            elif "pragma" in body:
                self._pragma(clauses, expression)
            else:
                self._define(clauses, expression)

    def _define(self, clauses: Clauses, expression: Expression) -> None:
        kinds = [key for key in expression.body if key in KINDS]
        if not kinds:
            raise clauses.fault(expression.at, f"it defines none of {', '.join(KINDS)}")
        if len(kinds) > 1:
            raise clauses.fault(expression.at, f"is it a {' or a '.join(kinds)}?")
        draft = define_one(clauses, kinds[0], expression)
        name = draft.name
        if name in self.drafts or name in self.known or name in BUILTINS:
            raise clauses.fault(clauses.places[name, ""], f"'{name}' is defined already")
        self.drafts[name] = draft
        self._homes[name] = clauses

    def _include(self, clauses: Clauses, expression: Expression) -> None:
        body = expression.body
        clauses.keys(body, ("include",), "an include")
        if self.include is None:
            raise clauses.fault(expression.at, "nothing can be included here")
        name = clauses.string(body, "include")
        if name in self._seen:
            return
        self._seen.add(name)
        try:
            text, where = self.include(name)
        except (OSError, UnicodeDecodeError) as why:
            raise clauses.fault(expression.at, f"cannot include '{name}': {why}") from why
        self.add(text, where)

    def _pragma(self, clauses: Clauses, expression: Expression) -> None:
        body, at = expression.body, expression.at
        clauses.keys(body, ("pragma",), "a pragma")
        pragmas = body["pragma"]
        if not isinstance(pragmas, Mapping):
            raise clauses.fault(at, "a pragma is an object")
        clauses.keys(pragmas, {_ORDER, *_FOREIGN_PRAGMAS}, "a pragma")
        if _ORDER not in pragmas:
            return
        names = pragmas[_ORDER]
        if not isinstance(names, Array):
            raise clauses.fault(at, f"'{_ORDER}' is a list")
        for name, place in zip(names, names.places, strict=True):
            if not isinstance(name, str):
                raise clauses.fault(place, f"'{_ORDER}' lists names of commands")
            self._order.append((name, clauses, place))

    def finish(self) -> dict[str, Definition]:
        linked = link(self.drafts, self.known, self._fault)
        ordered: dict[str, Definition] = {}
        for name, clauses, at in self._order:
            if not isinstance(linked.get(name), Command):
                raise clauses.fault(at, f"there is no command '{name}' to put in order")
            if name in ordered:
                raise clauses.fault(at, f"'{name}' is in this order twice")
            ordered[name] = linked[name]
        return {**ordered, **linked}

    def _fault(self, name: str, member: str, why: str) -> SchemaError:
        clauses = self._homes[name]
        at = clauses.places.get((name, member), clauses.places[name, ""])
        return clauses.fault(at, why)
