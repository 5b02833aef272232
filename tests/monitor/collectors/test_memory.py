"""Memory."""

from tests.monitor.collectors._case import ODD_TEXTS, CollectorCase
from txqga.monitor.collectors._memory import meminfo, meminfo_file

FILE = """\
MemTotal:        2014580 kB
MemFree:          123456 kB
SReclaimable:       1000 kB
Committed_AS:       2000 kB
HugePages_Total:       3
VmallocTotal:   34359738367 kB
"""

SAID = {
    "mem-total": 2014580 << 10,
    "mem-free": 123456 << 10,
    "s-reclaimable": 1000 << 10,
    "committed-as": 2000 << 10,
    "huge-pages-total": 3,
    "vmalloc-total": 34359738367 << 10,
}


class MemoryTests(CollectorCase):
    def test_alike(self) -> None:
        """
        The command and the file tell the same, under the kernel's names.
        """
        told = {
            "qga_guest_memory_MemTotal_bytes": 2014580 * 1024,
            "qga_guest_memory_MemFree_bytes": 123456 * 1024,
            "qga_guest_memory_SReclaimable_bytes": 1000 * 1024,
            "qga_guest_memory_Committed_AS_bytes": 2000 * 1024,
        }
        self.assertEqual(self.read(meminfo, SAID), told)
        self.assertEqual(self.read(meminfo_file, FILE), told)

    def test_odd(self) -> None:
        """
        Whatever a guest says, nothing is made of it.
        """
        self.bears(meminfo)
        self.bears(meminfo_file, odd=[*ODD_TEXTS, "MemTotal: x kB", "MemTotal: 5", "MemTotal:"])
