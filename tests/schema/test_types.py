"""Tests for the Python classes of a schema's types."""

import enum
from typing import Any

from attrs import NOTHING, fields, has
from attrs.exceptions import FrozenInstanceError
from twisted.trial.unittest import SynchronousTestCase

from txqga.schema import attrs_type, parse, shipped, unstructure
from txqga.schema._types import definition_name, python_name, wired


class ShippedTypesTests(SynchronousTestCase):
    def type(self, name: str, branch: str | None = None) -> Any:
        return attrs_type(shipped(), name, branch)

    def test_struct(self) -> None:
        """
        A struct is a frozen class, with the members' names as Python writes them.
        """
        made = self.type("GuestFileRead")
        self.assertTrue(has(made))
        read = made(count=2, buf=b"hi", eof=False)
        self.assertEqual((read.count, read.buf, read.eof), (2, b"hi", False))
        self.assertEqual(repr(read), "GuestFileRead(count=2, buf=b'hi', eof=False)")
        self.assertEqual(read, made(eof=False, buf=b"hi", count=2))
        self.assertEqual(len({read, made(count=2, buf=b"hi", eof=False)}), 1)
        self.assertRaises(FrozenInstanceError, setattr, read, "count", 3)
        self.assertRaises(TypeError, made, 2, b"hi", False)
        self.assertRaises(TypeError, made, count=2)

    def test_optional(self) -> None:
        """
        An optional member is None when it is not given; so is one that older agents do not send.
        """
        status = self.type("GuestExecStatus")(exited=False)
        self.assertEqual((status.exitcode, status.out_data), (None, None))
        info = self.type("GuestAgentCommandInfo")
        self.assertEqual(info(name="guest-ping", enabled=True).success_response, None)

    def test_annotations(self) -> None:
        """
        The class says which Python type each member has.
        """
        kinds = {each.name: each.type for each in fields(self.type("GuestDiskInfo"))}
        self.assertEqual(
            kinds,
            {
                "name": str,
                "partition": bool,
                "dependencies": tuple[str, ...] | None,
                "address": self.type("GuestDiskAddress") | None,
                "alias": str | None,
                "smart": self.type("GuestDiskSmart") | None,
            },
        )
        self.assertIs(fields(self.type("GuestLoadAverage")).load1m.type, float)
        self.assertIs(fields(self.type("GuestMemoryBlock")).phys_index.type, int)

    def test_same_class(self) -> None:
        """
        A type has one class, however often it is asked for.
        """
        self.assertIs(self.type("GuestUser"), self.type("GuestUser"))
        self.assertIs(self.type("GuestCpuStats", "linux"), self.type("GuestCpuStats", "linux"))
        self.assertEqual(definition_name(self.type("GuestUser")), "GuestUser")

    def test_enum(self) -> None:
        """
        An enum's values are strings, and equal to them.
        """
        made = self.type("GuestDiskBusType")
        self.assertTrue(issubclass(made, enum.Enum))
        self.assertEqual(made("file-backed-virtual"), "file-backed-virtual")
        self.assertIs(made.FILE_BACKED_VIRTUAL, made("file-backed-virtual"))
        self.assertEqual(str(made.NVME), "nvme")
        self.assertEqual(f"{made.NVME}", "nvme")
        self.assertEqual(len(made), 20)
        self.assertRaises(ValueError, made, "NVME")

    def test_union(self) -> None:
        """
        A union is a class with a subclass for each branch, which knows its discriminator.
        """
        shared, linux = self.type("GuestCpuStats"), self.type("GuestCpuStats", "linux")
        self.assertTrue(issubclass(linux, shared))
        self.assertEqual([each.name for each in fields(shared)], ["type"])
        stats = linux(cpu=0, user=1, nice=2, system=3, idle=4)
        self.assertEqual((stats.type, stats.user, stats.steal), ("linux", 1, None))
        self.assertEqual(linux.__name__, "GuestCpuStatsLinux")

    def test_alternate(self) -> None:
        """
        An alternate is any of its branches' types.
        """
        self.assertEqual(self.type("GuestFileWhence"), int | self.type("QGASeek"))

    def test_arguments(self) -> None:
        """
        A command has a class of its arguments.
        """
        made = self.type("guest-file-write")
        self.assertEqual(made.__name__, "GuestFileWriteArguments")
        self.assertEqual(made(handle=1000, buf=b"").count, None)
        self.assertEqual([each.name for each in wired(made)], ["handle", "buf-b64", "count"])

    def test_octets(self) -> None:
        """
        What is base64 on the wire is bytes, and is not called base64 then.
        """
        self.assertIs(fields(self.type("GuestFileRead")).buf.type, bytes)
        self.assertEqual(fields(self.type("GuestExecStatus")).out_data.type, bytes | None)

    def test_documented(self) -> None:
        """
        A class is documented as its definition is.
        """
        self.assertEqual(
            self.type("GuestHostName").__doc__, shipped().structs["GuestHostName"].doc.text
        )

    def test_unknown(self) -> None:
        """
        What the schema does not have is a KeyError, and stays one.
        """
        for _ in range(2):
            self.assertRaises(KeyError, self.type, "GuestFoo")
            self.assertRaises(KeyError, self.type, "GuestCpuStats", "plan9")
            self.assertRaises(KeyError, self.type, "GuestUser", "linux")


