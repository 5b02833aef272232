"""That a disk is nearly full, and that it is so no more."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.monitor.alerts._told import Told
from txqga.monitor._draft import Draft
from txqga.monitor.alerts._disks import Disks
from txqga.monitor.collectors._storage import filesystems

ROOT = {"device": "vda1", "mountpoint": "/", "type": "ext4"}

CLEARED = {"alert": "cleared", **ROOT, "reason": "the guest tells of it no more"}


def disk(used: int, mountpoint: str = "/", kind: str = "ext4", total: int = 1000) -> dict[str, Any]:
    """What an agent says of a filesystem."""
    return {
        "name": "vda1",
        "mountpoint": mountpoint,
        "type": kind,
        "used-bytes": used,
        "total-bytes": total,
        "total-bytes-privileged": 2 * total,
    }


class DisksTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.told = Told()
        self.limit = 90.0
        self.disks = Disks(lambda: self.limit, self.told)

    def read(self, *said: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        draft = Draft()
        filesystems(list(said), draft)
        self.disks.read(draft.samples)
        return self.told.take()

    def test_full(self) -> None:
        """
        A disk is nearly full once, as ``df`` counts, and no more once it is well below.
        """
        self.assertEqual(self.read(disk(899)), [])
        words = {"alert": "raised", **ROOT, "limit": 90.0, "used": 90.0, "available": 100}
        self.assertEqual(self.read(disk(900)), [("disk-nearly-full", words)])
        for used in (950, 899, 880, 901):
            self.assertEqual(self.read(disk(used)), [])
        words = {"alert": "cleared", **ROOT, "used": 87.9, "available": 121}
        self.assertEqual(self.read(disk(879)), [("disk-nearly-full", words)])
        self.assertEqual(self.read(disk(889)), [])
        self.assertEqual(len(self.read(disk(1000))), 1)

    def test_each(self) -> None:
        """
        Each disk is told by itself; what is full by nature is not told, nor what makes no sense.
        """
        told = self.read(
            disk(950),
            disk(950, "/srv"),
            disk(10, "/tmp"),
            disk(1000, "/snap/core", "squashfs"),
            disk(1000, "D:\\", "CDFS"),
            disk(0, "/empty", total=0),
            disk(-5, "/odd", total=-5),
        )
        self.assertEqual([data["mountpoint"] for _, data in told], ["/", "/srv"])

    def test_unmounted(self) -> None:
        """
        A disk that was taken out is full no more; where nothing is told, nothing is known.
        """
        self.read(disk(950), disk(950, "/srv"))
        self.assertEqual(self.read(), [])
        ((_, data),) = self.read(disk(950))
        self.assertEqual((data["alert"], data["mountpoint"]), ("cleared", "/srv"))
        self.assertNotIn("used", data)

    def test_beyond_integers(self) -> None:
        """
        A size that cannot be is not told: it would be no JSON, and a share of nothing.
        """
        whole = 2**64 - 1
        self.assertEqual(len(self.read(disk(950))), 1)
        told = self.read(disk(0, total=whole), disk(10, "/srv"))
        self.assertEqual(told, [("disk-nearly-full", CLEARED)])
        self.assertEqual(self.read({**disk(0, total=0), "used-bytes": 1e308}), [])

    def test_limit_changes(self) -> None:
        """
        A limit that is changed holds from the next reading on.
        """
        self.read(disk(920))
        self.limit = 95.0
        self.assertEqual([data["alert"] for _, data in self.read(disk(920))], ["cleared"])
        self.limit = 80.0
        self.assertEqual([data["alert"] for _, data in self.read(disk(920))], ["raised"])

    def test_too_much(self) -> None:
        """
        What could not be told because too much was told of the guest is told later.
        """
        self.told.allows = False
        self.assertEqual(self.read(disk(950)), [])
        self.told.allows = True
        self.assertEqual(len(self.read(disk(950))), 1)
        self.told.allows = False
        self.assertEqual(self.read(disk(10)), [])
        self.told.allows = True
        self.assertEqual([data["alert"] for _, data in self.read(disk(10))], ["cleared"])

    def test_hostile(self) -> None:
        """
        Names are cut and cleaned, and there is an end to how many disks a guest has.
        """
        told = self.read(*(disk(999, f"\x1b[2J{number}" + "x" * 4000) for number in range(500)))
        self.assertEqual(len(told), 64)
        for _, data in told:
            self.assertTrue(data["mountpoint"].isprintable())
            self.assertLessEqual(len(data["mountpoint"]), 128)
