"""Tests for what definitions say about each other."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import SchemaError
from txqga.schema import ArrayOf, Command, Event, Schema, parse
from txqga.schema._linking import kind_of

ENUM = "{'enum': 'E', 'data': ['a', 'b']}\n"
STRUCT = "{'struct': 'S', 'data': {'one': 'int'}}\n"


class BaseTests(SynchronousTestCase):
    def members(self, schema: Schema, name: str) -> list[str]:
        return [each.name for each in schema.structs[name].members]

    def test_base(self) -> None:
        """
        A struct has the members of its bases in front of its own, wherever they are defined.
        """
        schema = parse(
            "{'struct': 'C', 'base': 'B', 'data': {'c': 'int'}}"
            "{'struct': 'B', 'base': 'A', 'data': {'b': 'int'}}"
            "{'struct': 'A', 'data': {'a': 'int'}}",
            "t",
        )
        self.assertEqual(self.members(schema, "C"), ["a", "b", "c"])
        self.assertEqual(self.members(schema, "B"), ["a", "b"])

    def test_base_in_another_text(self) -> None:
        """
        A base that has a base of its own may come from the schema that a fragment adds to.
        """
        schema = parse(
            "{'struct': 'A', 'data': {'a': 'int'}}"
            "{'struct': 'B', 'base': 'A', 'data': {'b': 'int'}}",
            "t",
        ).with_fragment("{'struct': 'C', 'base': 'B', 'data': {'c': 'int'}}", "f")
        self.assertEqual(self.members(schema, "C"), ["a", "b", "c"])
        self.assertEqual(self.members(schema, "B"), ["a", "b"])

    def test_union_with_named_base(self) -> None:
        """
        A union may take the members that all its branches share from a struct.
        """
        schema = parse(
            ENUM + STRUCT + "{'struct': 'B', 'data': {'k': 'E', 'x': 'str'}}"
            "{'union': 'U', 'base': 'B', 'discriminator': 'k', 'data': {'a': 'S'}}",
            "t",
        )
        self.assertEqual([each.name for each in schema.unions["U"].members], ["k", "x"])

    def test_named_arguments(self) -> None:
        """
        A command whose data is a type has that type's members as arguments.
        """
        schema = parse(
            ENUM + STRUCT + "{'struct': 'T', 'base': 'S', 'data': {'two': 'str'}}"
            "{'union': 'U', 'base': {'k': 'E'}, 'discriminator': 'k', 'data': {'a': 'S'}}"
            "{'command': 'c', 'data': 'T'} {'event': 'X', 'data': 'S'}"
            "{'command': 'u', 'data': 'U', 'boxed': true}",
            "t",
        )
        found: list[Command | Event] = [*schema.commands.values(), *schema.events.values()]
        self.assertEqual(
            {each.name: [member.name for member in each.arguments] for each in found},
            {"c": ["one", "two"], "X": ["one"], "u": ["k"]},
        )

    def test_recursive(self) -> None:
        """
        A type may contain itself.
        """
        schema = parse("{'struct': 'Tree', 'data': {'below': ['Tree']}}", "t")
        self.assertEqual(schema.structs["Tree"].members[0].type, ArrayOf("Tree"))


class FaultTests(SynchronousTestCase):
    def test_faults(self) -> None:
        """
        A name that stands for nothing, or for the wrong thing, is refused where it stands.
        """
        union = "{'union': 'U', 'base': {%s}, 'discriminator': 'k',\n'data': {%s}}"
        for text, line, why in (
            ("{'struct': 'T',\n'data': {'a': 'Foo'}}", 2, "there is no type Foo"),
            ("{'struct': 'T',\n'data': {'a': ['Foo']}}", 2, "there is no type Foo"),
            ("\n{'command': 'c', 'returns': 'Foo'}", 2, "there is no type Foo"),
            ("{'command': 'c', 'data': 'Foo'}", 1, "there is no type Foo"),
            ("{'command': 'c', 'data': 'int'}", 1, "there is no type int"),
            ("{'command': 'c', 'data': 'c'}", 1, "c is no type"),
            ("{'event': 'X', 'data': {'a': 'X'}}", 1, "X is no type"),
            (ENUM + "{'command': 'c', 'data': 'E'}", 2, "'data' is E, which has no members"),
            (ENUM + "{'struct': 'T', 'base': 'E', 'data': {}}", 2, "the base E is not a struct"),
            ("{'struct': 'T', 'base': 'Foo', 'data': {}}", 1, "there is no type Foo"),
            ("{'struct': 'T', 'base': 'T', 'data': {}}", 1, "T is its own base"),
            (
                "{'struct': 'A', 'base': 'B', 'data': {}}\n"
                "{'struct': 'B', 'base': 'A', 'data': {}}",
                1,
                "A is its own base",
            ),
            (
                STRUCT + "{'struct': 'T', 'base': 'S',\n'data': {'one': 'int'}}",
                3,
                "'one' is there twice",
            ),
            (
                ENUM + STRUCT + union % ("'x': 'E'", "'a': 'S'"),
                3,
                "the discriminator 'k' is no member",
            ),
            (
                STRUCT + union % ("'k': 'str'", "'a': 'S'"),
                2,
                "the discriminator's type str is no enum",
            ),
            (
                ENUM + STRUCT + union % ("'*k': 'E'", "'a': 'S'"),
                3,
                "a discriminator is one enum, and not optional",
            ),
            (
                ENUM + STRUCT + union % ("'k': ['E']", "'a': 'S'"),
                3,
                "a discriminator is one enum, and not optional",
            ),
            (ENUM + STRUCT + union % ("'k': 'E'", "'c': 'S'"), 4, "E has no value 'c'"),
            (ENUM + union % ("'k': 'E'", "'a': 'int'"), 3, "branch 'a' is not a struct"),
            (ENUM + union % ("'k': 'E'", "'a': 'E'"), 3, "branch 'a' is not a struct"),
            (ENUM + union % ("'k': 'E'", "'a': ['E']"), 3, "branch 'a' is not a struct"),
            (ENUM + union % ("'k': 'E'", "'a': 'Foo'"), 3, "there is no type Foo"),
            (
                ENUM + STRUCT + union % ("'k': 'E', 'one': 'str'", "'a': 'S'"),
                3,
                "'one' is there twice",
            ),
            (
                "{'alternate': 'A', 'data': {'i': 'int',\n'n': 'number'}}",
                2,
                "branches 'i' and 'n' are both JSON numbers",
            ),
            (
                ENUM + "{'alternate': 'A', 'data': {'s': 'str', 'e': 'E'}}",
                2,
                "branches 's' and 'e' are both JSON strings",
            ),
            (
                STRUCT + "{'alternate': 'A', 'data': {'i': ['S'],\n'j': ['int']}}",
                3,
                "branches 'i' and 'j' are both JSON arrays",
            ),
            (
                "{'alternate': 'A', 'data': {'x': 'any'}}",
                1,
                "branch 'x' cannot be told from others",
            ),
            (
                "{'alternate': 'A', 'data': {'x': 'A'}}",
                1,
                "branch 'x' cannot be told from others",
            ),
        ):
            fault = self.assertRaises(SchemaError, parse, text, "t")
            self.assertEqual(str(fault), f"t:{line}: {why}", text)


class KindTests(SynchronousTestCase):
    def test_kind_of(self) -> None:
        """
        Each type is one kind of JSON value; an alternate, and any, can be several.
        """
        schema = parse(
            ENUM + STRUCT + "{'alternate': 'A', 'data': {'i': 'int', 's': 'S'}}"
            "{'union': 'U', 'base': {'k': 'E'}, 'discriminator': 'k', 'data': {'a': 'S'}}",
            "t",
        )
        for wanted, kind in (
            ("E", "string"),
            ("S", "object"),
            ("U", "object"),
            ("A", "any"),
            ("any", "any"),
            ("uint8", "number"),
            ("number", "number"),
            ("bool", "boolean"),
            ("null", "null"),
            (ArrayOf("A"), "array"),
        ):
            self.assertEqual(kind_of(wanted, schema.definitions), kind)
