"""guest-get-host-name, guest-get-osinfo and guest-get-load."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._host import Host


class HostTests(AskingTests):
    def test_name(self) -> None:
        """
        The name is asked for each time: it may be changed, and may be empty.
        """
        names = ["web1", ""]
        family = Host(self.platform, name=lambda: names.pop(0))
        self.assertEqual(self.ask(family, "guest-get-host-name"), {"host-name": "web1"})
        self.assertEqual(self.ask(family, "guest-get-host-name"), {"host-name": ""})

    def test_system(self) -> None:
        """
        What runs on the guest is what the platform says.
        """
        told = self.ask(Host(self.platform), "guest-get-osinfo")
        self.assertEqual(told, self.platform.os_info())

    def test_load(self) -> None:
        """
        The load is told over three times.
        """
        self.platform.tell(load=(1.5, 1.0, 0.5))
        told = self.ask(Host(self.platform), "guest-get-load")
        self.assertEqual(told, {"load1m": 1.5, "load5m": 1.0, "load15m": 0.5})
