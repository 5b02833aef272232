"""Tests for values off the wire into Python values, and back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.schema._strategies import fitting, generated, json_values, schemas
from txqga.errors import Misfit
from txqga.schema import (
    ArrayOf,
    Schema,
    Struct,
    Type,
    attrs_type,
    parse,
    shipped,
    structure,
    unstructure,
)

ADDRESS = {
    "pci-controller": {"domain": 0, "bus": 0, "slot": 5, "function": 0},
    "bus-type": "virtio",
    "bus": 0,
    "target": 0,
    "unit": 0,
    "dev": "/dev/vda",
}
FILESYSTEM = {"name": "vda1", "mountpoint": "/", "type": "ext4", "disk": [ADDRESS]}


class StructureTests(SynchronousTestCase):
    def make(self, type: Any, wire: Any) -> Any:
        return structure(shipped(), type, wire)

    def test_nested(self) -> None:
        """
        A reply becomes values of Python types, down to the last member.
        """
        (found,) = self.make(ArrayOf("GuestFilesystemInfo"), [{**FILESYSTEM, "used-bytes": 5}])
        self.assertEqual((found.mountpoint, found.used_bytes, found.total_bytes), ("/", 5, None))
        (disk,) = found.disk
        self.assertIs(disk.bus_type, attrs_type(shipped(), "GuestDiskBusType").VIRTIO)
        self.assertEqual((disk.pci_controller.slot, disk.serial), (5, None))

    def test_plain(self) -> None:
        """
        A reply may be a plain value; an integer where a number is meant becomes a float.
        """
        self.assertEqual(self.make("int", 5), 5)
        self.assertEqual(self.make("GuestFsfreezeStatus", "thawed"), "thawed")
        user = self.make("GuestUser", {"user": "root", "login-time": 5})
        self.assertIs(type(user.login_time), float)

    def test_by_class(self) -> None:
        """
        The type can be given as the class it has.
        """
        wire = {"host-name": "db1"}
        made = attrs_type(shipped(), "GuestHostName")
        self.assertEqual(self.make(made, wire), made(host_name="db1"))
        whole = attrs_type(shipped(), "GuestCpuStats", "linux")
        stats = {"type": "linux", "cpu": 0, "user": 1, "nice": 2, "system": 3, "idle": 4}
        self.assertEqual(self.make(whole, stats), whole(cpu=0, user=1, nice=2, system=3, idle=4))
        arguments = attrs_type(shipped(), "guest-file-close")
        self.assertEqual(self.make(arguments, {"handle": 1}), arguments(handle=1))

    def test_octets(self) -> None:
        """
        Base64 becomes the octets that it stands for, and is refused where it stands for none.
        """
        read = self.make("GuestFileRead", {"count": 2, "buf-b64": "aGk=", "eof": True})
        self.assertEqual(read.buf, b"hi")
        self.assertEqual(unstructure(read), {"count": 2, "buf-b64": "aGk=", "eof": True})
        for wrong, why in [("aGk", "it is no base64"), ("a Gk=", "it is no base64")]:
            wire = {"count": 2, "buf-b64": wrong, "eof": True}
            misfit = self.assertRaises(Misfit, self.make, "GuestFileRead", wire)
            self.assertEqual((misfit.where, misfit.desc), ("GuestFileRead.buf-b64", why))
        misfit = self.assertRaises(
            Misfit, self.make, "GuestFileRead", {"count": 2, "buf-b64": 5, "eof": True}
        )
        self.assertEqual(misfit.desc, "string expected, integer found")

    def test_newer_agent(self) -> None:
        """
        What a newer agent says more is passed over; an unknown word stays a string.
        """
        wire = {**ADDRESS, "bus-type": "quantum", "colour": {"r": 1}}
        address = self.make("GuestDiskAddress", wire)
        self.assertEqual(address.bus_type, "quantum")
        self.assertIs(type(address.bus_type), str)

    def test_newer_branch(self) -> None:
        """
        A union of a kind that is not known has what all its kinds have.
        """
        shared = attrs_type(shipped(), "GuestCpuStats")
        found = self.make("GuestCpuStats", {"type": "plan9", "cpu": 0})
        self.assertEqual(found, shared(type="plan9"))
        self.assertIs(type(found), shared)

    def test_older_agent(self) -> None:
        """
        A member that came later than its struct may be missing.
        """
        info = self.make("GuestAgentCommandInfo", {"name": "guest-ping", "enabled": True})
        self.assertEqual(info.success_response, None)

    def test_misfits(self) -> None:
        """
        What has another shape is refused, with the place where it is.
        """
        for wanted, wire, expected in (
            ("int", "5", "int: integer expected, string found"),
            ("int", 5.0, "int: integer expected, number found"),
            ("int", True, "int: integer expected, boolean found"),
            ("bool", 1, "bool: boolean expected, integer found"),
            ("number", "1", "number: number expected, string found"),
            ("GuestHostName", [], "GuestHostName: object expected, array found"),
            ("GuestHostName", {}, "GuestHostName.host-name: it is missing"),
            ("GuestHostName", None, "GuestHostName: object expected, null found"),
            (
                "GuestExecStatus",
                {"exited": True, "exitcode": None},
                "GuestExecStatus.exitcode: integer expected, null found",
            ),
            (ArrayOf("int"), {}, "[int]: array expected, object found"),
            (ArrayOf("int"), [1, "2"], "[int][1]: integer expected, string found"),
            (
                ArrayOf("GuestFilesystemInfo"),
                [{**FILESYSTEM, "disk": [ADDRESS, {**ADDRESS, "bus-type": 5}]}],
                "[GuestFilesystemInfo][0].disk[1].bus-type: string expected, integer found",
            ),
            ("GuestCpuStats", {"type": "linux"}, "GuestCpuStats.cpu: it is missing"),
            ("GuestCpuStats", {"type": []}, "GuestCpuStats.type: string expected, array found"),
            ("GuestCpuStats", 5, "GuestCpuStats: object expected, integer found"),
            ("GuestFileWhence", None, "GuestFileWhence: number or string expected, null found"),
            ("GuestFileWhence", 0.5, "GuestFileWhence: integer expected, number found"),
        ):
            fault = self.assertRaises(Misfit, structure, shipped(), wanted, wire)
            self.assertEqual(str(fault), expected)

    def test_unknown_type(self) -> None:
        """
        A type that the schema does not have is a KeyError.
        """
        self.assertRaises(KeyError, self.make, "GuestFoo", {})

    def test_deep(self) -> None:
        """
        A reply that is nested more deeply than we can follow is refused, not a crash.
        """
        schema = parse("{'struct': 'Tree', 'data': {'below': ['Tree']}}", "t")
        wire: dict[str, Any] = {"below": []}
        for _ in range(100_000):
            wire = {"below": [wire]}
        try:
            fault = self.assertRaises(Misfit, structure, schema, "Tree", wire)
            self.assertEqual(str(fault), "Tree: nested too deeply")
        finally:
            while wire["below"]:  # taken apart here: freeing it in one go is as deep
                wire = wire["below"].pop()


class UnstructureTests(SynchronousTestCase):
    def test_arguments(self) -> None:
        """
        Arguments become what the wire has: its names, and nothing that was not given.
        """
        made = attrs_type(shipped(), "guest-exec")
        modes = attrs_type(shipped(), "GuestExecCaptureOutputMode")
        self.assertEqual(
            unstructure(made(path="ls", arg=("-l",), capture_output=modes.MERGED)),
            {"path": "ls", "arg": ["-l"], "capture-output": "merged"},
        )
        self.assertIs(type(unstructure(modes.MERGED)), str)

    def test_nested(self) -> None:
        """
        Values inside lists and mappings are taken apart too.
        """
        made = attrs_type(shipped(), "GuestLogicalProcessor")
        self.assertEqual(
            unstructure({"vcpus": [made(logical_id=1, online=False)]}),
            {"vcpus": [{"logical-id": 1, "online": False}]},
        )

    def test_plain(self) -> None:
        """
        What is JSON already stays as it is.
        """
        for value in (None, True, 5, 0.5, "a", ["a", {"b": None}]):
            self.assertEqual(unstructure(value), value)


def without_nulls(value: Any) -> Any:
    """The same, less the members that are null."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


