"""
A whole schema: everything an agent understands, looked up by name.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from attrs import field, frozen

from txqga.schema._model import Alternate, Command, Definition, Enum, Event, Struct, Type, Union
from txqga.schema._platforms import restrict
from txqga.schema._reading import Include, definitions
from txqga.schema._values import CheckMembers

D = TypeVar("D")


@frozen
class Schema:
    """
    The definitions of one or more schema texts; every name in them is known.

    ``commands`` is in the order in which an agent registers them.
    """

    definitions: Mapping[str, Definition]
    commands: Mapping[str, Command] = field(init=False, eq=False, repr=False)
    structs: Mapping[str, Struct] = field(init=False, eq=False, repr=False)
    unions: Mapping[str, Union] = field(init=False, eq=False, repr=False)
    enums: Mapping[str, Enum] = field(init=False, eq=False, repr=False)
    alternates: Mapping[str, Alternate] = field(init=False, eq=False, repr=False)
    events: Mapping[str, Event] = field(init=False, eq=False, repr=False)

    # filled when first needed: what checks arguments, classes, what makes instances of them
    checkers: dict[str, CheckMembers] = field(init=False, eq=False, repr=False, factory=dict)
    classes: dict[str, Any] = field(init=False, eq=False, repr=False, factory=dict)
    structurers: dict[Type, Callable[[Any], Any]] = field(
        init=False, eq=False, repr=False, factory=dict
    )

    @commands.default
    def _commands(self) -> dict[str, Command]:
        return self._of(Command)

    @structs.default
    def _structs(self) -> dict[str, Struct]:
        return self._of(Struct)

    @unions.default
    def _unions(self) -> dict[str, Union]:
        return self._of(Union)

    @enums.default
    def _enums(self) -> dict[str, Enum]:
        return self._of(Enum)

    @alternates.default
    def _alternates(self) -> dict[str, Alternate]:
        return self._of(Alternate)

    @events.default
    def _events(self) -> dict[str, Event]:
        return self._of(Event)

    def _of(self, kind: type[D]) -> dict[str, D]:
        return {name: each for name, each in self.definitions.items() if isinstance(each, kind)}

    def with_fragment(self, text: str, where: str, include: Include | None = None) -> "Schema":
        """
        Give a schema that has the definitions of ``text`` too, after those it has.

        :param where: the name of the text, for errors.
        :param include: as for :func:`parse`.
        :raise SchemaError: the text is wrong, or defines a name again.
        """
        return Schema({**self.definitions, **definitions(text, where, self.definitions, include)})

    def on(self, platform: str) -> "Schema":
        """
        Give what of it can be there on a platform: no command, member or value that cannot.

        :param platform: one of ``PLATFORMS``.
        """
        return Schema(restrict(self.definitions, platform))


def parse(text: str, where: str, include: Include | None = None) -> Schema:
    """
    Read a schema text.

    :param where: the name of the text, for errors.
    :param include: gives (text, where) of what the text includes; None: it may include nothing.
    :raise SchemaError: with file and line, and what is wrong there.
    """
    return Schema(definitions(text, where, {}, include))
