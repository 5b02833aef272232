"""What is asked of which guest."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._data import DATA, Datum
from txqga.monitor._settings import FROZEN_TOO_LONG, NEARLY_FULL, Collector, Group, Settings
from txqga.mux import patterns

OWN = Datum("qga_custom_x", 30.0, ())


class SettingsTests(SynchronousTestCase):
    def periods(self, settings: Settings, guest: str = "db1") -> dict[str, float]:
        return {each.name: each.period for each in settings.data_of(guest)}

    def test_usual(self) -> None:
        """
        If nothing is said, all guests are asked the same, at the usual periods.
        """
        settings = Settings()
        self.assertEqual(settings.data_of("db1"), DATA)
        self.assertEqual(settings.labels_of("db1"), {})
        self.assertEqual(settings.nearly_full("db1"), NEARLY_FULL)
        self.assertEqual(settings.frozen_too_long("db1"), FROZEN_TOO_LONG)

    def test_groups(self) -> None:
        """
        What a later group says goes before what an earlier one does.
        """
        settings = Settings(
            groups=(
                Group(labels={"dc": "a", "tenant": "-"}, periods={"load": 5.0, "os": 600.0}),
                Group(
                    guests=patterns(["db*"]),
                    labels={"tenant": "acme"},
                    periods={"load": 2.0, "users": None},
                    nearly_full=70.0,
                ),
                Group(guests=patterns(["web*"]), periods={"cpu": None}, frozen_too_long=7.0),
            )
        )
        found = self.periods(settings)
        self.assertEqual((found["load"], found["os"]), (2.0, 600.0))
        self.assertNotIn("users", found)
        self.assertIn("cpu", found)
        self.assertEqual(settings.labels_of("db1"), {"dc": "a", "tenant": "acme"})
        self.assertEqual(settings.labels_of("x"), {"dc": "a", "tenant": "-"})
        self.assertEqual((settings.nearly_full("db1"), settings.nearly_full("x")), (70.0, 90.0))
        self.assertEqual(settings.frozen_too_long("web1"), 7.0)

    def test_pace(self) -> None:
        """
        All periods are longer together, but those that were said.
        """
        settings = Settings(
            groups=(Group(periods={"load": 5.0}),), collectors=(Collector(datum=OWN),), pace=2.0
        )
        found = self.periods(settings)
        self.assertEqual((found["cpu"], found["load"]), (30.0, 5.0))
        self.assertEqual(found["qga_custom_x"], 30.0)

    def test_collectors(self) -> None:
        """
        A collector is for the guests that it names.
        """
        settings = Settings(collectors=(Collector(datum=OWN, guests=patterns(["db*"])),))
        self.assertIn("qga_custom_x", self.periods(settings))
        self.assertNotIn("qga_custom_x", self.periods(settings, "web1"))
