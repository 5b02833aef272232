"""Tests of a program that starts something in a guest, with an agent that does as it is told."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import OutcomeUnknown
from txqga.session import Session
from txqga.testing import ScriptedAgent


def start(guest, path):
    """What is tested: start a program in a guest; fires with its pid."""
    return guest.call("guest-exec", {"path": path}).addCallback(lambda reply: reply["pid"])


class StartTests(SynchronousTestCase):
    def setUp(self):
        self.clock = Clock()
        self.agent = ScriptedAgent()
        self.agent.answer("guest-exec", {"pid": 4711})
        self.guest = Session(self.clock, self.agent)
        self.guest.start()
        self.agent.flush()  # nothing moves by itself

    def test_pid(self):
        """
        Starting a program tells its pid.
        """
        started = start(self.guest, "/usr/bin/backup")
        self.agent.flush()
        self.assertEqual(self.successResultOf(started), 4711)

    def test_no_answer(self):
        """
        When the guest hangs, nobody knows whether the program was started.
        """
        self.agent.hangs = True
        started = start(self.guest, "/usr/bin/backup")
        self.agent.flush()
        self.clock.advance(5.0)
        self.failureResultOf(started, OutcomeUnknown)
