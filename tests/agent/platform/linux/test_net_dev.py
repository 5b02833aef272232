"""What went through interfaces."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._net_dev import statistics

HEADER = b"""\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo
"""
COLUMNS = b"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
TOLD = {
    "rx-bytes": 1,
    "rx-packets": 2,
    "rx-errs": 3,
    "rx-dropped": 4,
    "tx-bytes": 9,
    "tx-packets": 10,
    "tx-errs": 11,
    "tx-dropped": 12,
}


class StatisticsTests(SynchronousTestCase):
    def test_statistics(self) -> None:
        """
        Of the sixteen columns eight are told, with or without a blank before the first.
        """
        octets = HEADER + b"    lo: " + COLUMNS + b"eth0.5@x:" + COLUMNS
        self.assertEqual(statistics(octets), {"lo": TOLD, "eth0.5@x": TOLD})

    def test_lines(self) -> None:
        """
        A line with fewer columns is of another kernel; of two lines the first counts.
        """
        later = COLUMNS.replace(b"1 ", b"99 ", 1)
        octets = HEADER + b"a: 1 2 3\nb: " + COLUMNS + b"b: " + later + b"\nnothing\n"
        self.assertEqual(statistics(octets), {"b": TOLD})
        self.assertEqual(statistics(b""), {})
