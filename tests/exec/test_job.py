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
