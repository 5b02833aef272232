"""Which PCI device a disk hangs on."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._pci import Controller, controller

ROOT = "/sys/devices/pci0000:00"


class ControllerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def found(self, path: str) -> Controller | None:
        return controller(self.machine.tree, path)

    def test_address(self) -> None:
        """
        The parts of an address are hexadecimal numbers.
        """
        path = "/sys/devices/pciabcde:1f/abcde:1f:1e.7"
        self.machine.driver(path, "nvme")
        address = {"domain": 0xABCDE, "bus": 0x1F, "slot": 0x1E, "function": 7}
        self.assertEqual(self.found(f"{path}/nvme/nvme0/nvme0n1"), Controller("nvme", address))

    def test_behind_bridges(self) -> None:
        """
        Bridges are passed over: the controller's own address counts.
        """
        bridges = f"{ROOT}/0000:00:01.0/0000:01:02.0"
        path = f"{bridges}/0000:02:03.0"
        self.machine.driver(f"{ROOT}/0000:00:01.0", "pcieport")  # the next has no driver at all
        self.machine.driver(path, "ahci")
        address = {"domain": 0, "bus": 2, "slot": 3, "function": 0}
        self.assertEqual(self.found(f"{path}/ata1/x"), Controller("ahci", address))

    def test_first(self) -> None:
        """
        Of two controllers the first one counts.
        """
        self.machine.driver(f"{ROOT}/0000:00:01.0", "virtio-pci")
        self.machine.driver(f"{ROOT}/0000:00:01.0/0000:01:00.0", "nvme")
        found = self.found(f"{ROOT}/0000:00:01.0/0000:01:00.0/x")
        assert found is not None
        self.assertEqual(found.driver, "virtio-pci")

    def test_none(self) -> None:
        """
        Without a controller of disks there is none.
        """
        self.machine.driver(f"{ROOT}/0000:00:01.0", "e1000e")
        self.machine.driver(f"{ROOT}/x/0000:00:01.0", "nvme")  # not directly below the root
        self.machine.file(f"{ROOT}/0000:00:02.0/driver", "no link")
        for path in (
            f"{ROOT}/0000:00:01.0/x",
            f"{ROOT}/x/0000:00:01.0/y",
            f"{ROOT}/0000:00:02.0/x",
            f"{ROOT}/0000:00:03.0/x",
            "/sys/devices/virtual/block/loop0",
            "",
        ):
            self.assertIsNone(self.found(path), path)
