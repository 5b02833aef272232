"""What udev knows about a device."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._udev import Device, device

PATH = "/sys/devices/x/block/sda"


class DeviceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def found(self) -> Device:
        return device(self.machine.tree, PATH)

    def test_known(self) -> None:
        """
        The kernel names the node, udev's own file the rest; values may hold equals signs.
        """
        self.machine.device(PATH, "8:0", known={"ID_SERIAL": "a=b", "DM_NAME": ""})
        found = self.found()
        self.assertEqual(found.node, "/dev/sda")
        self.assertEqual(found.properties["ID_SERIAL"], "a=b")
        self.assertEqual(found.properties["DM_NAME"], "")
        self.assertNotIn("G", "".join(found.properties))

    def test_in_a_folder(self) -> None:
        """
        A node may lie in a folder of /dev, and be named by its whole path.
        """
        for name in ("cciss/c0d0", "/dev/cciss/c0d0"):
            self.machine.file(f"{PATH}/uevent", f"DEVNAME={name}\n")
            self.assertEqual(self.found().node, "/dev/cciss/c0d0")

    def test_without_udev(self) -> None:
        """
        Without udev's file, as in a container, the kernel's words are left.
        """
        self.machine.device(PATH, "8:0")
        self.assertEqual(self.found().node, "/dev/sda")
        self.assertNotIn("ID_SERIAL", self.found().properties)

    def test_another_number(self) -> None:
        """
        What udev knows about another device does not count.
        """
        self.machine.device(PATH, "8:0").file("/run/udev/data/b8:1", "E:ID_SERIAL=other\n")
        self.machine.file("/run/udev/data/c8:0", "E:ID_SERIAL=tape\n")
        self.assertNotIn("ID_SERIAL", self.found().properties)

    def test_without_node(self) -> None:
        """
        A device may have no node, and be no device at all.
        """
        self.assertEqual(self.found(), Device())
        self.machine.file(f"{PATH}/uevent", "DEVTYPE=disk\nnonsense\n")
        self.assertEqual(self.found(), Device(None, {"DEVTYPE": "disk"}))
