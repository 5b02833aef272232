"""How all guests are, at a glance."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.cli._glance import Glance, cells, glances, ordered, round_trips

METRICS = """\
# HELP qga_agent_rtt_seconds Round trips.
# TYPE qga_agent_rtt_seconds summary
qga_agent_rtt_seconds_count{vm_name="db1"} 4.0
qga_agent_rtt_seconds_sum{vm_name="db1"} 2.0
qga_agent_rtt_seconds_count{vm_name="db2"} 0.0
qga_agent_rtt_seconds_sum{vm_name="db2"} 0.0
qga_mux_command_seconds_sum{vm_name="db1"} 9.0
"""

GUESTS: Any = {"guests": [{"name": "db1", "state": "ready"}, {"name": "db2", "state": "absent"}]}
FIGURES: Any = {
    "polls": True,
    "guests": {
        "db1": {
            "cpu": {"unit": "ratio", "points": [0.1, 0.25]},
            "disk": {"unit": "bytes per second", "points": [2048.0]},
            "to come": {"unit": "", "points": [1.0]},
        },
        "db2": {},
    },
}


class GlanceTests(SynchronousTestCase):
    def test_together(self) -> None:
        """
        What is known of each guest is put together; the last point counts.
        """
        one, other = glances(GUESTS, FIGURES, round_trips(METRICS))
        self.assertEqual((one.cpu, one.disk, one.latency, one.memory), (0.25, 2048.0, 0.5, None))
        self.assertEqual(other, Glance(name="db2", state="absent"))

    def test_latency(self) -> None:
        """
        Round trips since the last time count, if there were any.
        """
        trips = round_trips(METRICS)
        for before, latency in (({"db1": (1.0, 3.0)}, 1.0), ({"db1": (2.0, 4.0)}, 0.5), ({}, 0.5)):
            self.assertEqual(glances(GUESTS, FIGURES, trips, before)[0].latency, latency)

    def test_cells(self) -> None:
        """
        Numbers are written with their units, and what is not known is a dash.
        """
        self.assertEqual(
            cells(
                Glance(
                    name="db1",
                    state="ready",
                    cpu=0.256,
                    load=1.5,
                    memory=1.0,
                    disk=3 * 1024.0**2,
                    network=5.0 * 1024**3,
                    latency=0.0012,
                )
            ),
            ("db1", "ready", "26 %", "1.50", "100 %", "3 MiB/s", "5.0 GiB/s", "1.2 ms"),
        )
        self.assertEqual(cells(Glance(name="a", state="absent"))[2:], ("-",) * 6)

    def test_ordered(self) -> None:
        """
        The greatest comes first, and what is not known last.
        """
        every = [
            Glance(name=name, state="ready", cpu=cpu)
            for name, cpu in (("c", None), ("b", 0.1), ("a", 0.9), ("d", 0.9))
        ]
        self.assertEqual([each.name for each in ordered(every, "cpu")], ["a", "d", "b", "c"])
        self.assertEqual([each.name for each in ordered(every, "guest")], ["a", "b", "c", "d"])
