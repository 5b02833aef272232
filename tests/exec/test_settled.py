"""What a command has brought that cannot be asked twice."""

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from tests.exec._case import ExecCase
from txqga.errors import CommandFailed, OutcomeUnknown
from txqga.exec._patient import Patient
from txqga.exec._settled import settled
from txqga.testing import MemoryGuest


class SettledTests(ExecCase):
    def setUp(self) -> None:
        self.guest = MemoryGuest()
        self.clock = Clock()
        self.patient = Patient(self.clock, self.guest)
        self.answer: Deferred[object] = Deferred()
        self.guest.answer("acme", self.answer)
        self.asked = self.coming(settled(self.patient, "acme", {}, 20.0))
        self.later(7.0)
        self.assertNoResult(self.asked)

    def test_late(self) -> None:
        """
        A reply that comes late is as good as any.
        """
        self.answer.callback(7)
        self.guest.advance()
        self.assertEqual(self.successResultOf(self.asked), 7)

    def test_refused_late(self) -> None:
        """
        A refusal, too.
        """
        self.answer.callback(CommandFailed("busy"))
        self.guest.advance()
        self.assertEqual(self.failureResultOf(self.asked, CommandFailed).value.desc, "busy")

    def test_never(self) -> None:
        """
        A reply that never comes is waited for as long as was said.
        """
        self.later(30.0)
        self.failureResultOf(self.asked, OutcomeUnknown)
