"""The guest as a whole."""

from tests.monitor.collectors._case import ODD_TEXTS, CollectorCase
from txqga.monitor.collectors._system import agent, boot_id, clock, system, uptime, users


class SystemTests(CollectorCase):
    def test_users(self) -> None:
        """
        Nobody is a number, too.
        """
        self.assertEqual(self.read(users, []), {"qga_guest_users": 0})
        said = [{"user": "root", "login-time": 1.5}, {"user": "ann", "login-time": 2.5}]
        self.assertEqual(self.read(users, said), {"qga_guest_users": 2})
        self.assertEqual(self.read(users, None), {})

    def test_clock(self) -> None:
        """
        Half of the round trip is taken off, and is how far it may be off.
        """
        told = self.read(clock, 1_000_000_005_000_000_000, 1_000_000_000.0, 1_000_000_002.0)
        self.assertEqual(
            told,
            {"qga_guest_clock_offset_seconds": 4.0, "qga_guest_clock_offset_error_seconds": 1.0},
        )

    def test_system(self) -> None:
        """
        What the guest says of its system is told in labels.
        """
        said = {"id": "debian", "version-id": "12", "kernel-release": "6.1.0", "name": "Debian"}
        self.assertEqual(self.read(system, said), {"qga_guest_os_info debian 12 6.1.0": 1})
        self.assertEqual(self.read(agent, {"version": "7.2.0"}), {"qga_agent_info 7.2.0": 1})

    def test_start(self) -> None:
        """
        When the guest was started, and which start it is.
        """
        self.assertEqual(
            self.read(uptime, "100.50 200.00\n", 1000.0), {"qga_guest_boot_time_seconds": 899.5}
        )
        self.assertEqual(self.read(boot_id, "6ef0-1\n"), {"qga_guest_boot_info 6ef0-1": 1})

    def test_odd(self) -> None:
        """
        Whatever a guest says, nothing is made of it.
        """
        self.bears(users)
        self.bears(clock, 1.0, 2.0, odd=[None, "x", True, 1.5, []])
        self.bears(system)
        self.bears(agent)
        self.bears(uptime, 1000.0, odd=[*ODD_TEXTS, "-5 1", "1e300 1", "nan 1"])
        self.bears(boot_id, odd=["", "\n"])
