"""Where a disk is attached."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._attached import ATTACHED, NOWHERE, pci
from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._hardware import hardware
from txqga.errors import CommandFailed


class HardwareTests(SynchronousTestCase):
    def test_every_way(self) -> None:
        """
        However a disk is attached, its path tells where, as far as the bus is known.
        """
        machine = Machine(self.mktemp())
        for number, disk in enumerate(ATTACHED):
            disk.attach(machine, f"8:{number}")
        for disk in ATTACHED:
            found = hardware(machine.tree, disk.path)
            self.assertEqual(found.members, disk.address, disk.what)
            self.assertEqual(found.known, disk.known, disk.what)

    def test_many_ports(self) -> None:
        """
        Of a controller's ports the first eight that are listed count, as in qemu-ga.
        """
        machine = Machine(self.mktemp())
        controller = "/sys/devices/pci0000:00/0000:00:1f.2"
        machine.driver(controller, "ahci")
        for port in range(1, 21):
            machine.folder(f"{controller}/ata{port}")
        listed = [name for name in machine.tree.names(controller) if name.startswith("ata")]
        counted = sorted(int(name[3:]) for name in listed[:8])
        for port in range(1, 21):
            path = f"{controller}/ata{port}/host{port}/target{port}:0:0/{port}:0:0:0/block/sda"
            found = hardware(machine.tree, path)
            if port in counted:
                place = {"bus-type": "sata", "unit": counted.index(port)}
                self.assertEqual(found.members, {**pci(0, 31, 2), **place})
            else:
                self.assertEqual((found.known, found.members), (False, pci(0, 31, 2)))

    def test_no_folder(self) -> None:
        """
        A disk that is taken away while it is looked at is an error.
        """
        machine = Machine(self.mktemp())
        controller = "/sys/devices/pci0000:00/0000:00:01.1"
        machine.driver(controller, "ata_piix")
        path = f"{controller}/gone/ata2/host1/target1:0:1/1:0:1:0/block/sda"
        failed = self.assertRaises(CommandFailed, hardware, machine.tree, path)
        self.assertEqual(failed.desc, f'opendir("{controller}/gone"): No such file or directory')

    def test_nothing(self) -> None:
        """
        A path that is no path of a disk tells nothing.
        """
        machine = Machine(self.mktemp())
        for path in ("", "/sys/devices/virtio", "/sys/devices/css", "/sys/devices/pci"):
            found = hardware(machine.tree, path)
            self.assertEqual((found.known, found.members), (False, {}), path)
        self.assertEqual(set(NOWHERE.values()), {-1})
