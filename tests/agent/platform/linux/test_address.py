"""Where a disk is, from hardware and udev."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._attached import ATTACHED
from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._address import disk_address

UNKNOWN = "/sys/devices/platform/x/block/mmcblk0"


class DiskAddressTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def test_every_way(self) -> None:
        """
        However a disk is attached, its address has every member, and its device node.
        """
        for number, disk in enumerate(ATTACHED):
            disk.attach(self.machine, f"8:{number}")
        for disk in ATTACHED:
            self.assertEqual(
                disk_address(self.machine.tree, disk.path),
                {**disk.members(), "dev": f"/dev/{disk.name}"},
                disk.what,
            )

    def test_serial(self) -> None:
        """
        A serial number is told if there is one.
        """
        self.machine.device(UNKNOWN, "179:0", known={"ID_SERIAL": "0x1234"})
        self.machine.device(f"{UNKNOWN}/mmcblk0p1", "179:1", known={"ID_SERIAL": ""})
        with_serial = disk_address(self.machine.tree, UNKNOWN)
        without = disk_address(self.machine.tree, f"{UNKNOWN}/mmcblk0p1")
        assert with_serial is not None
        assert without is not None
        self.assertEqual(with_serial["serial"], "0x1234")
        self.assertNotIn("serial", without)

    def test_nothing_known(self) -> None:
        """
        A disk on an unknown bus that has no node is not told of at all.
        """
        self.assertIsNone(disk_address(self.machine.tree, UNKNOWN))
        self.machine.file("/run/udev/data/b0:0", "E:ID_SERIAL=none\n")
        self.assertIsNone(disk_address(self.machine.tree, UNKNOWN))

    def test_hardware_only(self) -> None:
        """
        A disk on a known bus is told of even if udev does not know it.
        """
        for disk in ATTACHED:
            disk.attach(self.machine, f"8:{ATTACHED.index(disk)}")
            self.machine.at(f"{disk.path}/uevent").unlink()
            expected = disk.members() if disk.known else None
            self.assertEqual(disk_address(self.machine.tree, disk.path), expected, disk.what)
