"""What disks did."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._diskstats import disk_activity
from txqga.wire import JSON

OLD = {
    "read-ios": 1,
    "read-merges": 2,
    "read-sectors": 3,
    "read-ticks": 4,
    "write-ios": 5,
    "write-merges": 6,
    "write-sectors": 7,
    "write-ticks": 8,
    "ios-pgr": 9,
    "total-ticks": 10,
    "weight-ticks": 11,
}
DISCARD = {"discard-ios": 12, "discard-merges": 13, "discard-sectors": 14, "discard-ticks": 15}
FLUSH = {"flush-ios": 16, "flush-ticks": 17}


def stats(columns: int) -> JSON:
    """The statistics of a line with so many numbers."""
    line = " 8 1 sda1 " + " ".join(map(str, range(1, columns + 1)))
    (reply,) = disk_activity(line.encode())
    return reply["stats"]


class DiskActivityTests(SynchronousTestCase):
    def test_columns(self) -> None:
        """
        Newer kernels tell of discards, and of flushes: columns come in groups.
        """
        for columns, expected in (
            (4, {"read-ios": 1, "read-sectors": 2, "write-ios": 3, "write-sectors": 4}),
            (5, {}),
            (10, {}),
            (11, OLD),
            (14, OLD),
            (15, OLD | DISCARD),
            (16, OLD | DISCARD),
            (17, OLD | DISCARD | FLUSH),
            (18, OLD | DISCARD | FLUSH),
        ):
            self.assertEqual(stats(columns), expected, columns)

    def test_lines(self) -> None:
        """
        Each line is a disk or a partition, in the order of the file.
        """
        octets = b"""\
   7       0 loop0 1 2 3 4
 259       0 cciss/c0d0 1 2 3 4 5 6 7 8 9 10 11
   8       2 sda2 1 2 3
   x       1 sda 1 2 3 4
   8       x sda 1 2 3 4

   8"""
        found = list(disk_activity(octets))
        self.assertEqual([each["name"] for each in found], ["loop0", "cciss/c0d0"])
        self.assertEqual((found[1]["major"], found[1]["minor"]), (259, 0))
        self.assertEqual(list(disk_activity(b"")), [])
