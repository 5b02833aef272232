"""
Schemas and values that nobody thought of, for property tests.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from txqga.schema import (
    Alternate,
    ArrayOf,
    Command,
    Definition,
    Doc,
    Enum,
    EnumValue,
    Member,
    Schema,
    Struct,
    Type,
    Union,
)

INTEGERS: Mapping[str, tuple[int, int]] = {
    "int": (-(2**63), 2**63 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "int8": (-128, 127),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint8": (0, 255),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
    "size": (0, 2**64 - 1),
}
KINDS = {
    **dict.fromkeys(INTEGERS, "number"),
    "number": "number",
    "str": "string",
    "bool": "boolean",
    "null": "null",
}

#: for tests that draw whole schemas
generated = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

words = st.from_regex(r"[a-z]{1,6}( [a-z]{1,6}){0,3}", fullmatch=True)
#: none begins with what a documentation comment's section begins with, and none is a kind of Python
names = st.from_regex(r"[a-z]{1,4}(-[a-z0-9]{1,3}){0,2}", fullmatch=True)
versions = st.from_regex(r"[1-9][0-9]?\.[0-9]", fullmatch=True)

conditions: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(["CONFIG_LINUX", "CONFIG_WIN32", "CONFIG_FSFREEZE", "CONFIG_OURS"]),
    lambda inner: (
        st.builds(lambda one: {"not": one}, inner)
        | st.builds(lambda some: {"all": some}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda some: {"any": some}, st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=4,
)

#: any JSON value, with the numbers that sit at the edges of the integer types
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**65)
    | st.sampled_from(
        [edge + by for edges in INTEGERS.values() for edge in edges for by in (-1, 1)]
    )
    | st.floats(allow_nan=False)
    | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def _unique(elements: st.SearchStrategy[str], least: int, most: int) -> Any:
    return st.lists(
        elements,
        min_size=least,
        max_size=most,
        unique_by=lambda name: name.replace("-", "_"),
    )


@st.composite
def _clauses(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.integers(0, 3)):
        return {}
    features = draw(st.lists(names, max_size=2, unique=True))
    conditional = [name for name in features if draw(st.booleans())]
    return {
        "condition": draw(st.none() | conditions),
        "features": tuple(features),
        "feature_conditions": {name: draw(conditions) for name in conditional},
    }


@st.composite
def _member(
    draw: st.DrawFn, name: str, types: Sequence[Type], docs: dict[str, str], optional: bool = True
) -> Member:
    told, since = draw(st.just("") | words), draw(st.none() | versions)
    if told or since:
        docs[name] = f"{told} (since {since})".lstrip() if since else told
    kind = draw(st.sampled_from(types))
    # an optional null cannot be told from one that is not there
    starred = optional and kind not in ("null", "any") and draw(st.booleans())
    clauses = draw(_clauses())
    return Member(name=name, type=kind, optional=starred, doc=told, since=since, **clauses)


class _Drawer:
    """Draws definitions that refer to those drawn before."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.made: dict[str, Definition] = {}

    def _of(self, kind: type) -> list[Any]:
        return [each for each in self.made.values() if isinstance(each, kind)]

    def types(self) -> list[Type]:
        """List what a member can be."""
        plain = [*KINDS, "any"]
        plain += [name for name, each in self.made.items() if not isinstance(each, Command)]
        return [*plain, *(ArrayOf(name) for name in plain)]

    def _shared(self, name: str, docs: dict[str, str]) -> dict[str, Any]:
        clauses = self.draw(_clauses())
        since = self.draw(st.just("") | versions)
        features = {each: self.draw(words) for each in clauses.get("features", ())[:1]}
        doc = Doc(
            text=self.draw(st.just("") | words),
            members=docs,
            sections=self.draw(st.just(()) | st.just((("Note", "with care"),))),
            features=features,
            since=since,
        )
        return {"name": name, "doc": doc, "since": since or None, **clauses}

    def members(self, docs: dict[str, str], taken: Sequence[Member] = ()) -> tuple[Member, ...]:
        used = {each.name.replace("-", "_") for each in taken}
        free = names.filter(lambda name: name.replace("-", "_") not in used)
        types = self.types()
        return tuple(
            self.draw(_member(name, types, docs)) for name in self.draw(_unique(free, 0, 4))
        )

    def enum(self, name: str) -> None:
        docs: dict[str, str] = {}
        values = []
        for value in self.draw(_unique(names, 1, 4)):
            told = self.draw(st.just("") | words)
            if told:
                docs[value] = told
            values.append(EnumValue(name=value, doc=told, **self.draw(_clauses())))
        self.made[name] = Enum(values=tuple(values), **self._shared(name, docs))

    def struct(self, name: str) -> None:
        docs: dict[str, str] = {}
        base = self.draw(st.none() | st.sampled_from(self._of(Struct) or [None]))
        inherited = base.members if base else ()
        members = inherited + self.members(docs, inherited)
        self.made[name] = Struct(
            members=members, base=base and base.name, **self._shared(name, docs)
        )

    def union(self, name: str) -> None:
        enums = self._of(Enum)
        if not enums:
            return self.enum(name)
        enum = self.draw(st.sampled_from(enums))
        docs: dict[str, str] = {}
        chosen = self.draw(names)
        kind = Member(name=chosen, type=enum.name)
        members = (kind, *self.members(docs, [kind]))
        taken = {each.name.replace("-", "_") for each in members}
        structs = [
            each.name
            for each in self._of(Struct)
            if not taken & {member.name.replace("-", "_") for member in each.members}
        ]
        if not structs:
            return self.struct(name)
        own = {each.name for each in members}
        free = [value.name for value in enum.values if value.name not in own]
        branches = tuple(
            self.draw(_member(value, structs, docs, optional=False))
            for value in free
            if self.draw(st.booleans())
        )
        if not branches:
            return self.struct(name)
        self.made[name] = Union(
            members=members, discriminator=chosen, branches=branches, **self._shared(name, docs)
        )
        return None

    def alternate(self, name: str) -> None:
        docs: dict[str, str] = {}
        by_kind: dict[str, list[Type]] = {}
        for each in self.types():
            if (kind := self._kind(each)) is not None:
                by_kind.setdefault(kind, []).append(each)
        kinds = self.draw(st.lists(st.sampled_from(sorted(by_kind)), min_size=1, unique=True))
        wanted = self.draw(_unique(names, len(kinds), len(kinds)))
        branches = tuple(
            self.draw(_member(branch, by_kind[kind], docs, optional=False))
            for branch, kind in zip(wanted, kinds, strict=True)
        )
        self.made[name] = Alternate(branches=branches, **self._shared(name, docs))

    def _kind(self, type: Type) -> str | None:
        if isinstance(type, ArrayOf):
            return "array"
        found = self.made.get(type)
        if isinstance(found, Enum):
            return "string"
        return "object" if isinstance(found, Struct | Union) else KINDS.get(type)

    def command(self, name: str) -> None:
        docs: dict[str, str] = {}
        structs = self._of(Struct) + self._of(Union)
        data = self.draw(st.none() | st.sampled_from(structs or [None]))
        self.made[name] = Command(
            arguments=data.members if data else self.members(docs),
            data=data and data.name,
            returns=self.draw(st.none() | st.sampled_from(self.types())),
            success_response=self.draw(st.booleans()),
            **self._shared(name, docs),
        )


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Draw a schema with a few definitions of every kind."""
    drawer = _Drawer(draw)
    makers: list[Callable[[str], None]] = [
        drawer.enum,
        drawer.struct,
        drawer.union,
        drawer.alternate,
        drawer.command,
    ]
    for number, make in enumerate(draw(st.lists(st.sampled_from(makers), max_size=8))):
        make(f"N{number}")
    drawer.command("last")
    return Schema(drawer.made)


def fitting(schema: Schema, type: Type) -> st.SearchStrategy[Any]:
    """Give values that a type allows."""
    if isinstance(type, ArrayOf):
        return st.lists(fitting(schema, type.element), max_size=2)
    if type in INTEGERS:
        return st.integers(*INTEGERS[type])
    builtin: dict[str, st.SearchStrategy[Any]] = {
        "number": st.floats(allow_nan=False) | st.integers(-(2**53), 2**53),
        "str": st.text(max_size=4),
        "bool": st.booleans(),
        "null": st.none(),
        "any": json_values.filter(lambda value: value is not None),
    }
    if type in builtin:
        return builtin[type]
    match schema.definitions[type]:
        case Enum(values=values):
            return st.sampled_from([value.name for value in values])
        case Alternate(branches=branches):
            return st.one_of([fitting(schema, branch.type) for branch in branches])
        case Union() as union:
            return _objects_of_union(schema, union)
        case Struct(members=members):
            return objects(schema, members)
    raise AssertionError(type)


def objects(schema: Schema, members: Sequence[Member]) -> st.SearchStrategy[dict[str, Any]]:
    """Give objects with these members; the optional ones may be missing."""
    return st.fixed_dictionaries(
        {each.name: fitting(schema, each.type) for each in members if not each.optional},
        optional={each.name: fitting(schema, each.type) for each in members if each.optional},
    )


@st.composite
def _objects_of_union(draw: st.DrawFn, schema: Schema, union: Union) -> dict[str, Any]:
    made = draw(objects(schema, union.members))
    for branch in union.branches:
        if branch.name == made[union.discriminator]:
            made.update(draw(objects(schema, schema.structs[str(branch.type)].members)))
    return made


def arguments(schema: Schema, command: Command) -> st.SearchStrategy[dict[str, Any]]:
    """Give arguments that a command takes."""
    if command.data is not None:
        return fitting(schema, command.data)
    return objects(schema, command.arguments)
