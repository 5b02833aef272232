"""Figures as the control interface tells them."""

import orjson
from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._figures import LOAD1, OS_INFO, SENT_BYTES
from txqga.monitor._sample import Sample
from txqga.monitor._snapshot import Reading, Snapshot
from txqga.monitor.sinks import Told


class ToldTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 1000.0
        self.snapshot = Snapshot()
        self.told = Told(lambda: {"db1": self.snapshot}, lambda: self.now)

    def read(self, datum: str, *samples: Sample) -> None:
        reading = Reading(samples=samples, time=self.now, source="x", expires=self.now + 60)
        self.snapshot.take(datum, reading)

    def test_vitals(self) -> None:
        """
        The last points are told, with as many digits as one sees.
        """
        for load in (0.123456, 2345.678, 3.0):
            self.now += 15.0
            self.read("load", Sample(LOAD1, load))
        self.assertEqual(
            self.told.vitals("db1", 2),
            {"load": {"unit": "", "time": 1045.0, "points": [2346, 3.0]}},
        )
        self.assertEqual(self.told.vitals("db1", 60)["load"]["points"], [0.1235, 2346, 3.0])

    def test_beyond_integers(self) -> None:
        """
        A number beyond all integers is told: one guest that says it hides no other from the page.
        """
        for load in (2.0**64, 1e308, -1e308):
            self.now += 15.0
            self.read("load", Sample(LOAD1, load))
        told = orjson.loads(orjson.dumps(self.told.vitals("db1", 3)))
        self.assertEqual(told["load"]["points"], [2.0**64, 1e308, -1e308])

    def test_figures(self) -> None:
        """
        Every figure is told with its series, and what it is.
        """
        self.read("os", Sample(OS_INFO, 1.0, ("debian", "12", "6.1")))
        self.read("network", Sample(SENT_BYTES, 5.0, ("a",)), Sample(SENT_BYTES, 7.0, ("b",)))
        os_info, sent = self.told.figures("db1")
        assert isinstance(os_info, dict)
        assert isinstance(sent, dict)
        labels = {"id": "debian", "version_id": "12", "kernel_release": "6.1"}
        self.assertEqual(
            (os_info["name"], os_info["kind"], os_info["series"]),
            ("qga_guest_os_info", "info", [{"labels": labels, "value": 1.0, "time": 1000.0}]),
        )
        self.assertEqual((sent["words"], sent["unit"]), (SENT_BYTES.words, "bytes"))
        self.assertEqual(
            sent["series"],
            [
                {"labels": {"device": "a"}, "value": 5.0, "time": 1000.0},
                {"labels": {"device": "b"}, "value": 7.0, "time": 1000.0},
            ],
        )

    def test_old(self) -> None:
        """
        What is too old is not there, and neither is a guest that nobody knows.
        """
        self.read("load", Sample(LOAD1, 1.0))
        self.now += 3600.0
        for name in ("db1", "db2"):
            self.assertEqual((self.told.vitals(name, 5), self.told.figures(name)), ({}, []))

    def test_not_asked(self) -> None:
        """
        Where guests are not asked there is nothing to tell, and that is told.
        """
        told = Told(lambda: None)
        self.assertEqual((told.polls, told.vitals("db1", 5), told.figures("db1")), (False, {}, []))
        self.assertEqual([*told.families(["db1"])], [])
        self.assertIs(self.told.polls, True)

    def test_families(self) -> None:
        """
        Prometheus is told of the guests that were named.
        """
        self.read("load", Sample(LOAD1, 1.0))
        self.assertIn("qga_guest_load1", [each.name for each in self.told.families(["db1"])])
        self.assertNotIn("qga_guest_load1", [each.name for each in self.told.families([])])
