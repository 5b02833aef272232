"""How a guest is at a glance."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import (
    CPU,
    DISK_READ_BYTES,
    DISK_WRITTEN_BYTES,
    LOAD1,
    LOAD5,
    MEMORY,
    RECEIVED_BYTES,
    SENT_BYTES,
)
from txqga.monitor._history import History
from txqga.monitor._sample import Sample


def processors(*spent: float) -> list[Sample]:
    """A reading of one processor: seconds as a user, idle, and waiting for disks."""
    modes = ("user", "idle", "iowait")
    return [Sample(CPU, value, ("0", mode)) for mode, value in zip(modes, spent, strict=True)]


class VitalsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.history = History()

    def take(self, *readings: list[Sample], every: float = 10.0) -> None:
        for number, samples in enumerate(readings, 1):
            self.history.take(samples, number * every)

    def points(self, name: str) -> list[tuple[float, float]]:
        return [(each.time, each.value) for each in self.history.points.get(name, ())]

    def test_load(self) -> None:
        """
        The load is what it is; another figure is none of it.
        """
        self.take([Sample(LOAD5, 9.0), Sample(LOAD1, 0.5)], [Sample(LOAD1, 0.25)])
        self.assertEqual(self.points("load"), [(10.0, 0.5), (20.0, 0.25)])

    def test_too_much(self) -> None:
        """
        Counters whose sum is beyond all numbers make no rate.
        """
        self.take(
            [Sample(RECEIVED_BYTES, 1.0, ("a",)), Sample(SENT_BYTES, 1.0, ("a",))],
            [Sample(RECEIVED_BYTES, 1.5e308, ("a",)), Sample(SENT_BYTES, 1.5e308, ("a",))],
        )
        self.assertEqual(self.points("network"), [])

    def test_memory(self) -> None:
        """
        Memory is the share that is not available; without both numbers there is none.
        """
        total, left = Sample(MEMORY["MemTotal"], 400.0), Sample(MEMORY["MemAvailable"], 100.0)
        self.take([total, left], [total], [left], [Sample(MEMORY["MemTotal"], 0.0), left])
        self.assertEqual(self.points("memory"), [(10.0, 0.75)])

    def test_more_than_all(self) -> None:
        """
        A guest that has more left than it has uses none, and no less.
        """
        self.take([Sample(MEMORY["MemTotal"], 1.0), Sample(MEMORY["MemAvailable"], 9.0)])
        self.assertEqual(self.points("memory"), [(10.0, 0.0)])

    def test_processors(self) -> None:
        """
        Of the time between two readings the share counts that was neither idle nor waiting.
        """
        self.take(processors(1, 1, 1), processors(4, 6, 2), processors(4, 6, 2))
        self.assertEqual(self.points("cpu"), [(20.0, 3 / 9)])

    def test_rates(self) -> None:
        """
        Octets are told by the second, both directions together.
        """
        for name, one, other in (
            ("disk", DISK_READ_BYTES, DISK_WRITTEN_BYTES),
            ("network", RECEIVED_BYTES, SENT_BYTES),
        ):
            self.take(
                [Sample(one, 1000.0, ("a",)), Sample(other, 500.0, ("a",))],
                [Sample(one, 1300.0, ("a",)), Sample(other, 700.0, ("a",))],
            )
            self.assertEqual(self.points(name), [(20.0, 50.0)])

    def test_started_anew(self) -> None:
        """
        Counters that begin anew, and a clock that was set back, give no number.
        """
        self.take([Sample(SENT_BYTES, 900.0, ("a",))], [Sample(SENT_BYTES, 1.0, ("a",))])
        self.history.take([Sample(SENT_BYTES, 2.0, ("a",))], 20.0)
        self.history.take([Sample(SENT_BYTES, 3.0, ("a",))], 5.0)
        self.assertEqual(self.points("network"), [])
        self.take(processors(5, 5, 5), processors(1, 1, 1))
        self.assertEqual(self.points("cpu"), [])

    def test_counted_once(self) -> None:
        """
        Partitions, what lies on disks, and the loopback interface are not counted again.
        """
        devices = ("sda", "sda1", "nvme0n1", "nvme0n1p2", "dm-0", "loop3", "sdb")
        self.take(
            [Sample(DISK_READ_BYTES, 0.0, (each,)) for each in devices],
            [Sample(DISK_READ_BYTES, 10.0, (each,)) for each in devices],
        )
        self.assertEqual(self.points("disk"), [(20.0, 3.0)])
        self.take(
            [Sample(SENT_BYTES, 0.0, ("lo",))],
            [Sample(SENT_BYTES, 10.0, ("lo",))],
        )
        self.assertEqual(self.points("network"), [])
