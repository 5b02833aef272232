"""guest-get-vcpus, guest-set-vcpus and guest-get-cpustats."""

from typing import Any

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


class SetTests(AskingTests):
    def setUp(self) -> None:
        super().setUp()
        self.blocking = True

    def cpu(self, number: int, *, online: bool, **more: Any) -> dict[str, Any]:
        return {"logical-id": number, "online": online, **more}

    def test_in_order(self) -> None:
        """
        Processors are switched in the order of the list, and counted; whether they are said to be
        able to does not matter.
        """
        cpus = [
            self.cpu(1, online=False),
            self.cpu(1, online=True, **{"can-offline": False}),
            self.cpu(1, online=True),
        ]
        self.assertEqual(self.ask(Cpu(self.platform), "guest-set-vcpus", vcpus=cpus), 3)
        told = [("set_cpu", 1, False), ("set_cpu", 1, True), ("set_cpu", 1, True)]
        self.assertEqual(self.platform.done, told)

    def test_none(self) -> None:
        """
        Of nothing all is done.
        """
        self.assertEqual(self.ask(Cpu(self.platform), "guest-set-vcpus", vcpus=[]), 0)

    def test_first_fails(self) -> None:
        """
        If the first cannot be switched it is said why.
        """
        cpus = [self.cpu(7, online=False), self.cpu(1, online=False)]
        refusal = self.refusal(Cpu(self.platform), "guest-set-vcpus", vcpus=cpus)
        self.assertEqual(refusal, "no logical processor #7")
        self.assertEqual(len(self.platform.done), 1)

    def test_later_fails(self) -> None:
        """
        If a later one cannot, those before it are counted, and none after it is switched.
        """
        cpus = [self.cpu(1, online=False), self.cpu(7, online=False), self.cpu(1, online=True)]
        self.assertEqual(self.ask(Cpu(self.platform), "guest-set-vcpus", vcpus=cpus), 1)
        self.assertEqual(len(self.platform.done), 2)
