"""What goes wrong, as HTTP says it."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import Outcome
from txqga.control._problem import CODES, LONGEST, Problem, failures_of, problem_of
from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    GroupFailed,
    InvalidArguments,
    LeaseNotWritten,
    OutcomeUnknown,
)


class ProblemTests(SynchronousTestCase):
    def test_of(self) -> None:
        """
        Each way in which a call ends has a code and a status of its own.
        """
        for why, code, status in (
            (CommandFailed("no"), "command-failed", 409),
            (CommandNotFound("none"), "no-such-command", 404),
            (InvalidArguments("wrong"), "invalid-arguments", 422),
            (AgentUnavailable("absent", "no socket"), "agent-unavailable", 409),
            (AgentUnavailable("busy", "64 are waiting"), "busy", 429),
            (LeaseNotWritten("ready", "the disk is full"), "lease-not-written", 409),
            (OutcomeUnknown("guest-exec", "once", "silence", Outcome()), "outcome-unknown", 409),
            (Problem("forbidden", "no"), "forbidden", 403),
        ):
            problem = problem_of(why)
            assert problem is not None
            self.assertEqual((problem.code, problem.status), (code, status))

    def test_mistake(self) -> None:
        """
        Anything else is a mistake of ours.
        """
        self.assertIsNone(problem_of(KeyError("x")))
        self.assertIsNone(problem_of(None))

    def test_not_to_be_repeated(self) -> None:
        """
        Nothing that a guest does has a status for which a proxy repeats the request.
        """
        repeated = {code for code, (status, _) in CODES.items() if status >= 500}
        self.assertEqual(repeated, {"internal-error", "not-ready"})

    def test_document(self) -> None:
        """
        It is told as RFC 9457 has it, with what more there is to say.
        """
        problem = Problem("busy", "64 are waiting", {"state": "busy"})
        self.assertEqual(
            problem.document(),
            {
                "type": "about:blank",
                "title": CODES["busy"][1],
                "status": 429,
                "code": "busy",
                "detail": "64 are waiting",
                "state": "busy",
            },
        )
        self.assertEqual(str(problem), "busy: 64 are waiting")

    def test_long(self) -> None:
        """
        What is kept of a group's guests is cut, whatever they say.
        """
        told: Any = failures_of(GroupFailed({"db1": CommandFailed("x" * 9_000_000)}))
        detail = told["db1"]["detail"]
        self.assertEqual((len(detail), detail[-6:]), (LONGEST, "xx ..."))
        told = failures_of(GroupFailed({"db1": CommandFailed("x" * LONGEST)}))
        self.assertEqual(told["db1"]["detail"], "x" * LONGEST)
