"""Tests for members, types, conditions and features."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import SchemaError
from txqga.schema import ArrayOf, Doc, EnumValue, Member
from txqga.schema._clauses import Clauses, folded
from txqga.schema._expressions import Object, read
from txqga.schema._tokens import Source


def clauses(text: str) -> tuple[Clauses, Object]:
    """Give what reads the one object of a text, and the object."""
    source = Source(text, "t.json")
    (only,) = read(source)
    return Clauses(source), only.body


class _TestCase(SynchronousTestCase):
    def assertFaults(self, read_it: Any, *rows: tuple[str, str]) -> None:
        """Ask of each text that reading it fails so."""
        for text, why in rows:
            reader, body = clauses(text)
            self.assertEqual(self.assertRaises(SchemaError, read_it, reader, body).desc, why)


class MemberTests(_TestCase):
    def read(self, reader: Clauses, body: Object) -> tuple[Member, ...]:
        return reader.members("x", body, 0, Doc(members={"a": "said of a (since 2.4)"}))

    def test_short(self) -> None:
        """
        A member is a name and a type; a star makes it optional, brackets make it a list.
        """
        self.assertEqual(
            self.read(*clauses("{'b': 'str', '*c-d': ['int'], 'e_f': 'Foo'}")),
            (
                Member(name="b", type="str"),
                Member(name="c-d", type=ArrayOf("int"), optional=True),
                Member(name="e_f", type="Foo"),
            ),
        )

    def test_long(self) -> None:
        """
        Written out, a member also has a condition and features.
        """
        text = "{'*a': {'type': ['str'], 'if': 'X', 'features': ['f', {'name': 'g', 'if': 'Y'}]}}"
        self.assertEqual(
            self.read(*clauses(text)),
            (
                Member(
                    name="a",
                    type=ArrayOf("str"),
                    optional=True,
                    condition="X",
                    features=("f", "g"),
                    feature_conditions={"g": "Y"},
                    doc="said of a",
                    since="2.4",
                ),
            ),
        )

    def test_places(self) -> None:
        """
        Each member's place is noted, for whoever finds fault with it later.
        """
        reader, body = clauses("{'b': 'str', '*c': 'str'}")
        self.read(reader, body)
        self.assertEqual(reader.places, {("x", "b"): 1, ("x", "c"): 5})

    def test_faults(self) -> None:
        """
        A member that is none is refused.
        """
        self.assertFaults(
            self.read,
            ("{'': 'str'}", "'' is not a name"),
            ("{'*': 'str'}", "'' is not a name"),
            ("{'**a': 'str'}", "'*a' is not a name"),
            ("{'1a': 'str'}", "'1a' is not a name"),
            ("{'a b': 'str'}", "'a b' is not a name"),
            ("{'é': 'str'}", "'é' is not a name"),
            ("{'a': 'str', '*a': 'str'}", "'*a' and 'a' have the same name"),
            ("{'a-b': 'str', 'a_b': 'str'}", "'a_b' and 'a-b' have the same name"),
            ("{'a': true}", "a type is a name, or a list of one name"),
            ("{'a': []}", "a type is a name, or a list of one name"),
            ("{'a': ['str', 'int']}", "a type is a name, or a list of one name"),
            ("{'a': [['str']]}", "a type is a name, or a list of one name"),
            ("{'a': '*str'}", "'*str' is not a name"),
            ("{'a': {}}", "member 'a' has no 'type'"),
            ("{'a': {'type': 'str', 'default': 'b'}}", "member 'a' has no 'default'"),
            ("{'a': {'type': {'b': 'str'}}}", "a type is a name, or a list of one name"),
        )

    def test_not_an_object(self) -> None:
        """
        Members are an object.
        """
        reader, body = clauses("{'data': ['a']}")
        fault = self.assertRaises(SchemaError, reader.members, "x", body["data"], 1, Doc())
        self.assertEqual(fault.desc, "'data' is an object of members and their types")


class BranchTests(_TestCase):
    def read(self, reader: Clauses, body: Object) -> tuple[Member, ...]:
        return reader.branches("x", body, 0, Doc())

    def test_branches(self) -> None:
        """
        A branch may be named like any value of an enum, also after a number.
        """
        self.assertEqual(
            self.read(*clauses("{'3des': 'Foo', 'a': {'type': 'Bar', 'if': 'X'}}")),
            (Member(name="3des", type="Foo"), Member(name="a", type="Bar", condition="X")),
        )

    def test_faults(self) -> None:
        """
        There is at least one branch, and none is optional.
        """
        self.assertFaults(
            self.read,
            ("{}", "'data' is an object of branches and their types"),
            ("{'*a': 'Foo'}", "'*a' is not a name"),
        )


class ConditionTests(_TestCase):
    def test_conditions(self) -> None:
        """
        A condition is a name, or all, any or not of conditions; it is kept as it is written.
        """
        for text, expected in (
            ("{}", None),
            ("{'if': 'A'}", "A"),
            ("{'if': 'defined(A) && B'}", "defined(A) && B"),
            ("{'if': {'not': 'A'}}", {"not": "A"}),
            (
                "{'if': {'all': ['A', {'any': ['B', {'not': 'C'}]}]}}",
                {"all": ["A", {"any": ["B", {"not": "C"}]}]},
            ),
        ):
            reader, body = clauses(text)
            self.assertEqual(reader.condition(body), expected)

    def test_faults(self) -> None:
        """
        Anything else is no condition.
        """
        why = "'if' is a name, or one of all: [...], any: [...], not: ..."
        self.assertFaults(
            Clauses.condition,
            ("{'if': true}", why),
            ("{'if': ['A']}", why),
            ("{'if': {}}", why),
            ("{'if': {'all': []}}", why),
            ("{'if': {'all': 'A'}}", why),
            ("{'if': {'none': ['A']}}", why),
            ("{'if': {'not': ['A']}}", why),
            ("{'if': {'all': ['A'], 'any': ['B']}}", why),
            ("{'if': ' '}", "a condition has a name"),
        )


class FeatureTests(_TestCase):
    def test_faults(self) -> None:
        """
        Features are names, each once, with a condition or without.
        """
        self.assertFaults(
            Clauses.features,
            ("{'features': 'a'}", "'features' is a list"),
            ("{'features': ['a', 'a']}", "feature 'a' is there twice"),
            ("{'features': [true]}", "a feature is a name, or an object with 'name' and 'if'"),
            (
                "{'features': [{'if': 'A'}]}",
                "a feature is a name, or an object with 'name' and 'if'",
            ),
            ("{'features': [{'name': 'a', 'of': 'A'}]}", "a feature has no 'of'"),
            ("{'features': ['a b']}", "'a b' is not a name"),
            ("{'features': [{'name': true}]}", "'name' is a name in quotes"),
        )


class EnumValueTests(_TestCase):
    def read(self, reader: Clauses, body: Object) -> EnumValue:
        return reader.enum_value("x", body["value"], body.places["value"], Doc(members={"a": "b"}))

    def test_values(self) -> None:
        """
        A value is a name, or written out with a condition and features.
        """
        self.assertEqual(self.read(*clauses("{'value': '3des'}")), EnumValue(name="3des"))
        self.assertEqual(
            self.read(*clauses("{'value': {'name': 'a', 'if': {'not': 'X'}, 'features': ['f']}}")),
            EnumValue(name="a", condition={"not": "X"}, features=("f",), doc="b"),
        )

    def test_faults(self) -> None:
        """
        Anything else is no value.
        """
        why = "an enum's value is a name, or an object with 'name' and 'if'"
        self.assertFaults(
            self.read,
            ("{'value': true}", why),
            ("{'value': ['a']}", why),
            ("{'value': {}}", why),
            ("{'value': ''}", "'' is not a name"),
            ("{'value': {'name': 'a', 'type': 'b'}}", "an enum's value has no 'type'"),
        )


class FoldedTests(SynchronousTestCase):
    def test_folded(self) -> None:
        """
        Names that differ only in what languages do not allow in names are one name.
        """
        self.assertEqual(folded("a-b.c"), folded("a_b-c"))
        self.assertNotEqual(folded("ab"), folded("a-b"))
