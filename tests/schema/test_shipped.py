"""
Our own schema against the facts about QEMU's, ``qga-interface.json``.

The facts were gathered from the schemas of 7.2 and 10.0, and from the manual and agent of 11.1.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.schema import (
    PLATFORMS,
    ArrayOf,
    Definition,
    EnumValue,
    Member,
    Schema,
    Type,
    Union,
    attrs_type,
    extended,
    holds,
    known_to,
    shipped,
    since_on,
)
from txqga.schema._shipped import read_data

FACTS = json.loads(Path(__file__).with_name("qga-interface.json").read_text(encoding="utf-8"))
KINDS = ("commands", "structs", "unions", "enums", "alternates")


def fact_type(type: Any) -> Type | None:
    return ArrayOf(type["array"]) if isinstance(type, dict) else type


def stated(members: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Give what the facts say about members, branches or values."""
    return [
        (
            each["name"],
            fact_type(each.get("type")),
            each.get("optional", False),
            each.get("since"),
            each.get("if"),
        )
        for each in members
    ]


def ours(members: Iterable[Member | EnumValue]) -> list[tuple[Any, ...]]:
    return [
        (
            each.name,
            getattr(each, "type", None),
            getattr(each, "optional", False),
            each.since,
            each.condition,
        )
        for each in members
    ]


def definitions(schema: Schema) -> Iterator[tuple[Definition, dict[str, Any]]]:
    """Pair every definition with the facts about it."""
    for kind in KINDS:
        for name, facts in FACTS[kind].items():
            yield getattr(schema, kind)[name], facts


class FactsTests(SynchronousTestCase):
    def test_names(self) -> None:
        """
        We have the definitions that QEMU has, all of them and no others.
        """
        for kind in KINDS:
            self.assertEqual(set(getattr(shipped(), kind)), set(FACTS[kind]), kind)
            self.assertEqual(len(FACTS[kind]), FACTS["about"]["counts"][kind])
        self.assertEqual(shipped().events, {})

    def test_order(self) -> None:
        """
        On Linux the commands are registered in QEMU's order.
        """
        expected = FACTS["command_order"]["linux_10.0_and_11.1"]
        self.assertEqual(list(shipped().on("linux").commands), expected)

    def test_commands(self) -> None:
        """
        Each command takes and returns what QEMU's does, and is silent where QEMU's is.
        """
        for name, facts in FACTS["commands"].items():
            command = shipped().commands[name]
            self.assertEqual(ours(command.arguments), stated(facts["arguments"]), name)
            self.assertEqual(command.returns, fact_type(facts["returns"]), name)
            self.assertEqual(command.success_response, facts["success_response"], name)
            self.assertEqual(command.allowed_while_frozen, facts["allowed_while_frozen"], name)

    def test_allowed_while_frozen(self) -> None:
        """
        While the filesystems are frozen the same few commands are answered.
        """
        allowed = {each.name for each in shipped().commands.values() if each.allowed_while_frozen}
        self.assertEqual(allowed, set(FACTS["freeze_allow_list"]))

    def test_structs(self) -> None:
        """
        Each struct has QEMU's members, in QEMU's order.
        """
        for name, facts in FACTS["structs"].items():
            self.assertEqual(ours(shipped().structs[name].members), stated(facts["members"]), name)

    def test_unions(self) -> None:
        """
        Each union has QEMU's discriminator, base and branches.
        """
        for name, facts in FACTS["unions"].items():
            union = shipped().unions[name]
            self.assertEqual(ours(union.members), stated(facts["base"]), name)
            self.assertEqual(union.discriminator, facts["discriminator"])
            branches = {branch.name: branch.type for branch in union.branches}
            self.assertEqual(branches, facts["branches"])

    def test_enums(self) -> None:
        """
        Each enum has QEMU's values.
        """
        for name, facts in FACTS["enums"].items():
            self.assertEqual(ours(shipped().enums[name].values), stated(facts["values"]), name)

    def test_alternates(self) -> None:
        """
        Each alternate has QEMU's branches.
        """
        for name, facts in FACTS["alternates"].items():
            alternate = shipped().alternates[name]
            self.assertEqual(ours(alternate.branches), stated(facts["branches"]), name)

    def test_since(self) -> None:
        """
        Each definition says since when it exists, where QEMU says it, on each platform.
        """
        for definition, facts in definitions(shipped()):
            self.assertEqual(definition.since, facts["since"], definition.name)
            for platform, since in facts.get("since_per_platform", {}).items():
                self.assertEqual(since_on(definition, platform), since, definition.name)

    def test_versions(self) -> None:
        """
        Which of 7.2, 10.0 and 11.1 has a definition follows from what it says.
        """
        for definition, facts in definitions(shipped()):
            known = {version: known_to(definition, version) for version in facts["versions"]}
            self.assertEqual(known, facts["versions"], definition.name)
        members = {each.name: each for each in shipped().structs["GuestFilesystemInfo"].members}
        self.assertFalse(known_to(members["total-bytes-privileged"], "7.2"))

    def test_older_arguments(self) -> None:
        """
        Where 7.2 has an argument of another type, the type of today has a branch as old.
        """
        facts = FACTS["commands"]["guest-exec"]["arguments"][-1]
        self.assertEqual((facts["name"], facts["in_7.2"]["type"]), ("capture-output", "bool"))
        branches = shipped().alternates[facts["type"]].branches
        self.assertFalse(known_to(shipped().alternates[facts["type"]], "7.2"))
        self.assertEqual([each.type for each in branches if each.since == "2.5"], ["bool"])

    def test_conditions(self) -> None:
        """
        Each definition has QEMU's build condition of 11.1, and the platforms that follow from it.
        """
        for definition, facts in definitions(shipped()):
            self.assertEqual(
                definition.condition, facts.get("if_11.1", facts["if"]), definition.name
            )
            platforms = facts.get("platforms_11.1", facts["platforms"])
            found = [platform for platform in PLATFORMS if holds(definition.condition, platform)]
            self.assertEqual(found, platforms, definition.name)
            if "on_linux" in facts:
                self.assertEqual("linux" in found, facts["on_linux"], definition.name)

    def test_wire_members(self) -> None:
        """
        What an agent prints are the members that we know; of a union, those of its branch too.
        """
        for name, facts in FACTS["structs"].items():
            names = {each.name for each in shipped().structs[name].members}
            self.assertEqual(names, set(facts["wire_order"]), name)
        for name, facts in FACTS["unions"].items():
            union = shipped().unions[name]
            self.assertEqual(set(wire_members(union)), set(facts["wire_order"]))
            for branch, members in wire_members(union).items():
                self.assertEqual(members, set(facts["wire_order"][branch]), name)

    def test_builtins(self) -> None:
        """
        We use the builtin types that QEMU uses.
        """
        self.assertEqual(builtins_of(shipped()), set(FACTS["about"]["builtin_types"]))


