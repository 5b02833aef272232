"""Figures of guests as Prometheus reads them."""

from prometheus_client.core import Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import CPU, LOAD1, OS_INFO, figures
from txqga.monitor._sample import Figure, Sample
from txqga.monitor._snapshot import Reading, Snapshot
from txqga.monitor.sinks._prometheus import DROPPED, FAILURES, LAST, NONSENSE, families


class Told(Collector):
    def __init__(self, told: list[Metric]) -> None:
        self._told = told

    def collect(self) -> list[Metric]:
        return self._told


class FamiliesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.snapshots = {"db1": Snapshot(), "web1": Snapshot()}

    def read(self, guest: str, datum: str, *samples: Sample, expires: float = 100.0) -> None:
        self.snapshots[guest].readings[datum] = Reading(
            samples=samples, time=5.0, source="x", expires=expires
        )

    def told(self, *names: str, now: float = 50.0) -> list[str]:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Told(list(families(self.snapshots, names, now))))
        text = generate_latest(registry).decode()
        return [line for line in text.splitlines() if not line.startswith("#")]

    def test_own(self) -> None:
        """
        Figures of the operator's own are told behind ours.
        """
        own = Figure(name="qga_custom_x", words="X.", labels=("queue",))
        self.read("db1", "x", Sample(own, 7.0, ("mail",)))
        self.read("db1", "load", Sample(LOAD1, 0.5))
        self.assertEqual(
            self.told("db1")[:2],
            [
                'qga_guest_load1{vm_name="db1"} 0.5',
                'qga_custom_x{queue="mail",vm_name="db1"} 7.0',
            ],
        )

    def test_told(self) -> None:
        """
        Each figure has its guest and its labels; what a guest says is escaped.
        """
        self.read("db1", "load", Sample(LOAD1, 0.5))
        self.read("db1", "cpu", Sample(CPU, 1.5, ("0", "user")))
        self.read("web1", "os", Sample(OS_INFO, 1.0, ('a"b\\', "12", "<script>")))
        told = self.told("db1", "web1")
        self.assertIn('qga_guest_load1{vm_name="db1"} 0.5', told)
        self.assertIn('qga_guest_cpu_seconds_total{cpu="0",mode="user",vm_name="db1"} 1.5', told)
        self.assertIn(
            'qga_guest_os_info{id="a\\"b\\\\",kernel_release="<script>",version_id="12",'
            'vm_name="web1"} 1.0',
            told,
        )
        self.assertIn(f'{LAST}{{datum="load",vm_name="db1"}} 5.0', told)

    def test_too_old(self) -> None:
        """
        What is too old is absent, and so is when it was read.
        """
        self.read("db1", "load", Sample(LOAD1, 0.5), expires=50.0)
        self.assertFalse([line for line in self.told("db1") if "load" in line])

    def test_of_some(self) -> None:
        """
        Told are the guests that were asked for, if anything is known of them.
        """
        self.read("db1", "load", Sample(LOAD1, 0.5))
        self.read("web1", "load", Sample(LOAD1, 0.5))
        told = self.told("web1", "other")
        self.assertTrue(told)
        self.assertTrue(all('vm_name="web1"' in line for line in told))

    def test_asking(self) -> None:
        """
        What went wrong in asking is counted.
        """
        snapshot = self.snapshots["db1"]
        snapshot.failures["load"], snapshot.nonsense, snapshot.overflow = 2, 3, 4
        told = self.told("db1")
        self.assertIn(f'{FAILURES}_total{{datum="load",vm_name="db1"}} 2.0', told)
        self.assertIn(f'{NONSENSE}_total{{vm_name="db1"}} 3.0', told)
        self.assertIn(f'{DROPPED}_total{{vm_name="db1"}} 4.0', told)

    def test_all_figures(self) -> None:
        """
        Every figure that there is can be told.
        """
        for number, figure in enumerate(figures()):
            self.read("db1", str(number), Sample(figure, 1.0, tuple("x" for _ in figure.labels)))
        told = {line.partition("{")[0] for line in self.told("db1")}
        self.assertLessEqual({figure.name for figure in figures()}, told)