class PropertyTests(SynchronousTestCase):
    def types(self, schema: Schema) -> list[Type]:
        return [name for name, each in schema.definitions.items() if name not in schema.commands]

    @generated
    @given(schemas(), st.data())
    def test_round_trip(self, schema: Schema, data: st.DataObject) -> None:
        """
        Whatever the schema, what fits a type becomes a Python value and the same JSON again.
        """
        names = [*self.types(schema), "str"]
        wanted = data.draw(st.sampled_from([*names, *map(ArrayOf, map(str, names))]))
        wire = data.draw(fitting(schema, wanted))
        made = structure(schema, wanted, wire)
        # a member that need not be there is None where it is not, and so if it is null
        self.assertEqual(without_nulls(unstructure(made)), without_nulls(wire))
        self.assertEqual(structure(schema, wanted, unstructure(made)), made)
        if isinstance(schema.definitions.get(str(wanted)), Struct):
            self.assertIsInstance(made, attrs_type(schema, str(wanted)))

    @generated
    @given(schemas(), st.data())
    def test_anything(self, schema: Schema, data: st.DataObject) -> None:
        """
        Whatever an agent replies, it becomes a Python value or is a misfit.
        """
        wanted = data.draw(st.sampled_from([*self.types(schema), "int"]))
        try:
            unstructure(structure(schema, wanted, data.draw(json_values)))
        except Misfit as misfit:
            self.assertTrue(misfit.where.startswith(str(wanted)))
