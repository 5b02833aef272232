"""Tests for one JSON value against one type."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.schema._values import (
    BUILTIN_CHECKS,
    Check,
    Fault,
    check_list_of,
    check_object_of,
    check_one_of,
    unexpected,
)

#: one value of each kind of JSON, and the ones that are easily taken for another
SAMPLES: tuple[Any, ...] = (None, True, False, 0, 1, 0.0, 1.0, 1e3, "", "1", "true", [], {}, [1])


def refusal(check: Check, value: Any, name: str = "p") -> str:
    """Give the error text for a value that is refused, as the member of that name."""
    try:
        check(value)
    except Fault as fault:
        fault.in_member(name)
        return fault.desc()
    raise AssertionError(f"{value!r} was accepted")


class BuiltinTests(SynchronousTestCase):
    def assertAccepts(self, name: str, *values: Any) -> None:
        for value in values:
            checked = BUILTIN_CHECKS[name](value)
            self.assertEqual((checked, type(checked)), (value, type(value)))

    def assertRefuses(self, name: str, desc: str, values: Any) -> None:
        for value in values:
            self.assertEqual(refusal(BUILTIN_CHECKS[name], value), desc, f"{name}: {value!r}")

    def test_exact_types(self) -> None:
        """
        A string, boolean or null is nothing else, and nothing else is one.
        """
        for name, kind, good in (("str", "string", str), ("bool", "boolean", bool)):
            self.assertAccepts(name, *(each for each in SAMPLES if type(each) is good))
            desc = f"Invalid parameter type for 'p', expected: {kind}"
            self.assertRefuses(name, desc, [each for each in SAMPLES if type(each) is not good])
        self.assertAccepts("null", None)
        desc = "Invalid parameter type for 'p', expected: null"
        self.assertRefuses("null", desc, SAMPLES[1:])

    def test_any(self) -> None:
        """
        Any is any value, null too.
        """
        self.assertAccepts("any", *SAMPLES)

    def test_int(self) -> None:
        """
        An integer has 64 bits and a sign; a float is none, however round, and a boolean neither.
        """
        for name in ("int", "int64"):
            self.assertAccepts(name, 0, -1, 2**63 - 1, -(2**63))
            desc = "Invalid parameter type for 'p', expected: integer"
            bad = [each for each in SAMPLES if type(each) is not int]
            self.assertRefuses(name, desc, [*bad, 2**63, -(2**63) - 1, 2.0**70, float("inf")])

    def test_uint64(self) -> None:
        """
        An unsigned integer may be given as a negative one, which wraps.
        """
        for name in ("uint64", "size"):
            self.assertAccepts(name, 0, 1, 2**63, 2**64 - 1)
            for given, wrapped in ((-1, 2**64 - 1), (-(2**63), 2**63)):
                self.assertEqual(BUILTIN_CHECKS[name](given), wrapped)
            bad = [each for each in SAMPLES if type(each) is not int]
            desc = "Parameter 'p' expects uint64"
            self.assertRefuses(name, desc, [*bad, 2**64, -(2**63) - 1])

    def test_small_unsigned(self) -> None:
        """
        A small unsigned integer is checked as uint64 first: that wraps, and is then too big.
        """
        for bits in (8, 16, 32):
            name = f"uint{bits}"
            self.assertAccepts(name, 0, 1, 2**bits - 1)
            self.assertRefuses(name, f"Parameter 'p' expects {name}", [2**bits, -1, 2**64 - 1])
            bad = [each for each in SAMPLES if type(each) is not int]
            self.assertRefuses(name, "Parameter 'p' expects uint64", [*bad, 2**64])

    def test_small_signed(self) -> None:
        """
        A small signed integer is checked as int first.
        """
        for bits in (8, 16, 32):
            name, limit = f"int{bits}", 2 ** (bits - 1)
            self.assertAccepts(name, 0, limit - 1, -limit)
            self.assertRefuses(
                name, f"Parameter 'p' expects {name}", [limit, -limit - 1, 2**63 - 1]
            )
            bad = [each for each in SAMPLES if type(each) is not int]
            desc = "Invalid parameter type for 'p', expected: integer"
            self.assertRefuses(name, desc, [*bad, 2**63])

    def test_number(self) -> None:
        """
        A number is an integer or a float, and becomes a float.
        """
        for given in (0, 1, -1, 0.5, 2**64, 2.0**70):
            checked = BUILTIN_CHECKS["number"](given)
            self.assertEqual((checked, type(checked)), (given, float))
        desc = "Invalid parameter type for 'p', expected: number"
        bad = [each for each in SAMPLES if type(each) not in (int, float)]
        self.assertRefuses("number", desc, [*bad, 10**400])


class NestingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.text = BUILTIN_CHECKS["str"]
        self.small = BUILTIN_CHECKS["uint8"]

    def test_list(self) -> None:
        """
        A fault in a list says in which element.
        """
        check = check_list_of(check_list_of(self.text))
        self.assertEqual(check([["a"], []]), [["a"], []])
        wrong = "Invalid parameter type for"
        self.assertEqual(refusal(check, {}), f"{wrong} 'p', expected: array")
        self.assertEqual(refusal(check, None), f"{wrong} 'p', expected: array")
        self.assertEqual(refusal(check, [[], "a"]), f"{wrong} 'p[1]', expected: array")
        self.assertEqual(refusal(check, [[], ["a", 5]]), f"{wrong} 'p[1][1]', expected: string")

    def test_copied(self) -> None:
        """
        What was checked is a copy: nobody changes it afterwards.
        """
        given = ["a"]
        self.assertIsNot(check_list_of(self.text)(given), given)

    def test_object(self) -> None:
        """
        An object is handed on to whoever checks its members.
        """
        check = check_object_of(lambda given: {**given, "seen": True})
        self.assertEqual(check({"a": 1}), {"a": 1, "seen": True})
        desc = "Invalid parameter type for 'p', expected: object"
        bad: tuple[Any, ...] = (None, [], "{}", 5)
        for value in bad:
            self.assertEqual(refusal(check, value), desc)

    def test_enum(self) -> None:
        """
        An enum takes its strings as they are written, and nothing like them.
        """
        check = check_one_of(frozenset({"set", "cur"}))
        self.assertEqual(check("set"), "set")
        for value in ("Set", "", "set ", "%s", "'"):
            self.assertEqual(
                refusal(check, value), f"Parameter 'p' does not accept value '{value}'"
            )
        self.assertEqual(refusal(check, 0), "Invalid parameter type for 'p', expected: string")

    def test_bare_names(self) -> None:
        """
        Some texts of QEMU's have only the last part of the name, and null for an element.
        """
        check = check_list_of(self.small)
        self.assertEqual(refusal(check, [1, 256]), "Parameter 'null' expects uint8")
        self.assertEqual(refusal(check, [1, "a"]), "Parameter 'p[1]' expects uint64")

    def test_unexpected(self) -> None:
        """
        Of members that nobody asked for the first is named, whatever it is called.
        """
        for name in ("x", "", ".x", "%s", "é"):
            fault = unexpected({"a": 1, name: 2, "z": 3}, {"a": 1})
            self.assertEqual(fault.desc(), f"Parameter '{name}' is unexpected")
            fault.in_element(3)
            fault.in_member("p")
            self.assertEqual(fault.desc(), f"Parameter 'p[3].{name}' is unexpected")
