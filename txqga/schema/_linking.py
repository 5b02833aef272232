"""
Names of types into what they stand for: what one definition says about another.
"""

from collections.abc import Callable, Iterable, Mapping

from attrs import define, evolve, field

from txqga.errors import SchemaError
from txqga.schema._clauses import folded
from txqga.schema._model import (
    BUILTINS,
    Alternate,
    ArrayOf,
    Command,
    Definition,
    Enum,
    Event,
    Member,
    Struct,
    Type,
    Union,
)

#: gives the error to raise about a definition (and one of its members, or "")
Fault = Callable[[str, str, str], SchemaError]


def link(
    drafts: Mapping[str, Definition], known: Mapping[str, Definition], fault: Fault
) -> dict[str, Definition]:
    """
    Look up every name, and put the members of bases in front of a type's own.

    :param drafts: the new definitions, as written.
    :param known: definitions that are linked already.
    :return: the new definitions, in the same order.
    """
    flattener = _Flattener({**known, **drafts}, fault, drafts)
    linked = {name: flattener.flat(draft) for name, draft in drafts.items()}
    checker = _Checker({**known, **linked}, fault)
    for definition in linked.values():
        checker.check(definition)
    return linked


def check_links(definitions: Mapping[str, Definition], fault: Fault) -> None:
    """Refuse linked definitions that refer to others which are not among them."""
    checker = _Checker(definitions, fault)
    for definition in definitions.values():
        checker.check(definition)


def kind_of(type: Type, definitions: Mapping[str, Definition]) -> str:
    """Tell which kind of JSON value a type is: string, number, boolean, array, object, ..."""
    if isinstance(type, ArrayOf):
        return "array"
    if type in BUILTINS:
        return BUILTINS[type]
    match definitions[type]:
        case Enum():
            return "string"
        case Alternate():
            return "any"
    return "object"


@define(eq=False)
class _Names:
    """Looks names up, and knows how to complain."""

    all: Mapping[str, Definition]
    fault: Fault

    def type(self, name: str, member: str, type: str) -> Definition:
        """Find the type that ``member`` of ``name`` names."""
        found = self.all.get(type)
        if found is None:
            raise self.fault(name, member, f"there is no type {type}")
        if isinstance(found, Command | Event):
            raise self.fault(name, member, f"{type} is no type")
        return found

    def no_clash(self, name: str, first: Iterable[Member], second: Iterable[Member]) -> None:
        """Refuse two members of one object that would have one name."""
        taken = {folded(member.name) for member in first}
        for member in second:
            if folded(member.name) in taken:
                raise self.fault(name, member.name, f"'{member.name}' is there twice")


@define(eq=False)
class _Flattener(_Names):
    """Copies members from bases."""

    drafts: Mapping[str, Definition] = field(factory=dict)
    _flat: dict[str, Definition] = field(factory=dict)
    _open: list[str] = field(factory=list)

    def flat(self, draft: Definition) -> Definition:
        """Give ``draft`` with the members of its base, or of the type that is its ``data``."""
        name = draft.name
        if name in self._flat:
            return self._flat[name]
        flat: Definition = draft
        match draft:
            case Struct(base=str(base)) | Union(base=str(base)):
                inherited = self._inherited(name, base)
                self.no_clash(name, inherited, draft.members)
                flat = evolve(draft, members=inherited + draft.members)
            case Command(data=str(data)) | Event(data=str(data)):
                found = self.type(name, "", data)
                if not isinstance(found, Struct | Union):
                    raise self.fault(name, "", f"'data' is {data}, which has no members")
                flat = evolve(draft, arguments=self._members(found))
        self._flat[name] = flat
        return flat

    def _inherited(self, name: str, base: str) -> tuple[Member, ...]:
        if name in self._open:
            raise self.fault(name, "", f"{name} is its own base")
        found = self.type(name, "", base)
        if not isinstance(found, Struct):
            raise self.fault(name, "", f"the base {base} is not a struct")
        self._open.append(name)
        members = self._members(found)
        self._open.pop()
        return members

    def _members(self, found: Struct | Union) -> tuple[Member, ...]:
        flat = self.flat(found) if found.name in self.drafts else found
        return flat.members if isinstance(flat, Struct | Union) else ()


@define(eq=False)
class _Checker(_Names):
    """Asks of linked definitions whether what they refer to is there, and of the right kind."""

    def _exists(self, name: str, member: str, type: Type) -> None:
        element = type.element if isinstance(type, ArrayOf) else type
        if element not in BUILTINS:
            self.type(name, member, element)

    def check(self, definition: Definition) -> None:
        """Refuse what refers to nothing, or to the wrong kind of thing."""
        name = definition.name
        match definition:
            case Command(arguments=members) | Event(arguments=members) | Struct(members=members):
                pass
            case Union(members=members):
                self._check_union(definition)
            case Alternate(branches=members):
                self._check_alternate(definition)
            case _:
                members = ()
        for member in members:
            self._exists(name, member.name, member.type)
        if isinstance(definition, Command) and definition.returns is not None:
            self._exists(name, "", definition.returns)

    def _check_union(self, union: Union) -> None:
        name = union.name
        by_name = {member.name: member for member in union.members}
        chosen = by_name.get(union.discriminator)
        if chosen is None:
            raise self.fault(name, "", f"the discriminator '{union.discriminator}' is no member")
        if chosen.optional or isinstance(chosen.type, ArrayOf):
            raise self.fault(name, chosen.name, "a discriminator is one enum, and not optional")
        enum = self.all.get(chosen.type)
        if not isinstance(enum, Enum):
            raise self.fault(
                name, chosen.name, f"the discriminator's type {chosen.type} is no enum"
            )
        values = {value.name for value in enum.values}
        for branch in union.branches:
            if branch.name not in values:
                raise self.fault(name, branch.name, f"{enum.name} has no value '{branch.name}'")
            found = None
            if isinstance(branch.type, str) and branch.type not in BUILTINS:
                found = self.type(name, branch.name, branch.type)
            if not isinstance(found, Struct):
                raise self.fault(name, branch.name, f"branch '{branch.name}' is not a struct")
            self.no_clash(name, union.members, found.members)

    def _check_alternate(self, alternate: Alternate) -> None:
        kinds: dict[str, str] = {}
        for branch in alternate.branches:
            self._exists(alternate.name, branch.name, branch.type)
            kind = kind_of(branch.type, self.all)
            if kind == "any":
                why = f"branch '{branch.name}' cannot be told from others"
                raise self.fault(alternate.name, branch.name, why)
            other = kinds.setdefault(kind, branch.name)
            if other != branch.name:
                why = f"branches '{other}' and '{branch.name}' are both JSON {kind}s"
                raise self.fault(alternate.name, branch.name, why)
