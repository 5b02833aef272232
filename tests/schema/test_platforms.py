"""Tests for build conditions."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.schema._strategies import conditions
from txqga.errors import SchemaError
from txqga.schema import PLATFORMS, holds, parse, shipped


class HoldsTests(SynchronousTestCase):
    def assertPlatforms(self, condition: Any, expected: str) -> None:
        found = [platform for platform in PLATFORMS if holds(condition, platform)]
        self.assertEqual(found, expected.split())

    def test_names(self) -> None:
        """
        A name of a system holds there only; a facility may be there on several.
        """
        self.assertPlatforms(None, " ".join(PLATFORMS))
        self.assertPlatforms("CONFIG_WIN32", "windows")
        self.assertPlatforms("CONFIG_FSFREEZE", "linux freebsd")
        self.assertPlatforms("HAVE_UTMPX", "linux freebsd netbsd sunos")
        self.assertPlatforms("CONFIG_PLUGIN", " ".join(PLATFORMS))

    def test_operators(self) -> None:
        """
        Conditions are combined; what may be absent from a build can make a "not" hold.
        """
        self.assertPlatforms({"any": ["CONFIG_WIN32", "CONFIG_FSTRIM"]}, "linux windows")
        self.assertPlatforms({"all": ["CONFIG_LINUX", "CONFIG_FSFREEZE"]}, "linux")
        self.assertPlatforms({"all": ["CONFIG_LINUX", "CONFIG_WIN32"]}, "")
        self.assertPlatforms({"not": "CONFIG_WIN32"}, "linux freebsd netbsd openbsd sunos")
        self.assertPlatforms({"not": "CONFIG_FSFREEZE"}, " ".join(PLATFORMS))
        self.assertPlatforms(
            {"not": {"any": ["CONFIG_LINUX", "CONFIG_FSFREEZE"]}},
            "windows freebsd netbsd openbsd sunos",
        )
        self.assertPlatforms(
            {"not": {"all": ["CONFIG_LINUX", {"not": "CONFIG_WIN32"}]}},
            "windows freebsd netbsd openbsd sunos",
        )

    def test_unknown_platform(self) -> None:
        """
        A platform that QEMU's agent was never built for is a mistake.
        """
        self.assertRaises(ValueError, holds, None, "Linux")

    @given(conditions, st.sampled_from(PLATFORMS))
    def test_one_of_both(self, condition: Any, platform: str) -> None:
        """
        On every platform a condition or its contrary can hold, and twice "not" is nothing.
        """
        contrary = {"not": condition}
        self.assertTrue(holds(condition, platform) or holds(contrary, platform))
        self.assertEqual(holds({"not": contrary}, platform), holds(condition, platform))


class RestrictTests(SynchronousTestCase):
    def test_parts(self) -> None:
        """
        Members, values, branches and features go where their condition cannot hold.
        """
        schema = parse(
            "{'enum': 'E', 'data': ['a', {'name': 'w', 'if': 'CONFIG_WIN32'}]}"
            "{'struct': 'S', 'data': {'x': 'str', 'y': {'type': 'str', 'if': 'CONFIG_WIN32'}}}"
            "{'struct': 'W', 'data': {}, 'if': 'CONFIG_WIN32'}"
            "{'union': 'U', 'base': {'k': 'E'}, 'discriminator': 'k',"
            " 'data': {'a': 'S', 'w': {'type': 'W', 'if': 'CONFIG_WIN32'}}}"
            "{'command': 'c', 'features': ['f', {'name': 'g', 'if': 'CONFIG_WIN32'}]}",
            "t",
        )
        linux = schema.on("linux")
        self.assertEqual(list(linux.structs), ["S"])
        self.assertEqual([each.name for each in linux.enums["E"].values], ["a"])
        self.assertEqual([each.name for each in linux.structs["S"].members], ["x"])
        self.assertEqual([each.name for each in linux.unions["U"].branches], ["a"])
        self.assertEqual(linux.commands["c"].features, ("f",))
        self.assertEqual(schema.on("windows"), schema)

    def test_left_over(self) -> None:
        """
        What would refer to something that is not there is a fault of the schema.
        """
        schema = parse(
            "{'struct': 'W', 'data': {}, 'if': 'CONFIG_WIN32'} {'command': 'c', 'returns': 'W'}",
            "t",
        )
        fault = self.assertRaises(SchemaError, schema.on, "linux")
        self.assertEqual(str(fault), "c on linux: there is no type W")
        self.assertEqual(schema.on("windows"), schema)

    def test_shipped(self) -> None:
        """
        Our schema can be cut to every platform, and once is enough.
        """
        for platform in PLATFORMS:
            cut = shipped().on(platform)
            self.assertEqual(cut.on(platform), cut)
