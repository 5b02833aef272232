"""The tree of errors."""

import copy
import re

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer

from txqga import errors
from txqga.interfaces import IOutcome


@implementer(IOutcome)
class Never:
    def settled(self) -> Deferred[object]:
        return Deferred()


EXAMPLES: list[tuple[errors.TxqgaError, str]] = [
    (
        errors.MalformedJSON("JSON parse error, expecting value"),
        "JSON parse error, expecting value",
    ),
    (errors.LimitExceeded("too deep"), "too deep"),
    (errors.FrameTooLong("too long"), "too long"),
    (errors.SchemaError("guest.json:17", "no such type"), "guest.json:17: no such type"),
    (errors.GroupFailed({"db1": errors.CommandFailed("busy")}), "db1: busy"),
    (errors.HookFailed("/bin/quiet freeze", "exit status 1"), "/bin/quiet freeze: exit status 1"),
    (errors.CannotStart("the folder is not ours"), "the folder is not ours"),
    (errors.CommandFailed("busy"), "busy"),
    (errors.CommandFailed("busy", "guest-exec"), "guest-exec: busy"),
    (errors.CommandNotFound("gone", "guest-x"), "guest-x: gone"),
    (errors.FencedOff("not-after has passed"), "not-after has passed"),
    (errors.InvalidArguments("Parameter 'path' is missing"), "Parameter 'path' is missing"),
    (errors.AgentUnavailable("syncing", "wait"), "the agent is syncing: wait"),
    (errors.LeaseNotWritten("ready", "the disk is full"), "the disk is full"),
    (
        errors.OutcomeUnknown("guest-exec", "once", "no reply in 5 s", Never()),
        "outcome unknown: guest-exec: no reply in 5 s",
    ),
    (
        errors.CopyDiffers("/srv/a", "program"),
        "the copy of /srv/a is not what the file is (program)",
    ),
    (
        errors.TooLarge("/srv/a", 7),
        "/srv/a: there is more than 7, which is all that may be taken",
    ),
    (errors.ProgramLost("4711", "gone"), "nobody knows what became of program 4711: gone"),
    (
        errors.NotKilled("4711", "it does not end"),
        "program 4711 was to be killed, and may run still: it does not end",
    ),
]


class ErrorsTests(SynchronousTestCase):
    def test_tree(self) -> None:
        """
        The tree drawn on top of the module is the one that ``except`` sees.
        """
        drawn: list[tuple[int, str]] = []
        for line in (errors.__doc__ or "").splitlines():
            if found := re.match(r"    ((?:[|] {3}| {4})*(?:[+]-- )?)([A-Z]\w+)", line):
                drawn.append((len(found[1]) // 4, found[2]))
        self.assertEqual(drawn, self.tree(errors.TxqgaError, 0))

    def tree(self, root: type, depth: int) -> list[tuple[int, str]]:
        lines = [(depth, root.__name__)]
        for kind in vars(errors).values():
            if isinstance(kind, type) and root in kind.__bases__:
                lines += self.tree(kind, depth + 1)
        return lines

    def test_words(self) -> None:
        """
        An error tells a person what happened, and to which command.
        """
        for error, words in EXAMPLES:
            self.assertEqual(str(error), words)

    def test_wire_class(self) -> None:
        """
        A refusal goes back to the wire with the class it came with; there are only two.
        """
        self.assertEqual(errors.CommandFailed("x").wire_class, "GenericError")
        self.assertEqual(errors.CommandNotFound("x").wire_class, "CommandNotFound")
        self.assertEqual(errors.InvalidArguments("x").wire_class, "GenericError")

    def test_can_be_copied(self) -> None:
        """
        An error that several waiting callers get can be copied, words and all.
        """
        for error, words in EXAMPLES:
            twin = copy.copy(error)
            self.assertIsNot(twin, error)
            self.assertEqual(str(twin), words)
