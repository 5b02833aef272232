"""Tests for the six kinds of definitions."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import SchemaError
from txqga.schema import (
    Alternate,
    ArrayOf,
    Command,
    Definition,
    Doc,
    Enum,
    EnumValue,
    Event,
    Member,
    Struct,
    Union,
)
from txqga.schema._clauses import Clauses
from txqga.schema._definitions import define_one
from txqga.schema._expressions import read
from txqga.schema._tokens import Source


def define(text: str) -> Definition:
    """Make the definition that is alone in a text; its kind is its first member."""
    source = Source(text, "t.json")
    (only,) = read(source)
    return define_one(Clauses(source), next(iter(only.body)), only)


class KindTests(SynchronousTestCase):
    def test_command(self) -> None:
        """
        A command has arguments, a type it returns, and perhaps no reply.
        """
        self.assertEqual(define("{'command': 'x'}"), Command(name="x"))
        self.assertEqual(
            define(
                "{'command': 'x', 'data': {'a': 'int', '*b': ['str']}, 'returns': ['T'],"
                " 'success-response': false, 'features': ['read'], 'if': 'C'}"
            ),
            Command(
                name="x",
                arguments=(
                    Member(name="a", type="int"),
                    Member(name="b", type=ArrayOf("str"), optional=True),
                ),
                returns=ArrayOf("T"),
                success_response=False,
                features=("read",),
                condition="C",
            ),
        )

    def test_named_arguments(self) -> None:
        """
        The arguments of a command may be those of a type, boxed or not.
        """
        for boxed in ("", ", 'boxed': true"):
            self.assertEqual(
                define(f"{{'command': 'x', 'data': 'T'{boxed}}}"), Command(name="x", data="T")
            )

    def test_foreign_keys(self) -> None:
        """
        What steers QEMU's code generator is accepted: it changes nothing on the wire.
        """
        keys = ", ".join(
            f"'{key}': true" for key in ("gen", "allow-oob", "allow-preconfig", "coroutine")
        )
        self.assertEqual(define(f"{{'command': 'x', {keys}}}"), Command(name="x"))
        self.assertEqual(
            define("{'enum': 'E', 'data': [], 'prefix': 'P'}"), Enum(name="E", values=())
        )

    def test_frozen(self) -> None:
        """
        A feature says that a command is answered while the filesystems are frozen.
        """
        command = define("{'command': 'x', 'features': ['allowed-while-frozen']}")
        assert isinstance(command, Command)
        self.assertTrue(command.allowed_while_frozen)

    def test_struct(self) -> None:
        """
        A struct has members, and perhaps a base; it was called type once.
        """
        members = (Member(name="a", type="int"),)
        self.assertEqual(
            define("{'struct': 'S', 'data': {'a': 'int'}, 'base': 'B'}"),
            Struct(name="S", members=members, base="B"),
        )
        self.assertEqual(
            define('{"type": "S", "data": {"a": "int"}}'), Struct(name="S", members=members)
        )

    def test_union(self) -> None:
        """
        A union has members of its own or a base, a discriminator among them, and branches.
        """
        shared: dict[str, Any] = {
            "discriminator": "k",
            "branches": (Member(name="a", type="A"),),
        }
        rest = "'discriminator': 'k', 'data': {'a': 'A'}}"
        self.assertEqual(
            define("{'union': 'U', 'base': {'k': 'K', '*b': 'str'}, " + rest),
            Union(
                name="U",
                members=(Member(name="k", type="K"), Member(name="b", type="str", optional=True)),
                **shared,
            ),
        )
        self.assertEqual(
            define("{'union': 'U', 'base': 'B', " + rest),
            Union(name="U", members=(), base="B", **shared),
        )

    def test_enum(self) -> None:
        """
        An enum has values, which may be conditional.
        """
        self.assertEqual(
            define("{'enum': 'E', 'data': ['a', {'name': 'b-c', 'if': {'not': 'W'}}]}"),
            Enum(
                name="E",
                values=(EnumValue(name="a"), EnumValue(name="b-c", condition={"not": "W"})),
            ),
        )

    def test_alternate(self) -> None:
        """
        An alternate has branches.
        """
        self.assertEqual(
            define("{'alternate': 'A', 'data': {'i': 'int', 'l': ['str']}}"),
            Alternate(
                name="A",
                branches=(Member(name="i", type="int"), Member(name="l", type=ArrayOf("str"))),
            ),
        )

    def test_event(self) -> None:
        """
        An event has data, as the arguments of a command are.
        """
        self.assertEqual(
            define("{'event': 'X', 'data': {'a': 'int'}}"),
            Event(name="X", arguments=(Member(name="a", type="int"),)),
        )

    def test_documentation(self) -> None:
        """
        The comment before a definition documents it and its members.
        """
        made = define(
            "##\n# @x:\n#\n# Why.\n#\n# @a: first (since 2.4)\n#\n# Features:\n#\n"
            "# @f: new\n#\n# Since: 1.5, for real\n##\n"
            "{'command': 'x', 'data': {'a': 'int'}, 'features': ['f']}"
        )
        self.assertEqual(
            made,
            Command(
                name="x",
                arguments=(Member(name="a", type="int", doc="first", since="2.4"),),
                features=("f",),
                since="1.5",
                doc=Doc(
                    text="Why.",
                    members={"a": "first (since 2.4)"},
                    features={"f": "new"},
                    since="1.5, for real",
                ),
            ),
        )

    def test_prose(self) -> None:
        """
        A comment about nothing in particular is not a definition's documentation.
        """
        self.assertEqual(define("##\n# = Files\n##\n{'command': 'x'}"), Command(name="x"))


class FaultTests(SynchronousTestCase):
    def test_faults(self) -> None:
        """
        What a definition of its kind does not have, or lacks, is named.
        """
        for text, why in (
            ("{'command': 'x', 'dta': {}}", "command 'x' has no 'dta'"),
            ("{'struct': 'S', 'data': {}, 'returns': 'int'}", "struct 'S' has no 'returns'"),
            ("{'command': ['x']}", "'command' is a name in quotes"),
            ("{'command': 'x y'}", "'x y' is not a name"),
            ("{'command': 'x', 'data': ['int']}", "'data' is an object of members and their types"),
            ("{'command': 'x', 'data': ''}", "'' is not a name"),
            ("{'command': 'x', 'returns': {}}", "a type is a name, or a list of one name"),
            ("{'command': 'x', 'success-response': 'no'}", "'success-response' is true or false"),
            ("{'command': 'x', 'boxed': true}", "'boxed' needs 'data'"),
            ("{'event': 'x', 'boxed': 'yes', 'data': 'T'}", "'boxed' is true or false"),
            (
                "{'command': 'x', 'boxed': true, 'data': {}}",
                "'boxed' needs the name of a type as 'data'",
            ),
            (
                "{'command': 'x', 'features': ['read', 'idempotent']}",
                "a command is 'read' or 'idempotent', not both",
            ),
            ("{'struct': 'S'}", "'S' has no 'data'"),
            ("{'struct': 'S', 'data': {}, 'base': ['B']}", "'base' is a name in quotes"),
            ("{'union': 'U', 'data': {'a': 'A'}}", "'U' has no 'base'"),
            ("{'union': 'U', 'base': 'B', 'data': {'a': 'A'}}", "'U' has no 'discriminator'"),
            ("{'union': 'U', 'base': 'B', 'discriminator': 'k'}", "'U' has no 'data'"),
            (
                "{'union': 'U', 'base': 'B', 'discriminator': 'k', 'data': {}}",
                "'data' is an object of branches and their types",
            ),
            ("{'enum': 'E', 'data': {'a': 'b'}}", "the 'data' of an enum is a list of values"),
            ("{'enum': 'E', 'data': ['a', 'a']}", "'a' and 'a' have the same name"),
            ("{'enum': 'E', 'data': ['a-b', 'A_b']}", "'A_b' and 'a-b' have the same name"),
            ("{'alternate': 'A', 'data': {}}", "'data' is an object of branches and their types"),
            (
                "{'alternate': 'A', 'data': {'1': 'int'}, 'base': 'B'}",
                "alternate 'A' has no 'base'",
            ),
        ):
            self.assertEqual(self.assertRaises(SchemaError, define, text).desc, why)

    def test_line(self) -> None:
        """
        A fault has the line where it is, not the one where the definition begins.
        """
        fault = self.assertRaises(
            SchemaError, define, "{ 'command': 'x',\n  'data': {\n    'a': [] } }"
        )
        self.assertEqual(fault.where, "t.json:3")

    def test_documentation_of_what_is_not_there(self) -> None:
        """
        A comment that describes what is not there is refused: it is misspelt, or was left behind.
        """
        for said, why in (
            ("@y:", "this comment is about 'y', not 'x'"),
            ("@x:\n# @b: what", "'x' has no member 'b'"),
            ("@x:\n# Features:\n# @g: what", "'x' has no feature 'g'"),
        ):
            fault = self.assertRaises(
                SchemaError,
                define,
                f"\n##\n# {said}\n##\n{{'command': 'x', 'data': {{'a': 'int'}}}}",
            )
            self.assertEqual(str(fault), f"t.json:2: {why}")
