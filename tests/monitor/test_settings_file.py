"""What is asked of guests, as an operator writes it."""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT
from txqga.monitor import Settings, read_settings
from txqga.monitor._settings import Group
from txqga.mux import patterns
from txqga.schema import extended

COLLECTOR = """
[[collector]]
name = "qga_custom_mails"
help = "Mails."
file = "/x"
pattern = '(?P<queue>[a-z]+) (?P<value>[0-9]+)'
"""


class ReadSettingsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())

    def read(self, text: str) -> Settings:
        self.path.write_text(text)
        return read_settings(self.path, extended(), 2.0)

    def test_empty(self) -> None:
        """
        Nothing has to be said.
        """
        self.assertEqual(self.read(""), Settings(pace=2.0))

    def test_groups(self) -> None:
        """
        A group is what holds of some guests.
        """
        settings = self.read(
            "[[group]]\n"
            "[[group]]\n"
            'guests = ["acme-*", "db1"]\n'
            'labels = { tenant = "acme" }\n'
            "periods = { load = 5, users = false, qga_custom_mails = 7.5 }\n"
            "nearly-full = 80\n"
            f"frozen-too-long = 60\n{COLLECTOR}"
        )
        self.assertEqual(
            settings.groups,
            (
                Group(),
                Group(
                    guests=patterns(["acme-*", "db1"]),
                    labels={"tenant": "acme"},
                    periods={"load": 5.0, "users": None, "qga_custom_mails": 7.5},
                    nearly_full=80.0,
                    frozen_too_long=60.0,
                ),
            ),
        )
        (collector,) = settings.collectors
        self.assertEqual(collector.datum.name, "qga_custom_mails")

    def test_example(self) -> None:
        """
        The example of the documentation is right.
        """
        settings = read_settings(ROOT / "docs" / "examples" / "collectors.toml", extended())
        self.assertGreater(len(settings.collectors), 2)
        self.assertIsNone(settings.groups[0].periods["users"])

    def test_same(self) -> None:
        """
        What is read again and has not changed is the same.
        """
        self.assertEqual(self.read(COLLECTOR), self.read(COLLECTOR))
        self.assertNotEqual(self.read(COLLECTOR), self.read(COLLECTOR.replace("[a-z]+", ".")))

    def test_wrong(self) -> None:
        """
        What is wrong is told, with where it is and what is allowed.
        """
        group = "[[group]]\n"
        for text, words in (
            ("x", "Expected"),
            ("x = 1", "x: there is no such key; there are group, collector"),
            ("group = 1", "group: write [[group]] for each"),
            ("group = [1]", "group: write [[group]] for each"),
            (f"{group}guests = []", "group 1: guests: an array of names"),
            (f"{group}x = 1", "group 1: x: there is no such key; there are guests"),
            (f"{group}labels = 1", "group 1: labels: a table is expected"),
            (f"{group}labels.tenant = 1", "labels: tenant: a string of up to"),
            (f'{group}labels."a-b" = "1"', "labels: 'a-b' is no name of a label"),
            (f'{group}labels.__a = "1"', "labels: '__a' is no name of a label"),
            (f'{group}labels.vm_name = "1"', "labels: vm_name: the mux says that itself"),
            (f'{group}labels.mountpoint = "1"', "labels: mountpoint: the mux says that itself"),
            (f"{group}periods.load = 0.5", "periods: load: seconds from 1 to 86400"),
            (f"{group}periods.load = true", "periods: load: seconds from 1 to 86400"),
            (f"{group}periods.laod = 5", "group 1: periods: there is no laod; there are agent, "),
            (f"{group}nearly-full = 101", "nearly-full: a number from 1 to 100"),
            (f"{group}frozen-too-long = true", "frozen-too-long: a number from 1 to 86400"),
            (f"{COLLECTOR}{COLLECTOR}", "collector 2: name: there are two of this name"),
            (f'{group}labels.queue = "1"\n{COLLECTOR}', "labels: queue: a collector has it, too"),
        ):
            why = self.assertRaises(ValueError, self.read, text)
            self.assertTrue(str(why).startswith(f"{self.path}"), why)
            self.assertIn(words, str(why))
