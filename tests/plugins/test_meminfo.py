"""The plug-in meminfo."""

from plugins.meminfo import commands
from tests.plugins._asking import AskingTests
from txqga.schema import structure

SAID = """\
MemTotal:       24684092 kB
Active(anon):        164 kB
SReclaimable:          1 kB
NFS_Unstable:          0 kB
Committed_AS:          2 kB
HugePages_Total:       3
Hugepagesize:       2048 kB
DirectMap4k:       28672 kB
nonsense
New.Thing:             x kB
"""


class MeminfoTests(AskingTests):
    def test_members(self) -> None:
        """
        Every line is a member: octets, or pages where the kernel has no unit. No other line is.
        """
        self.assertEqual(
            dict(commands.members(SAID)),
            {
                "mem-total": 24684092 << 10,
                "active-anon": 164 << 10,
                "s-reclaimable": 1 << 10,
                "nfs-unstable": 0,
                "committed-as": 2 << 10,
                "huge-pages-total": 3,
                "hugepagesize": 2 << 20,
                "direct-map4k": 28 << 20,
            },
        )

    def test_this_machine(self) -> None:
        """
        What this machine has is told in the shape of the schema.
        """
        told = self.ask("txqga-get-meminfo")
        made = structure(self.plugins.schema, "TxqgaMemInfo", told)
        self.assertEqual(made.mem_total, told["mem-total"])
        self.assertGreater(made.mem_total, made.mem_free)
