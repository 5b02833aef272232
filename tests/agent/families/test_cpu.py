"""guest-get-vcpus and guest-get-cpustats."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._cpu import Cpu


class CpuTests(AskingTests):
    def test_processors(self) -> None:
        """
        The processors are those of the platform, and so is what they did.
        """
        family = Cpu(self.platform)
        self.assertEqual(self.ask(family, "guest-get-vcpus"), self.platform.cpus())
        self.assertEqual(self.ask(family, "guest-get-cpustats"), self.platform.cpu_times())
