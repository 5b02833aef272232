"""Guests that the mux holds still while something is done."""

from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.cli._case import MemoryControl
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._held_by_mux import Held, held_by_mux

BEGIN, END = ("POST", ("freezes",)), ("DELETE", ("freezes", "6f"))


class HeldByMuxTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.control = MemoryControl()
        self.control.answers[BEGIN] = {"id": "6f", "left": 60.0}
        self.control.answers[END] = {"guests": [], "skew": 0.0}
        self.given_up: list[object] = []
        self.working: Deferred[int] = Deferred(self.given_up.append)
        self.worked = 0

    def work(self) -> Deferred[int]:
        self.worked += 1
        return self.working

    def hold(self) -> Deferred[Held]:
        control: Any = self.control
        return Deferred.fromCoroutine(
            held_by_mux(self.clock, control, {"ranks": [["a", "b"]]}, self.work)
        )

    @property
    def asked(self) -> list[tuple[str, ...]]:
        return self.control.asked

    def test_held(self) -> None:
        """
        The mux freezes them, the work is done, and the mux thaws them and tells how long it was.
        """
        self.control.answers[END] = {
            "skew": 0.25,
            "guests": [
                {
                    "guest": "a",
                    "held": 2.0,
                    "frozen": "2026-01-01T00:00:00.000Z",
                    "thawing": "2026-01-01T00:00:02.000Z",
                },
                {
                    "guest": "b",
                    "held": 1.5,
                    "frozen": "2026-01-01T00:00:00.250Z",
                    "thawing": "2026-01-01T00:00:01.750Z",
                },
                {"guest": "c", "filesystems": 0},
            ],
        }
        holding = self.hold()
        self.assertEqual(self.asked, [("POST", "freezes")])
        self.working.callback(7)
        held = Held(7, {"a": 2.0, "b": 1.5}, 0.25, 1.5)
        self.assertEqual(self.successResultOf(holding), held)
        self.assertEqual(self.asked, [("POST", "freezes"), ("DELETE", "freezes", "6f")])

    def test_refused(self) -> None:
        """
        Where they are not frozen nothing is done, and there is nothing to thaw.
        """
        self.control.answers[BEGIN] = Complaint("not-all-frozen", "b is not there", Exit.NOT_HELD)
        self.failureResultOf(self.hold(), Complaint)
        self.assertEqual((self.worked, len(self.asked)), (0, 1))

    def test_lapsed(self) -> None:
        """
        That they did not hold still until the work was done is told in the mux's words.
        """
        self.control.answers[END] = Complaint("did-not-hold", "a did not", Exit.NOT_HELD)
        holding = self.hold()
        self.working.callback(0)
        self.assertEqual(self.failureResultOf(holding, Complaint).value.words, "a did not")

    def test_time_over(self) -> None:
        """
        Work that is not done when the time is over is ended: it is worth nothing.
        """
        holding = self.hold()
        self.clock.advance(60)
        self.assertEqual(self.given_up, [self.working])
        self.assertEqual(self.failureResultOf(holding, Complaint).value.exit, Exit.NOT_HELD)
        self.assertEqual(self.asked[-1], ("DELETE", "freezes", "6f"))

    def test_given_up(self) -> None:
        """
        Whatever becomes of the work, they are thawed.
        """
        holding = self.hold()
        holding.cancel()
        self.failureResultOf(holding, CancelledError)
        self.assertEqual(self.given_up, [self.working])
        self.assertEqual(self.asked[-1], ("DELETE", "freezes", "6f"))
