"""What the mux knows of its guests' freezes."""

from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.control._frozen import FREEZE, THAW, FrozenCase
from txqga.control._metrics import MuxCollector
from txqga.mux import Caller


class FreezeMetricsTests(FrozenCase):
    def figures(self, guest: str = "db1") -> dict[str, float]:
        text: bytes = generate_latest(MuxCollector(self.house, list(self.mux.guests.values())))
        return {
            sample.name + sample.labels.get("outcome", sample.labels.get("by", "")): sample.value
            for family in text_string_to_metric_families(text.decode())
            for sample in family.samples
            if sample.labels["vm_name"] == guest and "freeze" in sample.name
        }

    def freeze(self) -> None:
        self.mux.guests["db1"].ask(Caller("ann"), FREEZE, {})
        self.serve()

    def test_frozen(self) -> None:
        """
        Which guests are frozen is told, and how long they may be; where none is, no time is told.
        """
        figures = self.figures()
        self.assertEqual((figures["qga_freeze_active"], figures["qga_freezes_totalfrozen"]), (0, 0))
        self.assertNotIn("qga_freeze_deadline_seconds", figures)
        self.freeze()
        self.pass_time(100)
        figures = self.figures()
        self.assertEqual(figures["qga_freeze_active"], 1)
        self.assertEqual(figures["qga_freeze_deadline_seconds"], 200)
        self.assertEqual(figures["qga_freezes_totalfrozen"], 1)
        self.assertEqual(self.figures("web1")["qga_freeze_active"], 0)

    def test_lapsed(self) -> None:
        """
        Freezes that ran out are counted, how long they lasted, and thaws that had to be repeated.
        """
        self.freeze()
        self.fails["db1"] = THAW
        self.pass_time(300)
        self.fails.clear()
        self.status = "frozen"
        self.pass_time(2)
        figures = self.figures()
        self.assertEqual(figures["qga_freeze_autothaw_totalmux"], 1)
        self.assertEqual(figures["qga_freeze_thaw_retries_total"], 1)
        self.assertEqual(figures["qga_freeze_duration_seconds_count"], 1)
        self.assertEqual(figures["qga_freeze_duration_seconds_sum"], 302)
