"""
Disks attached in every way, and where they are then said to be. Facts 8.2.

What is expected is what ``qemu-ga`` 10.0 says: ``tests/functional/test_behaviour_disks.py`` asks
it, too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from tests.agent.platform.linux._machine import Machine

_ROOT = "/sys/devices/pci0000:00"
NOWHERE = {"domain": -1, "bus": -1, "slot": -1, "function": -1}


def pci(bus: int, slot: int, function: int, domain: int = 0) -> dict[str, Any]:
    """The member of an address that names a PCI device."""
    address = {"domain": domain, "bus": bus, "slot": slot, "function": function}
    return {"pci-controller": address}


@frozen(kw_only=True)
class Attached:
    """A disk somewhere."""

    what: str
    path: str  #: in /sys
    drivers: Mapping[str, str] = field(factory=dict)  #: by the path of the device
    beside: Sequence[str] = ()  #: further folders that must be there
    known: bool = True  #: whether the path alone is worth telling
    address: Mapping[str, Any] = field(factory=dict)  #: members that the path tells
    v7_2: Mapping[str, Any] | None = None  #: the same, where QEMU 7.2 differs

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def members(self, *, v7_2: bool = False) -> dict[str, Any]:
        """The whole address, but for what udev knows."""
        unknown = {"pci-controller": NOWHERE, "bus-type": "unknown"}
        told = self.v7_2 if v7_2 and self.v7_2 is not None else self.address
        return {**unknown, "bus": 0, "target": 0, "unit": 0, **told}

    def attach(self, machine: Machine, number: str) -> None:
        """Attach it."""
        machine.disk(self.path, number)
        for path, driver in self.drivers.items():
            machine.driver(path, driver)
        for path in self.beside:
            machine.folder(path)


ATTACHED = (
    Attached(
        what="IDE: the bus is the place of its port, the unit that of the disk",
        path=f"{_ROOT}/0000:00:01.1/ata2/host1/target1:0:1/1:0:1:0/block/sda",
        drivers={f"{_ROOT}/0000:00:01.1": "ata_piix"},
        beside=(f"{_ROOT}/0000:00:01.1/ata1", f"{_ROOT}/0000:00:01.1/ata_port"),
        address={**pci(0, 1, 1), "bus-type": "ide", "bus": 1, "unit": 1},
    ),
    Attached(
        what="IDE of an older kernel, where hosts stand for ports; they are in numerical order",
        path=f"{_ROOT}/0000:00:02.1/host9/target9:0:0/9:0:0:0/block/sdb",
        drivers={f"{_ROOT}/0000:00:02.1": "ata_piix"},
        beside=(f"{_ROOT}/0000:00:02.1/host2", f"{_ROOT}/0000:00:02.1/host10"),
        address={**pci(0, 2, 1), "bus-type": "ide", "bus": 1, "unit": 0},
    ),
    Attached(
        what="IDE without a target: the controller is known, and no more",
        path=f"{_ROOT}/0000:00:03.1/ata3/block/sdc",
        drivers={f"{_ROOT}/0000:00:03.1": "ata_piix"},
        known=False,
        address=pci(0, 3, 1),
    ),
    Attached(
        what="SATA: the unit is the place of its port",
        path=f"{_ROOT}/0000:00:1f.2/ata5/host4/target4:0:0/4:0:0:0/block/sdd",
        drivers={f"{_ROOT}/0000:00:1f.2": "ahci"},
        beside=[f"{_ROOT}/0000:00:1f.2/ata{port}" for port in (3, 4, 6, 7, 8)],
        address={**pci(0, 31, 2), "bus-type": "sata", "unit": 2},
    ),
    Attached(
        what="SATA without a port",
        path=f"{_ROOT}/0000:00:1e.2/target4:0:0/4:0:0:0/block/sde",
        drivers={f"{_ROOT}/0000:00:1e.2": "ahci"},
        known=False,
        address=pci(0, 30, 2),
    ),
    Attached(
        what="SCSI",
        path=f"{_ROOT}/0000:00:04.0/host5/target5:1:4/5:2:4:6/block/sdf",
        drivers={f"{_ROOT}/0000:00:04.0": "sym53c8xx"},
        address={**pci(0, 4, 0), "bus-type": "scsi", "unit": 4},
    ),
    Attached(
        what="SCSI without a target",
        path=f"{_ROOT}/0000:00:05.0/host6/block/sdg",
        drivers={f"{_ROOT}/0000:00:05.0": "sym53c8xx"},
        known=False,
        address=pci(0, 5, 0),
    ),
    Attached(
        what="virtio-scsi behind a bridge: the address is its own, the unit the LUN",
        path=f"{_ROOT}/0000:00:06.0/0000:01:02.0/virtio3/host7/target7:0:2/7:1:2:3/block/sdh",
        drivers={
            f"{_ROOT}/0000:00:06.0": "pcieport",
            f"{_ROOT}/0000:00:06.0/0000:01:02.0": "virtio-pci",
        },
        address={**pci(1, 2, 0), "bus-type": "scsi", "unit": 3},
    ),
    Attached(
        what="virtio-blk",
        path=f"{_ROOT}/0000:00:07.7/virtio1/block/vda",
        drivers={f"{_ROOT}/0000:00:07.7": "virtio-pci"},
        address={**pci(0, 7, 7), "bus-type": "virtio"},
    ),
    Attached(
        what="NVMe in a domain of its own",
        path="/sys/devices/pci10000:e0/10000:e0:01.a/nvme/nvme0/nvme0n1",
        drivers={"/sys/devices/pci10000:e0/10000:e0:01.a": "nvme"},
        address={**pci(0xE0, 1, 10, 0x10000), "bus-type": "nvme"},
    ),
    Attached(
        what="USB 3",
        path=f"{_ROOT}/0000:00:08.0/usb1/1-1/1-1:1.0/host8/target8:0:0/8:0:0:0/block/sdi",
        drivers={f"{_ROOT}/0000:00:08.0": "xhci_hcd"},
        address={**pci(0, 8, 0), "bus-type": "usb"},
        v7_2={},
    ),
    Attached(
        what="USB 2",
        path=f"{_ROOT}/0000:00:08.1/usb2/2-1/2-1:1.0/host9/target9:0:0/9:0:0:0/block/sdj",
        drivers={f"{_ROOT}/0000:00:08.1": "ehci-pci"},
        address={**pci(0, 8, 1), "bus-type": "usb"},
        v7_2={},
    ),
    Attached(
        what="a controller that is none of these",
        path=f"{_ROOT}/0000:00:09.0/host10/target10:0:0/10:0:0:0/block/sdk",
        drivers={f"{_ROOT}/0000:00:09.0": "megaraid_sas"},
        known=False,
    ),
    Attached(
        what="a controller without a driver",
        path=f"{_ROOT}/0000:00:0a.0/virtio9/block/vdi",
        known=False,
    ),
    Attached(
        what="two controllers: the first one counts",
        path=f"{_ROOT}/0000:00:0b.0/0000:02:00.0/block/vdj",
        drivers={
            f"{_ROOT}/0000:00:0b.0": "virtio-pci",
            f"{_ROOT}/0000:00:0b.0/0000:02:00.0": "nvme",
        },
        address={**pci(0, 11, 0), "bus-type": "virtio"},
    ),
    Attached(
        what="a channel subsystem: its numbers are hexadecimal",
        path="/sys/devices/css0/0.0.0ab1/0.0.1f00/block/dasda",
        address={"ccw-address": {"cssid": 0, "ssid": 0, "subchno": 0xAB1, "devno": 0x1F00}},
    ),
    Attached(
        what="virtio-blk on a channel subsystem",
        path="/sys/devices/cssa/1.2.000c/0.1.00fe/virtio2/block/vdb",
        address={
            "ccw-address": {"cssid": 1, "ssid": 2, "subchno": 12, "devno": 0xFE},
            "bus-type": "virtio",
        },
    ),
    Attached(
        what="virtio-scsi on a channel subsystem",
        path="/sys/devices/css0/0.0.000d/0.0.0002/virtio3/host0/target0:0:5/0:1:5:9/block/sdl",
        address={
            "ccw-address": {"cssid": 0, "ssid": 0, "subchno": 13, "devno": 2},
            "bus-type": "scsi",
            "bus": 1,
            "target": 5,
            "unit": 9,
        },
    ),
    Attached(
        what="something else on a channel subsystem",
        path="/sys/devices/css0/defunct/virtio5/block/vdk",
        known=False,
    ),
    Attached(
        what="virtio-blk on a bus of its own",
        path="/sys/devices/platform/a000000.virtio_mmio/virtio4/block/vdc",
        address={"bus-type": "virtio"},
    ),
    Attached(
        what="virtio-scsi on a bus of its own",
        path="/sys/devices/platform/a000200.virtio_mmio/virtio5/host0/target0:0:5/0:1:5:9/block/sdm",
        address={"bus-type": "scsi", "bus": 1, "target": 5, "unit": 9},
    ),
    Attached(
        what="a bus that nobody knows",
        path="/sys/devices/platform/sdhci/mmc_host/mmc0/mmc0:0001/block/mmcblk0",
        known=False,
    ),
)