def wire_members(union: Union) -> dict[str, set[str]]:
    base = {each.name for each in union.members}
    return {
        branch.name: base | {each.name for each in shipped().structs[str(branch.type)].members}
        for branch in union.branches
    }


def builtins_of(schema: Schema) -> set[str]:
    found: set[str] = set()
    for each in schema.definitions.values():
        for part in ("arguments", "members", "branches"):
            for member in getattr(each, part, ()):
                found.add(getattr(member.type, "element", member.type))
    return found - set(schema.definitions)


class ShippedTests(SynchronousTestCase):
    def test_once(self) -> None:
        """
        The schema is read once.
        """
        self.assertIs(shipped(), shipped())

    def test_files(self) -> None:
        """
        Every file of our schema is included.
        """
        tops = {"guest.json", "txqga.json"}
        folder = Path(read_data("guest.json")[1]).parent
        words = [word for top in tops for word in read_data(top)[0].split("'")]
        included = {word for word in words if word.endswith(".json")}
        self.assertEqual(included, {path.name for path in folder.iterdir()} - tops)

    def test_documented(self) -> None:
        """
        Every definition is documented, with all its members, values and branches.
        """
        for definition in extended().definitions.values():
            self.assertTrue(definition.doc.text, definition.name)
            parts = ("arguments", "members", "branches", "values")
            for part in parts:
                for each in getattr(definition, part, ()):
                    self.assertTrue(each.doc, f"{definition.name}.{each.name}")

    def test_python_types(self) -> None:
        """
        Every definition has a Python type.
        """
        for name in extended().definitions:
            self.assertIsNotNone(attrs_type(extended(), name))


class ExtendedTests(SynchronousTestCase):
    def test_once(self) -> None:
        """
        The schema is read once.
        """
        self.assertIs(extended(), extended())

    def test_after_qemus(self) -> None:
        """
        Our own commands come after QEMU's, which are as they were.
        """
        names = list(extended().definitions)
        before = len(shipped().definitions)
        self.assertEqual(names[:before], list(shipped().definitions))
        self.assertIn("txqga-info", names[before:])

    def test_names(self) -> None:
        """
        Whatever is ours says so in its name: QEMU will never have one such.
        """
        for name in extended().definitions.keys() - shipped().definitions.keys():
            self.assertRegex(name, "^(txqga-|Txqga)")