class OtherTypesTests(SynchronousTestCase):
    def test_base(self) -> None:
        """
        A struct with a base is a subclass of it.
        """
        schema = parse(
            "{'struct': 'A', 'data': {'a': 'int', '*b': 'str'}}"
            "{'struct': 'B', 'base': 'A', 'data': {'c': 'any', '*d': 'any'}}",
            "t",
        )
        made = attrs_type(schema, "B")
        self.assertTrue(issubclass(made, attrs_type(schema, "A")))
        self.assertEqual(made(a=1, c=None).d, None)
        self.assertEqual([each.name for each in wired(made)], ["a", "b", "c", "d"])
        self.assertIs(fields(made).c.default, NOTHING)

    def test_contains_itself(self) -> None:
        """
        A type may contain itself; who asks finds Any there.
        """
        schema = parse(
            "{'struct': 'Tree', 'data': {'below': ['Tree'], '*up': 'Tree', 'alt': 'Alt'}}"
            "{'alternate': 'Alt', 'data': {'t': 'Tree', 'i': 'int'}}",
            "t",
        )
        made = attrs_type(schema, "Tree")
        self.assertEqual(fields(made).below.type, tuple[Any, ...])
        leaf = made(below=(), alt=5)
        self.assertEqual(made(below=(leaf,), up=leaf, alt=leaf).below, (leaf,))

    def test_odd_names(self) -> None:
        """
        Names that Python reserves get an underscore, and are what they were on the wire.
        """
        self.assertEqual(python_name("buf-b64"), "buf_b64")
        self.assertEqual(python_name("class"), "class_")
        self.assertEqual(python_name("__org.example_x"), "__org_example_x")
        self.assertEqual(python_name("3des"), "_3des")
        schema = parse(
            "{'enum': 'E', 'data': ['3des', '_x_', 'none', 'name', 'mro', '__x__']}"
            "{'struct': 'S', 'data': {'class': 'int', '_private': 'int', '*self': 'str',"
            " '*__init__': 'int'}}",
            "t",
        )
        made = attrs_type(schema, "E")
        self.assertEqual(
            [each.value for each in made], ["3des", "_x_", "none", "name", "mro", "__x__"]
        )
        instance = attrs_type(schema, "S")(class_=1, _private=2, self_="x")
        self.assertEqual((instance.class_, instance._private, instance.__init___), (1, 2, None))
        self.assertEqual(unstructure(instance), {"class": 1, "_private": 2, "self": "x"})

    def test_schemas_are_apart(self) -> None:
        """
        Two schemas have classes of their own, even for types of the same name.
        """
        one = parse("{'struct': 'S', 'data': {'a': 'int'}}", "t")
        two = parse("{'struct': 'S', 'data': {'b': 'int'}}", "t")
        self.assertEqual([each.name for each in fields(attrs_type(one, "S"))], ["a"])
        self.assertEqual([each.name for each in fields(attrs_type(two, "S"))], ["b"])
