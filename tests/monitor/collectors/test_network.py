"""Interfaces."""

from tests.monitor.collectors._case import ODD_TEXTS, CollectorCase
from txqga.monitor.collectors._network import interfaces, net_dev

STATISTICS = {
    "rx-bytes": 1,
    "rx-packets": 2,
    "rx-errs": 3,
    "rx-dropped": 4,
    "tx-bytes": 9,
    "tx-packets": 10,
    "tx-errs": 11,
    "tx-dropped": 12,
}

FILE = """\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop ...
  eth0:      1      2   3   4   5    6         7        8       9     10  11 12 13 14 15 16
eth0:1:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
"""


class NetworkTests(CollectorCase):
    def test_alike(self) -> None:
        """
        The command and the file tell the same; a name may have a colon.
        """
        said = [
            {"name": "eth0", "statistics": STATISTICS},
            {"name": "eth0:1", "statistics": STATISTICS},
            {"name": "tun0"},
        ]
        told = self.read(interfaces, said)
        self.assertEqual(told["qga_guest_network_receive_bytes_total eth0"], 1)
        self.assertEqual(told["qga_guest_network_transmit_drop_total eth0:1"], 12)
        self.assertEqual(len(told), 16)
        self.assertEqual(self.read(net_dev, FILE), told)

    def test_odd(self) -> None:
        """
        Whatever a guest says, nothing is made of it.
        """
        self.bears(interfaces)
        self.bears(net_dev, odd=[*ODD_TEXTS, "\n\neth0:" + " x" * 16])
