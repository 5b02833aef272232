"""Load, and what processors do."""

from tests.monitor.collectors._case import ODD_TEXTS, CollectorCase
from txqga.monitor.collectors._processors import cpu_times, load, loadavg, stat, vcpus


class ProcessorsTests(CollectorCase):
    def test_load(self) -> None:
        """
        The three averages, from the command and from the file.
        """
        told = {"qga_guest_load1": 0.5, "qga_guest_load5": 1.25, "qga_guest_load15": 2.0}
        said = {"load15m": 2.0, "load5m": 1.25, "load1m": 0.5}
        self.assertEqual(self.read(load, said), told)
        self.assertEqual(self.read(loadavg, "0.50 1.25 2.00 1/150 4711\n"), told)

    def test_times(self) -> None:
        """
        Milliseconds of the command and ticks of the file are the same seconds.
        """
        said = [
            {
                "type": "linux",
                "cpu": 1,
                "user": 1200,
                "nice": 10,
                "system": 20,
                "idle": 30,
                "iowait": 40,
                "irq": 50,
                "softirq": 60,
                "steal": 70,
                "guest": 80,
                "guestnice": 90,
            }
        ]
        file = "cpu  9 9 9 9 9 9 9 9 9 9\ncpu1 120 1 2 3 4 5 6 7 8 9\nintr 5 0\n"
        told = self.read(cpu_times, said)
        self.assertEqual(told["qga_guest_cpu_seconds_total 1 user"], 1.2)
        self.assertEqual(told["qga_guest_cpu_guest_seconds_total 1 nice"], 0.09)
        self.assertEqual(len(told), 10)
        read = self.read(stat, file)
        self.assertEqual(list(told), list(read))
        for name, value in told.items():
            self.assertAlmostEqual(value, read[name])

    def test_old_kernel(self) -> None:
        """
        What a kernel does not count is missing.
        """
        told = self.read(cpu_times, [{"type": "linux", "cpu": 0, "user": 5}])
        self.assertEqual(told, {"qga_guest_cpu_seconds_total 0 user": 0.005})
        self.assertEqual(len(self.read(stat, "cpu0 1 2 3 4\n")), 4)

    def test_processors(self) -> None:
        """
        Processors are counted, by whether they are online.
        """
        said = [
            {"logical-id": 0, "online": True, "can-offline": False},
            {"logical-id": 1, "online": False, "can-offline": True},
            {"logical-id": 2, "online": True, "can-offline": True},
        ]
        self.assertEqual(
            self.read(vcpus, said), {"qga_guest_cpus online": 2, "qga_guest_cpus offline": 1}
        )

    def test_odd(self) -> None:
        """
        Whatever a guest says, nothing is made of it.
        """
        self.bears(load)
        self.bears(cpu_times)
        self.bears(loadavg, odd=ODD_TEXTS)
        self.bears(stat, odd=ODD_TEXTS)
        self.bears(vcpus, odd=[None, 7, "x", [], {}, [None, 7]])
