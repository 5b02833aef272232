"""Tests for a whole schema: reading it, adding to it, cutting it to a platform."""

from typing import Any

from attrs import evolve
from hypothesis import given
from twisted.trial.unittest import SynchronousTestCase

from tests.schema._printing import printed, printed_as_json
from tests.schema._strategies import generated, schemas
from txqga.errors import SchemaError
from txqga.schema import Doc, Schema, parse, shipped

#: the first plug-in's fragment is such a file: plain JSON, and the keyword that came before struct
STATVFS = """
{ "type": "GuestFileSystemStatistics",
  "data": { "f_bsize": "int", "f_frsize": "int", "f_namemax": "int" } }
{ "command": "guest-get-statvfs",
  "data": { "path": "str" },
  "returns": "GuestFileSystemStatistics" }
"""


class ReadingTests(SynchronousTestCase):
    @generated
    @given(schemas())
    def test_round_trip(self, schema: Schema) -> None:
        """
        A schema that is printed and read again is the same, documentation included.
        """
        self.assertEqual(parse(printed(schema), "printed"), schema)

    @generated
    @given(schemas())
    def test_plain_json(self, schema: Schema) -> None:
        """
        Plain JSON is read too: the same definitions, without documentation.
        """
        self.assertEqual(parse(printed_as_json(schema), "printed"), _undocumented(schema))

    def test_shipped_round_trip(self) -> None:
        """
        Our own schema says the same when it is printed and read again, but for its layout.
        """
        schema = shipped()
        again = parse(printed_as_json(schema), "printed")
        self.assertEqual(again, _undocumented(schema))
        self.assertEqual(list(again.commands), list(schema.commands))

    def test_kinds(self) -> None:
        """
        Each kind of definition is found under its name.
        """
        schema = parse(
            "{'enum': 'E', 'data': ['a']} {'struct': 'S', 'data': {}}"
            "{'union': 'U', 'base': {'e': 'E'}, 'discriminator': 'e', 'data': {'a': 'S'}}"
            "{'alternate': 'A', 'data': {'s': 'S'}} {'command': 'c'} {'event': 'X'}",
            "t",
        )
        self.assertEqual(list(schema.definitions), ["E", "S", "U", "A", "c", "X"])
        for kind, name in zip(
            ("enums", "structs", "unions", "alternates", "commands", "events"),
            "ESUAcX",
            strict=True,
        ):
            self.assertEqual(list(getattr(schema, kind)), [name])

    def test_empty(self) -> None:
        """
        A text without definitions is a schema without definitions.
        """
        self.assertEqual(parse("# nothing\n", "t").definitions, {})


def _undocumented(schema: Schema) -> Schema:
    """Give a schema without what documentation comments say."""
    bare = {}
    for name, each in schema.definitions.items():
        changes: dict[str, Any] = {
            parts: tuple(evolve(part, doc="", since=None) for part in getattr(each, parts))
            for parts in ("arguments", "members", "branches", "values")
            if hasattr(each, parts)
        }
        bare[name] = evolve(each, doc=Doc(), since=None, **changes)
    return Schema(bare)


class FragmentTests(SynchronousTestCase):
    def test_with_fragment(self) -> None:
        """
        A plug-in's fragment adds commands behind those of the agent, and leaves the old schema.
        """
        more = shipped().with_fragment(STATVFS, "statvfs/schema.json")
        self.assertEqual(list(more.commands)[-1], "guest-get-statvfs")
        self.assertEqual(len(more.commands), len(shipped().commands) + 1)
        command = more.commands["guest-get-statvfs"]
        self.assertEqual(command.returns, "GuestFileSystemStatistics")
        self.assertEqual([each.name for each in command.arguments], ["path"])
        self.assertNotIn("guest-get-statvfs", shipped().commands)

    def test_uses_ours(self) -> None:
        """
        A fragment may use the types of the schema it is added to, structs as a base included.
        """
        more = shipped().with_fragment(
            "{'struct': 'Mine', 'base': 'GuestFileRead', 'data': {'more': 'GuestUser'}}"
            "{'command': 'mine', 'data': 'Mine', 'returns': ['GuestUser']}",
            "mine.json",
        )
        names = [each.name for each in more.commands["mine"].arguments]
        self.assertEqual(names, ["count", "buf-b64", "eof", "more"])

    def test_include(self) -> None:
        """
        A fragment may be in several texts, if there is a way to get them; else it may not.
        """
        text = "{'include': 'more.json'}"
        more = shipped().with_fragment(text, "t", lambda name: ("{'command': 'mine'}", name))
        self.assertIn("mine", more.commands)
        self.assertRaises(SchemaError, shipped().with_fragment, text, "t")

    def test_redefinition(self) -> None:
        """
        A fragment cannot define a name again: the fault names its file and line.
        """
        fault = self.assertRaises(
            SchemaError, shipped().with_fragment, "\n\n{'command': 'guest-ping'}", "mine.json"
        )
        self.assertEqual(str(fault), "mine.json:3: 'guest-ping' is defined already")

    def test_on(self) -> None:
        """
        Cut to a platform, a schema has only what can be there.
        """
        self.assertNotIn("guest-get-devices", shipped().on("linux").commands)
        self.assertIn("guest-get-devices", shipped().on("windows").commands)
