"""Tests for whole texts: what stands at the top of them, and what they include."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import SchemaError
from txqga.schema import parse
from txqga.schema._shipped import read_data

FILES = {
    "a.json": "{'include': 'b.json'} {'command': 'a'}",
    "b.json": "{'include': 'a.json'} {'command': 'b', 'data': {'x': 'T'}}",
    "wrong.json": "\n{'command': 'a', 'data': {'x': 'Foo'}}",
}


def include(name: str) -> tuple[str, str]:
    if name not in FILES:
        raise FileNotFoundError(f"no {name}")
    return FILES[name], f"/schemas/{name}"


class _TestCase(SynchronousTestCase):
    def assertFault(self, text: str, expected: str) -> None:
        fault = self.assertRaises(SchemaError, parse, text, "t.json", include)
        self.assertEqual(str(fault), expected)


class DefinitionTests(_TestCase):
    def test_what_is_it(self) -> None:
        """
        An object that defines nothing, or two things, is refused.
        """
        self.assertFault(
            "{'data': {}}",
            "t.json:1: it defines none of command, event, struct, type, union, alternate, enum",
        )
        self.assertFault(
            "{'command': 'a', 'struct': 'b'}", "t.json:1: is it a command or a struct?"
        )

    def test_twice(self) -> None:
        """
        A name is defined once, be it a command or a type.
        """
        self.assertFault("{'command': 'a'}\n{'command': 'a'}", "t.json:2: 'a' is defined already")
        self.assertFault(
            "{'command': 'a'}\n{'struct': 'a', 'data': {}}", "t.json:2: 'a' is defined already"
        )
        self.assertFault("{'struct': 'int', 'data': {}}", "t.json:1: 'int' is defined already")


class IncludeTests(_TestCase):
    def test_include(self) -> None:
        """
        Files may include each other, in a circle too; each is read once.
        """
        schema = parse(
            "{'include': 'a.json'} {'include': 'a.json'} {'struct': 'T', 'data': {}}",
            "t.json",
            include,
        )
        self.assertEqual(list(schema.commands), ["b", "a"])

    def test_fault_inside(self) -> None:
        """
        A fault in an included file names that file.
        """
        self.assertFault("{'include': 'wrong.json'}", "/schemas/wrong.json:2: there is no type Foo")

    def test_missing(self) -> None:
        """
        A file that cannot be read is a fault of the one that includes it.
        """
        self.assertFault("\n{'include': 'c.json'}", "t.json:2: cannot include 'c.json': no c.json")
        self.assertFault("{'include': ['c']}", "t.json:1: 'include' is a name in quotes")
        self.assertFault("{'include': 'c', 'if': 'X'}", "t.json:1: an include has no 'if'")

    def test_nothing_to_include(self) -> None:
        """
        A plug-in's fragment includes nothing.
        """
        fault = self.assertRaises(SchemaError, parse, "{'include': 'a.json'}", "t.json")
        self.assertEqual(str(fault), "t.json:1: nothing can be included here")


class PragmaTests(_TestCase):
    def test_foreign(self) -> None:
        """
        What QEMU's own tools are told by pragmas is accepted, and says nothing to us.
        """
        schema = parse("{'pragma': {'doc-required': true, 'member-name-exceptions': ['a']}}", "t")
        self.assertEqual(schema.definitions, {})

    def test_order(self) -> None:
        """
        A pragma of ours says in which order commands are registered; others follow as they come.
        """
        schema = parse(
            "{'pragma': {'command-order': ['c', 'a']}} {'command': 'a'} {'command': 'b'}"
            "{'command': 'c'}",
            "t",
        )
        self.assertEqual(list(schema.commands), ["c", "a", "b"])

    def test_faults(self) -> None:
        """
        A pragma that is not understood is refused.
        """
        order = "{'pragma': {'command-order':\n%s}} {'command': 'a'} {'struct': 'S', 'data': {}}"
        self.assertFault("{'pragma': ['a']}", "t.json:1: a pragma is an object")
        self.assertFault("{'pragma': {'a': true}}", "t.json:1: a pragma has no 'a'")
        self.assertFault("{'pragma': {}, 'if': 'X'}", "t.json:1: a pragma has no 'if'")
        self.assertFault(order % "true", "t.json:1: 'command-order' is a list")
        self.assertFault(order % "[true]", "t.json:2: 'command-order' lists names of commands")
        self.assertFault(order % "['a', 'b']", "t.json:2: there is no command 'b' to put in order")
        self.assertFault(order % "['S']", "t.json:2: there is no command 'S' to put in order")
        self.assertFault(order % "['a', 'a']", "t.json:2: 'a' is in this order twice")


class RobustnessTests(SynchronousTestCase):
    @given(st.data())
    def test_damaged(self, data: st.DataObject) -> None:
        """
        Our own text with a piece cut out, doubled or replaced is read, or refused with a line.
        """
        text, where = read_data("guest-exec.json")
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        put = data.draw(
            st.sampled_from(["", text[start:end] * 2, "'", "{", "]", "#", "\n##\n", "é"])
        )
        try:
            parse(text[:start] + put + text[end:], where)
        except SchemaError as fault:
            path, line = fault.where.rsplit(":", 1)
            self.assertEqual(path, where)
            self.assertTrue(int(line) >= 1)
