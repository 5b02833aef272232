"""Tests for reading objects out of tokens."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import SchemaError
from txqga.schema._expressions import Array, Expression, Object, read
from txqga.schema._tokens import Source


def expressions(text: str) -> list[Expression]:
    return read(Source(text, "t.json"))


class ReadTests(SynchronousTestCase):
    def test_values(self) -> None:
        """
        Objects and lists hold strings, booleans, objects and lists.
        """
        (only,) = expressions("{ 'a': ['b', true, {}], \"c\": { 'd': false }, 'e': [] }")
        self.assertEqual(only.body, {"a": ["b", True, {}], "c": {"d": False}, "e": []})
        self.assertEqual(list(only.body), ["a", "c", "e"])

    def test_several(self) -> None:
        """
        A text is any number of objects, with nothing between them.
        """
        self.assertEqual([each.body for each in expressions("{'a':'b'}{'c':'d'}\n{}")][-1], {})
        self.assertEqual(expressions(" # nothing\n"), [])

    def test_places(self) -> None:
        """
        Each member and element remembers where it stood.
        """
        source = Source("{\n'a':\n['b',\n'c'] }", "t")
        (only,) = read(source)
        elements = only.body["a"]
        assert isinstance(elements, Array)
        self.assertEqual(source.line(only.body.places["a"]), 2)
        self.assertEqual([source.line(at) for at in elements.places], [3, 4])

    def test_documentation(self) -> None:
        """
        An object has the comment that is right before it; of two comments the second.
        """
        first, second, third = expressions("##\n# x\n##\n##\n# @a:\n##\n{} {}\n##\n##\n{}")
        self.assertEqual([first.doc, second.doc], ["##\n# @a:\n##", ""])
        self.assertEqual(third.doc, "##\n##")


class FaultTests(SynchronousTestCase):
    def assertFault(self, text: str, why: str, line: int = 1) -> None:
        fault = self.assertRaises(SchemaError, expressions, text)
        self.assertEqual(str(fault), f"t.json:{line}: {why}")

    def test_not_an_object(self) -> None:
        """
        Only objects stand at the top.
        """
        self.assertFault("\n['a']", "a definition begins with '{', not with [", 2)
        self.assertFault("{}, {}", "a definition begins with '{', not with ,")
        self.assertFault("'a'", "a definition begins with '{', not with 'a'")

    def test_unfinished(self) -> None:
        """
        What is opened is closed.
        """
        self.assertFault("{", "a member's name in quotes was expected, not the end")
        self.assertFault("{'a'", "':' after 'a' was expected, not the end")
        self.assertFault("{'a':", "a value was expected, not the end")
        self.assertFault("{'a': 'b'\n", "',' or '}' was expected, not the end", 2)
        self.assertFault("{'a': ['b'", "',' or ']' was expected, not the end")
        self.assertFault("{'a': ['b',", "a value was expected, not the end")

    def test_separators(self) -> None:
        """
        Members and elements are separated by commas, and none is at the end.
        """
        self.assertFault("{'a': 'b' 'c': 'd'}", "',' or '}' was expected, not 'c'")
        self.assertFault("{'a': 'b',}", "a member's name in quotes was expected, not }")
        self.assertFault("{'a': ['b' 'c']}", "',' or ']' was expected, not 'c'")
        self.assertFault("{'a': ['b',]}", "a value was expected, not ]")
        self.assertFault("{'a' 'b'}", "':' after 'a' was expected, not 'b'")
        self.assertFault("{'a': :}", "a value was expected, not :")

    def test_names_are_quoted(self) -> None:
        """
        A member's name is a string.
        """
        self.assertFault("{true: 'a'}", "a member's name in quotes was expected, not true")

    def test_twice(self) -> None:
        """
        A name is there once in an object.
        """
        self.assertFault("{'a': 'b',\n\n'a': 'c'}", "'a' is there twice", 3)

    def test_documentation_inside(self) -> None:
        """
        A documentation comment stands before a definition, not in it.
        """
        self.assertFault(
            "{\n##\n# @a:\n##\n'a': 'b'}",
            "a member's name in quotes was expected, not a documentation comment",
            2,
        )

    def test_depth(self) -> None:
        """
        No definition is deep: a text that is nested without end is refused early.
        """
        self.assertFault("{'a': " + "[" * 100_000, "nested too deeply")
        self.assertFault("{'a': " + "{'a': " * 100_000, "nested too deeply")

    @given(
        st.lists(
            st.sampled_from([*"{}[]:,", "'a'", "'b'", '"c"', "true", "##\n# @a:\n##\n"]),
            max_size=20,
        )
    )
    def test_any_tokens(self, tokens: list[str]) -> None:
        """
        Any tokens are read, or refused with a line.
        """
        try:
            found = expressions(" ".join(tokens))
        except SchemaError as fault:
            self.assertTrue(fault.where.startswith("t.json:"))
        else:
            self.assertTrue(all(isinstance(each.body, Object) for each in found))
