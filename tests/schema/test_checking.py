"""Tests for checking arguments, in QEMU's words and order."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.schema._strategies import arguments, generated, json_values, names, schemas
from txqga.errors import InvalidArguments
from txqga.schema import Schema, check, parse, shipped

#: every text that QEMU's agent has for arguments
TEXTS = re.compile(
    r"Parameter '.*' is missing"
    r"|Parameter '.*' is unexpected"
    r"|Invalid parameter type for '.*', expected: "
    r"(integer|string|boolean|number|array|object|null|N\d+)"
    r"|Parameter '.*' expects u?int(8|16|32|64)"
    r"|Parameter '.*' does not accept value '.*'",
    re.DOTALL,
)


def wrong(name: str, expected: str) -> str:
    return f"Invalid parameter type for '{name}', expected: {expected}"


class _TestCase(SynchronousTestCase):
    schema: Schema = shipped()

    def check(self, name: str, asked: dict[str, Any]) -> dict[str, Any]:
        return check(self.schema, self.schema.commands[name], asked)

    def assertRefuses(self, name: str, asked: dict[str, Any], desc: str) -> None:
        fault = self.assertRaises(InvalidArguments, self.check, name, asked)
        self.assertEqual(
            (fault.desc, fault.command, fault.wire_class), (desc, name, "GenericError")
        )


class ShippedTests(_TestCase):
    def test_accepted(self) -> None:
        """
        What fits comes back as a copy, in the order of the schema.
        """
        for name, asked in (
            ("guest-ping", {}),
            ("guest-sync", {"id": -(2**63)}),
            ("guest-shutdown", {}),
            ("guest-shutdown", {"mode": ""}),
            ("guest-file-seek", {"whence": "set", "offset": -5, "handle": 1000}),
            ("guest-file-seek", {"whence": 7, "offset": 0, "handle": 1000}),
            ("guest-exec", {"arg": [], "path": "", "capture-output": "merged"}),
            ("guest-exec", {"path": "a", "env": ["A=1"], "capture-output": False}),
            ("guest-set-vcpus", {"vcpus": [{"online": True, "logical-id": 1}]}),
        ):
            checked = self.check(name, asked)
            self.assertEqual(checked, asked)
            self.assertIsNot(checked, asked)
            order = [each.name for each in self.schema.commands[name].arguments]
            self.assertEqual(list(checked), [each for each in order if each in asked])

    def test_nothing_asked(self) -> None:
        """
        A command without arguments takes none.
        """
        self.assertRefuses("guest-ping", {"foo": 42}, "Parameter 'foo' is unexpected")
        self.assertRefuses("guest-ping", {"": None}, "Parameter '' is unexpected")

    def test_missing(self) -> None:
        """
        Of several that are missing the first in the schema is named.
        """
        self.assertRefuses("guest-sync", {}, "Parameter 'id' is missing")
        self.assertRefuses("guest-file-seek", {}, "Parameter 'handle' is missing")
        self.assertRefuses("guest-file-seek", {"handle": 1}, "Parameter 'offset' is missing")

    def test_order(self) -> None:
        """
        Faults are found in the order of the schema, and leftovers last, whatever came first.
        """
        asked: dict[str, Any] = {"zz": 1, "whence": None, "offset": "x"}
        self.assertRefuses("guest-file-seek", asked, "Parameter 'handle' is missing")
        asked["handle"] = 1
        self.assertRefuses("guest-file-seek", asked, wrong("offset", "integer"))
        asked["offset"] = 0
        self.assertRefuses("guest-file-seek", asked, wrong("whence", "GuestFileWhence"))
        asked["whence"] = "cur"
        self.assertRefuses("guest-file-seek", asked, "Parameter 'zz' is unexpected")

    def test_spelling(self) -> None:
        """
        Names are the wire's: with an underscore it is another name.
        """
        asked = {"handle": 1, "buf_b64": "", "buf-b64": ""}
        self.assertRefuses("guest-file-write", asked, "Parameter 'buf_b64' is unexpected")

    def test_null(self) -> None:
        """
        Null is of the wrong type for an optional argument too.
        """
        self.assertRefuses("guest-file-open", {"path": "a", "mode": None}, wrong("mode", "string"))
        self.assertRefuses("guest-set-time", {"time": None}, wrong("time", "integer"))
        self.assertRefuses("guest-exec", {"path": "a", "arg": None}, wrong("arg", "array"))

    def test_alternates(self) -> None:
        """
        An alternate chooses by the kind of JSON; what is no kind of its is named after it.
        """

        def seek(whence: Any) -> dict[str, Any]:
            return {"handle": 1, "offset": 0, "whence": whence}

        for whence, desc in (
            ("SET", "Parameter 'whence' does not accept value 'SET'"),
            (1.0, wrong("whence", "integer")),
            (2**63, wrong("whence", "integer")),
            (None, wrong("whence", "GuestFileWhence")),
            (True, wrong("whence", "GuestFileWhence")),
            ([], wrong("whence", "GuestFileWhence")),
            ({}, wrong("whence", "GuestFileWhence")),
        ):
            self.assertRefuses("guest-file-seek", seek(whence), desc)
        for capture, desc in (
            ("all", "Parameter 'capture-output' does not accept value 'all'"),
            (1, wrong("capture-output", "GuestExecCaptureOutput")),
        ):
            self.assertRefuses("guest-exec", {"path": "a", "capture-output": capture}, desc)

    def test_paths(self) -> None:
        """
        What is wrong inside is named with the way to it.
        """

        def vcpus(*asked: Any) -> dict[str, Any]:
            return {"vcpus": list(asked)}

        good = {"logical-id": 0, "online": True}
        for asked, desc in (
            (vcpus({"logical-id": 0}), "Parameter 'vcpus[0].online' is missing"),
            (vcpus(good, {"online": True}), "Parameter 'vcpus[1].logical-id' is missing"),
            (vcpus({**good, "online": 1}), wrong("vcpus[0].online", "boolean")),
            (vcpus({**good, "x": 1}), "Parameter 'vcpus[0].x' is unexpected"),
            (vcpus(good, good, 5), wrong("vcpus[2]", "object")),
            (vcpus({**good, "can-offline": None}), wrong("vcpus[0].can-offline", "boolean")),
            ({"vcpus": good}, wrong("vcpus", "array")),
        ):
            self.assertRefuses("guest-set-vcpus", asked, desc)
        self.assertRefuses("guest-exec", {"path": "a", "arg": ["a", 1]}, wrong("arg[1]", "string"))
        self.assertRefuses(
            "guest-set-memory-blocks",
            {"mem-blks": [{"phys-index": "0", "online": True}]},
            "Parameter 'mem-blks[0].phys-index' expects uint64",
        )

    def test_wrap(self) -> None:
        """
        A negative unsigned integer wraps, deep inside too.
        """
        asked = {"mem-blks": [{"phys-index": -1, "online": True}]}
        checked = self.check("guest-set-memory-blocks", asked)
        self.assertEqual(checked["mem-blks"][0]["phys-index"], 2**64 - 1)
        self.assertEqual(asked["mem-blks"][0]["phys-index"], -1)

    def test_again(self) -> None:
        """
        Checking leaves nothing behind: a fault does not change what the next request gets.
        """
        for _ in range(3):
            self.assertRefuses("guest-sync", {"id": "1"}, wrong("id", "integer"))
            self.assertEqual(self.check("guest-sync", {"id": 1}), {"id": 1})


class OtherTypesTests(_TestCase):
    schema = parse(
        """
        { 'enum': 'Kind', 'data': [ 'a', 'b', 'none' ] }
        { 'struct': 'A', 'data': { 'x': 'uint8', '*kinds': [ 'Kind' ] } }
        { 'struct': 'B', 'data': { 'y': 'A' } }
        { 'union': 'U', 'base': { 'kind': 'Kind', '*note': 'str' }, 'discriminator': 'kind',
          'data': { 'a': 'A', 'b': 'B' } }
        { 'alternate': 'Alt', 'data': { 'o': 'A', 'l': ['Alt'], 'n': 'number', 'z': 'null' } }
        { 'struct': 'Tree', 'data': { 'below': ['Tree'] } }
        { 'command': 'u', 'data': { 'u': 'U' } }
        { 'command': 'boxed', 'data': 'U', 'boxed': true }
        { 'command': 'named', 'data': 'B' }
        { 'command': 'alt', 'data': { 'v': 'Alt' } }
        { 'command': 'tree', 'data': { 'root': 'Tree' } }
        """,
        "t",
    )

    def test_union(self) -> None:
        """
        Which further members a union has depends on its discriminator.
        """
        for asked in (
            {"kind": "a", "x": 5},
            {"kind": "b", "y": {"x": 0, "kinds": ["a"]}},
            {"kind": "none", "note": "x"},
        ):
            self.assertEqual(self.check("u", {"u": asked}), {"u": asked})
            self.assertEqual(self.check("boxed", asked), asked)
        for asked, desc in (
            ({}, "Parameter 'u.kind' is missing"),
            ({"kind": "c"}, "Parameter 'kind' does not accept value 'c'"),
            ({"kind": "a"}, "Parameter 'u.x' is missing"),
            ({"kind": "a", "x": "1"}, "Parameter 'u.x' expects uint64"),
            ({"kind": "a", "x": 256}, "Parameter 'x' expects uint8"),
            ({"kind": "a", "x": 1, "y": {}}, "Parameter 'u.y' is unexpected"),
            ({"kind": "b", "y": {}}, "Parameter 'u.y.x' is missing"),
            ({"kind": "none", "x": 1}, "Parameter 'u.x' is unexpected"),
        ):
            self.assertRefuses("u", {"u": asked}, desc)

    def test_named(self) -> None:
        """
        A type's members can be the arguments themselves, and need no name in front.
        """
        self.assertRefuses("named", {"y": {"x": True}}, "Parameter 'y.x' expects uint64")
        self.assertRefuses("boxed", {"kind": "b"}, "Parameter 'y' is missing")

    def test_enum_in_list(self) -> None:
        """
        QEMU has no name for an element whose value is refused.
        """
        asked = {"y": {"x": 1, "kinds": ["a", "c"]}}
        self.assertRefuses("named", asked, "Parameter 'null' does not accept value 'c'")

    def test_alternate(self) -> None:
        """
        An alternate may be an object, a list, a number or null, and may contain itself.
        """
        for value in ({"x": 1}, [], [1, [None, {"x": 1}]], 5, 0.5, None):
            self.assertEqual(self.check("alt", {"v": value}), {"v": value})
        self.assertRefuses("alt", {"v": "a"}, wrong("v", "Alt"))
        self.assertRefuses("alt", {"v": [1, [True]]}, wrong("null", "Alt"))
        self.assertRefuses("alt", {"v": [1, {}]}, "Parameter 'v[1].x' is missing")

    def test_deep(self) -> None:
        """
        Arguments that are nested more deeply than we can follow are refused, not a crash.
        """
        asked: dict[str, Any] = {"below": []}
        self.assertEqual(self.check("tree", {"root": asked}), {"root": asked})
        for _ in range(100_000):
            asked = {"below": [asked]}
        try:
            self.assertRefuses("tree", {"root": asked}, "The arguments are nested too deeply")
        finally:
            while asked["below"]:  # taken apart here: freeing it in one go is as deep
                asked = asked["below"].pop()


class PropertyTests(SynchronousTestCase):
    def checked(self, schema: Schema, asked: dict[str, Any]) -> None:
        try:
            checked = check(schema, schema.commands["last"], asked)
        except InvalidArguments as fault:
            self.assertTrue(TEXTS.fullmatch(fault.desc), fault.desc)
        else:
            self.assertEqual(set(checked), set(asked))

    @generated
    @given(schemas(), st.data())
    def test_fitting(self, schema: Schema, data: st.DataObject) -> None:
        """
        Whatever the schema, arguments that fit are accepted, and mean the same.
        """
        asked = data.draw(arguments(schema, schema.commands["last"]))
        self.assertEqual(check(schema, schema.commands["last"], asked), asked)

    @generated
    @given(schemas(), st.data())
    def test_anything(self, schema: Schema, data: st.DataObject) -> None:
        """
        Whatever the arguments, they are accepted or refused with a text of QEMU's.
        """
        known = [each.name for each in schema.commands["last"].arguments]
        keys = st.sampled_from(known) | names if known else names
        self.checked(schema, data.draw(st.dictionaries(keys, json_values, max_size=4)))

    @generated
    @given(schemas(), st.data())
    def test_nearly_fitting(self, schema: Schema, data: st.DataObject) -> None:
        """
        Arguments with one thing wrong, wherever it is, are refused with a text of QEMU's.
        """
        asked = data.draw(arguments(schema, schema.commands["last"]))
        spots = list(_spots(asked))
        holder, key = data.draw(st.sampled_from(spots)) if spots else (asked, "x")
        holder[key] = data.draw(json_values)
        self.checked(schema, asked)


def _spots(value: Any) -> Any:
    """List where in a value something can be replaced."""
    if isinstance(value, dict | list):
        for key, each in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield value, key
            yield from _spots(each)
