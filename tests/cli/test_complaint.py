"""What went wrong, as an exit status."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga import errors
from txqga.cli._complaint import Complaint, complaint_of, of_problem
from txqga.cli._exits import Exit
from txqga.guest._never import Never


class ComplaintTests(SynchronousTestCase):
    def of(self, why: Exception) -> tuple[str, Exit]:
        complaint = complaint_of(why)
        assert complaint is not None
        return complaint.code, complaint.exit

    def test_causes(self) -> None:
        """
        Each cause that a script would treat differently has an exit status of its own.
        """
        for why, code, status in (
            (errors.CommandFailed("no"), "command-failed", Exit.REFUSED),
            (errors.CommandNotFound("no", "guest-x"), "no-such-command", Exit.REFUSED),
            (errors.CommandNotAllowed("no"), "forbidden", Exit.FORBIDDEN),
            (errors.ArgumentsNotAllowed("no"), "forbidden", Exit.FORBIDDEN),
            (errors.InvalidArguments("no"), "invalid-arguments", Exit.USAGE),
            (errors.GuestIsFrozen("no"), "guest-is-frozen", Exit.REFUSED),
            (errors.DidNotHold("no"), "did-not-hold", Exit.NOT_HELD),
            (errors.AgentUnavailable("absent", "off"), "agent-unavailable", Exit.UNAVAILABLE),
            (
                errors.AgentUnavailable("absent", "permission denied: no"),
                "forbidden",
                Exit.FORBIDDEN,
            ),
            (
                errors.OutcomeUnknown("guest-exec", "once", "silent", Never()),
                "outcome-unknown",
                Exit.UNKNOWN,
            ),
            (errors.ProgramLost("7", "gone"), "outcome-unknown", Exit.UNKNOWN),
            (errors.GroupFailed({"db1": ValueError("x")}), "did-not-hold", Exit.NOT_HELD),
            (errors.CopyDiffers("/a", "program"), "copy-differs", Exit.DIFFERS),
            (errors.Misfit("GuestInfo.version", "is no str"), "misfit", Exit.REFUSED),
            (errors.TooLarge("/a", 7), "failed", Exit.REFUSED),
            (FileNotFoundError(2, "no such file", "/x"), "host", Exit.REFUSED),
            (Complaint("usage", "x", Exit.USAGE), "usage", Exit.USAGE),
        ):
            self.assertEqual(self.of(why), (code, status), why)

    def test_mistake(self) -> None:
        """
        A mistake of ours is none of these.
        """
        self.assertIs(complaint_of(ZeroDivisionError()), None)

    def test_document(self) -> None:
        """
        Programs are told the code, the words and the exit status.
        """
        complaint: Any = complaint_of(errors.CommandNotFound("is disabled", "guest-exec"))
        self.assertEqual(
            complaint.document(),
            {
                "error": {
                    "code": "no-such-command",
                    "message": "guest-exec: is disabled",
                    "exit": 1,
                    "class": "CommandNotFound",
                    "command": "guest-exec",
                }
            },
        )

    def test_ours(self) -> None:
        """
        Where a command of ours is missing it is told which agent has it.
        """
        found = complaint_of(errors.CommandNotFound("it has not been found", "txqga-exec-list"))
        assert found is not None
        self.assertIn(
            "it has not been found: only txqga-agent has it", found.document()["error"]["message"]
        )

    def test_host(self) -> None:
        """
        What went wrong with a file of the host names the file.
        """
        complaint: Any = complaint_of(FileNotFoundError(2, "no such file", "/x"))
        self.assertEqual(str(complaint), "/x: no such file")

    def test_problems(self) -> None:
        """
        What the mux says over HTTP ends as the same thing said by the library does.
        """
        for code, status in (
            ("forbidden", Exit.FORBIDDEN),
            ("no-such-guest", Exit.UNAVAILABLE),
            ("outcome-unknown", Exit.UNKNOWN),
            ("command-failed", Exit.REFUSED),
        ):
            complaint = of_problem({"code": code, "detail": "words", "state": "absent"})
            self.assertEqual((complaint.code, complaint.exit), (code, status))
            self.assertEqual(complaint.more, {"state": "absent"})
        self.assertEqual(of_problem([7]).code, "bad-answer")
