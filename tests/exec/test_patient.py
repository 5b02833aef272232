"""A question that is asked again while nobody answers."""

from typing import Any

from twisted.internet.task import Clock

from tests.exec._case import ExecCase
from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotAllowed,
    CommandNotFound,
    OutcomeUnknown,
)
from txqga.exec._patient import AWAY, FROZEN, Patient
from txqga.testing import SILENCE, MemoryGuest


class PatientTests(ExecCase):
    def setUp(self) -> None:
        self.guest = MemoryGuest()
        self.clock = Clock()
        self.patient = Patient(self.clock, self.guest)

    def ask(self) -> Any:
        return self.coming(self.patient.ask("acme", {"a": 1}))

    def test_again(self) -> None:
        """
        What was not answered is asked again.
        """
        self.guest.answer("acme", SILENCE)
        asked = self.ask()
        self.later(4.0)
        self.guest.answer("acme", 7)
        self.later(30.0)
        self.assertEqual(self.successResultOf(asked), 7)
        self.assertEqual(self.guest.executed, ["acme", "acme"])

    def test_silent(self) -> None:
        """
        An agent that never answers is given up.
        """
        self.guest.answer("acme", SILENCE)
        asked = self.ask()
        self.later(2 * AWAY)
        self.failureResultOf(asked, OutcomeUnknown, AgentUnavailable)

    def test_frozen(self) -> None:
        """
        An agent that holds filesystems frozen is waited for, as long as that may last.
        """
        self.guest.answer("acme", 7)
        self.guest.is_frozen = True
        asked = self.ask()
        self.later(FROZEN / 2)
        self.guest.is_frozen = False
        self.later()
        self.assertEqual(self.successResultOf(asked), 7)
        self.guest.is_frozen = True
        asked = self.ask()
        self.later(FROZEN + 10)
        self.failureResultOf(asked, CommandNotFound)

    def test_refused(self) -> None:
        """
        A refusal is an answer; so is what a mux does not allow.
        """
        for why in (CommandFailed("busy"), CommandNotAllowed("the mux says no")):

            async def refused(why: CommandFailed = why) -> None:
                raise why

            asked = self.coming(self.patient.insist(refused))
            self.failureResultOf(asked, type(why))
