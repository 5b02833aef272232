"""A program that was started, as each kind of agent lets it be followed."""

from tests.exec._case import ExecCase
from txqga.exec import Way
from txqga.exec._job import Job
from txqga.exec._patient import Patient
from txqga.exec._start import attach
from txqga.exec._traits import read_traits


class JobTests(ExecCase):
    def found(self, name: str) -> Job:
        async def steps() -> Job:
            patient = Patient(self.clock, self.guest)
            return await attach(patient, await read_traits(self.guest), name)

        return self.successResultOf(self.coming(steps()))  # type: ignore[no-any-return]

    def test_kinds(self) -> None:
        """
        Whatever the agent is, a program is one that can be followed in the same way.
        """
        self.stock()
        job = self.found("100")
        self.assertEqual((job.pid, job.way, job.has_clock), (100, Way.WHOLE, False))
        self.streamed()
        self.successResultOf(self.exec.start("true", detached=True)).let_go()
        job = self.found("job100")
        self.assertEqual((job.pid, job.way, job.has_clock), (100, Way.STREAMED, True))

    def test_detached(self) -> None:
        """
        What is meant to outlive us says so from the beginning, or when it is let go; where nobody
        would kill it there is nothing to be said.
        """
        self.streamed()
        self.successResultOf(self.exec.start("true", detached=True)).let_go()
        self.assertIs(self.guest.job.arguments["detached"], True)
        self.assertFalse(self.guest.job.detached)
        self.successResultOf(self.exec.start("true")).let_go()
        self.assertNotIn("detached", self.guest.job.arguments)
        self.assertTrue(self.guest.job.detached)
        self.stock()
        asked = len(self.guest.started)
        self.successResultOf(self.exec.start("true", way=Way.WHOLE)).let_go()
        self.assertEqual(len(self.guest.started), asked + 1)
