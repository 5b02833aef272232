"""
What the definitions of a schema have in common: members, types, conditions, features.
"""

import re
from collections.abc import Callable, Iterable

from attrs import define, field

from txqga.errors import SchemaError
from txqga.schema._doc import member_doc
from txqga.schema._expressions import Array, Object, Value
from txqga.schema._model import ArrayOf, Condition, Doc, EnumValue, Member, Type
from txqga.schema._tokens import Source

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_VALUE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_OPERATORS = ("all", "any", "not")


def folded(name: str) -> str:
    """Give what two names must not share, since languages have only one word for both."""
    return name.replace("-", "_").replace(".", "_")


@define(eq=False)
class Clauses:
    """Reads the parts of definitions; ``places`` collects the token number of every member."""

    source: Source
    places: dict[tuple[str, str], int] = field(factory=dict)  #: by (definition, member)

    def fault(self, at: int, why: str) -> SchemaError:
        return self.source.fault(at, why)

    def keys(self, holder: Object, allowed: Iterable[str], what: str) -> None:
        """Refuse members of ``holder`` that are none of ``allowed``."""
        for key, at in holder.places.items():
            if key not in allowed:
                raise self.fault(at, f"{what} has no '{key}'")

    def name(self, name: str, at: int, pattern: re.Pattern[str] = _NAME) -> str:
        if not pattern.match(name):
            raise self.fault(at, f"'{name}' is not a name")
        return name

    def value_name(self, name: str, at: int) -> str:
        return self.name(name, at, _VALUE_NAME)

    def string(self, holder: Object, key: str) -> str:
        value = holder[key]
        if not isinstance(value, str):
            raise self.fault(holder.places[key], f"'{key}' is a name in quotes")
        return value

    def boolean(self, holder: Object, key: str, default: bool) -> bool:
        value = holder.get(key, default)
        if not isinstance(value, bool):
            raise self.fault(holder.places[key], f"'{key}' is true or false")
        return value

    def type(self, value: Value, at: int) -> Type:
        if isinstance(value, str):
            return self.name(value, at)
        if isinstance(value, Array) and len(value) == 1 and isinstance(value[0], str):
            return ArrayOf(self.name(value[0], at))
        raise self.fault(at, "a type is a name, or a list of one name")

    def condition(self, holder: Object) -> Condition | None:
        """Read ``if``, where there is one."""
        if "if" not in holder:
            return None
        return self._condition(holder["if"], holder.places["if"])

    def _condition(self, value: Value, at: int) -> Condition:
        if isinstance(value, str):
            if not value.strip():
                raise self.fault(at, "a condition has a name")
            return value
        if isinstance(value, Object) and len(value) == 1:
            (operator, operand), *_ = value.items()
            if operator == "not":
                return {operator: self._condition(operand, at)}
            if operator in _OPERATORS and isinstance(operand, Array) and operand:
                return {operator: [self._condition(each, at) for each in operand]}
        raise self.fault(at, "'if' is a name, or one of all: [...], any: [...], not: ...")

    def features(self, holder: Object) -> tuple[tuple[str, ...], dict[str, Condition]]:
        """Read ``features``: the names, and the conditions of those that have one."""
        if "features" not in holder:
            return (), {}
        listed, at = holder["features"], holder.places["features"]
        if not isinstance(listed, Array):
            raise self.fault(at, "'features' is a list")
        conditions: dict[str, Condition] = {}
        names: list[str] = []
        for each, place in zip(listed, listed.places, strict=True):
            name, condition = self.conditional(each, place, "a feature")
            if name in names:
                raise self.fault(place, f"feature '{name}' is there twice")
            names.append(self.name(name, place))
            if condition is not None:
                conditions[name] = condition
        return tuple(names), conditions

    def conditional(self, value: Value, at: int, what: str) -> tuple[str, Condition | None]:
        """Read a name, or ``{'name': ..., 'if': ...}``."""
        if isinstance(value, str):
            return value, None
        if not isinstance(value, Object) or "name" not in value:
            raise self.fault(at, f"{what} is a name, or an object with 'name' and 'if'")
        self.keys(value, ("name", "if"), what)
        return self.string(value, "name"), self.condition(value)

    def enum_value(self, owner: str, value: Value, at: int, doc: Doc) -> EnumValue:
        """Read a name, or ``{'name': ..., 'if': ..., 'features': [...]}``."""
        holder = value if isinstance(value, Object) else Object(("name", value))
        if "name" not in holder or isinstance(value, Array | bool):
            raise self.fault(at, "an enum's value is a name, or an object with 'name' and 'if'")
        self.keys(holder, ("name", "if", "features"), "an enum's value")
        name = self.string(holder, "name")
        features, conditions = self.features(holder)
        self.places[owner, self.value_name(name, at)] = at
        told, since = member_doc(doc.members.get(name, ""))
        return EnumValue(
            name=name,
            condition=self.condition(holder),
            features=features,
            feature_conditions=conditions,
            doc=told,
            since=since,
        )

    def members(self, owner: str, value: Value, at: int, doc: Doc) -> tuple[Member, ...]:
        """Read ``{'name': TYPE, '*name': {'type': TYPE, 'if': ..., 'features': [...]}}``."""
        if not isinstance(value, Object):
            raise self.fault(at, "'data' is an object of members and their types")
        taken: dict[str, str] = {}
        return tuple(self._member(owner, key, value, doc, taken, self.name) for key in value)

    def branches(self, owner: str, value: Value, at: int, doc: Doc) -> tuple[Member, ...]:
        """Read what looks like members, where none is optional and a name may be a number."""
        if not isinstance(value, Object) or not value:
            raise self.fault(at, "'data' is an object of branches and their types")
        taken: dict[str, str] = {}
        return tuple(self._member(owner, key, value, doc, taken, self.value_name) for key in value)

    def _member(
        self,
        owner: str,
        key: str,
        holder: Object,
        doc: Doc,
        taken: dict[str, str],
        check: Callable[[str, int], str],
    ) -> Member:
        at, value = holder.places[key], holder[key]
        optional = key[:1] == "*" and check == self.name
        name = check(key[1:] if optional else key, at)
        other = taken.setdefault(folded(name), key)
        if other != key:
            raise self.fault(at, f"'{key}' and '{other}' have the same name")
        self.places[owner, name] = at
        told, since = member_doc(doc.members.get(name, ""))
        if not isinstance(value, Object):
            return Member(
                name=name, type=self.type(value, at), optional=optional, doc=told, since=since
            )
        self.keys(value, ("type", "if", "features"), f"member '{name}'")
        if "type" not in value:
            raise self.fault(at, f"member '{name}' has no 'type'")
        features, conditions = self.features(value)
        return Member(
            name=name,
            type=self.type(value["type"], value.places["type"]),
            optional=optional,
            condition=self.condition(value),
            features=features,
            feature_conditions=conditions,
            doc=told,
            since=since,
        )
