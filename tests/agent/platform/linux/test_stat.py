"""What processors spent their time on."""

from collections.abc import Mapping

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._stat import cpu_times
from txqga.wire import JSON

NAMES = (
    *("user", "nice", "system", "idle", "iowait"),
    *("irq", "softirq", "steal", "guest", "guestnice"),
)


def told(columns: int) -> Mapping[str, JSON]:
    """The members of a line ``cpu3 1 2 3 …`` with so many columns."""
    line = "cpu3 " + " ".join(map(str, range(1, columns + 1)))
    ((reply),) = cpu_times(line.encode(), 100)
    return dict(reply)


class CpuTimesTests(SynchronousTestCase):
    def test_columns(self) -> None:
        """
        How many columns there are depends on the kernel; units are made milliseconds.
        """
        for columns, names in ((4, 4), (5, 5), (7, 7), (8, 8), (9, 9), (10, 10), (11, 10)):
            times = {name: 10 * (place + 1) for place, name in enumerate(NAMES[:names])}
            self.assertEqual(told(columns), {"type": "linux", "cpu": 3, **times})

    def test_irq_without_softirq(self) -> None:
        """
        Both kinds of interrupts are told as soon as there is one of them.
        """
        members = told(6)
        self.assertEqual((members["irq"], members["softirq"]), (60, 0))

    def test_lines(self) -> None:
        """
        The line of all processors does not count, and a line that is too short ends the list.
        """
        octets = (
            b"cpu  9 9 9 9\ncpu0 1 2 3 4\nintr 5\n\ncpu11 1 2 3 4\ncpu12 1 2 3\ncpu13 1 2 3 4\n"
        )
        self.assertEqual([each["cpu"] for each in cpu_times(octets, 100)], [0, 11])
        self.assertEqual(list(cpu_times(b"", 100)), [])

    def test_ticks(self) -> None:
        """
        A unit may be another part of a second; what is left of a millisecond is cut.
        """
        (reply,) = cpu_times(b"cpu0 5 0 0 0\n", 1024)
        self.assertEqual(reply["user"], 4)
