"""What a request wants frozen."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.control._problem import Problem
from txqga.control._wanted import (
    GUESTS,
    LONGEST,
    MOUNTPOINTS,
    OWNER,
    GroupHold,
    Hold,
    group_hold,
    hold,
    named,
    renewal,
)


class WantedTests(SynchronousTestCase):
    def refused(self, read: Any, given: Any) -> None:
        why = self.assertRaises(Problem, read, given)
        self.assertEqual(why.code, "invalid-arguments", given)

    def test_hold(self) -> None:
        """
        Of one guest it may be said for how long, and what.
        """
        self.assertEqual(hold({}), Hold(seconds=None, mountpoints=None))
        self.assertEqual(
            hold({"seconds": 5, "mountpoints": ["/"]}), Hold(seconds=5, mountpoints=["/"])
        )
        seconds: list[Any] = [None, True, "5", [], float("inf"), float("nan")]
        mountpoints: list[Any] = ["/", [], [5], [""], ["x" * (LONGEST + 1)]]
        wrongs: list[Any] = [
            {"second": 5},
            *({"seconds": each} for each in seconds),
            *({"mountpoints": each} for each in mountpoints),
            {"mountpoints": ["/"] * (MOUNTPOINTS + 1)},
        ]
        for wrong in wrongs:
            self.refused(hold, wrong)

    def test_owner(self) -> None:
        """
        For whom it is can be said, behind who asks; in words that nothing obeys.
        """
        self.assertEqual(hold({"owner": "nightly"}).owner, "nightly")
        self.assertEqual(group_hold({"ranks": [["a"]], "owner": "nightly"}).owner, "nightly")
        self.assertEqual(named("ann", "nightly"), "ann: nightly")
        self.assertEqual(named("ann", None), "ann")
        for wrong in ("", "x" * (OWNER + 1), "\x1b[2J", "a\nb", 5, ["a"]):
            self.refused(hold, {"owner": wrong})
            self.refused(group_hold, {"ranks": [["a"]], "owner": wrong})

    def test_renewal(self) -> None:
        """
        Of a lease that goes on, for how long.
        """
        self.assertIsNone(renewal({}))
        self.assertEqual(renewal({"seconds": 1.5}), 1.5)
        self.refused(renewal, {"mountpoints": ["/"]})

    def test_group(self) -> None:
        """
        Of a group, in which order.
        """
        given = {"ranks": [["b", "c"], ["a"]], "mountpoints": {"a": ["/"]}, "seconds": 5}
        wanted = GroupHold(seconds=5, ranks=[["b", "c"], ["a"]], mountpoints={"a": ["/"]})
        self.assertEqual(group_hold(given), wanted)
        self.assertEqual(wanted.names, ["b", "c", "a"])
        ranks: list[Any] = [None, "a", [], ["a"], [[]], [["a"], []], [[5]]]
        wrongs: list[Any] = [
            {},
            *({"ranks": each} for each in ranks),
            {"ranks": [["a"], ["a"]]},
            {"ranks": [[str(number) for number in range(GUESTS + 1)]]},
            {"ranks": [["a"]], "mountpoints": ["/"]},
            {"ranks": [["a"]], "mountpoints": {"b": ["/"]}},
            {"ranks": [["a"]], "mountpoints": {"a": []}},
            {"ranks": [["a"]], "hook": "/bin/true"},
        ]
        for wrong in wrongs:
            self.refused(group_hold, wrong)
