"""Collectors as an operator writes them."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.monitor._collector_file import LONGEST_FILE, collector
from txqga.monitor._data import Datum
from txqga.monitor._sample import Figure, Kind
from txqga.monitor._settings import Collector
from txqga.monitor._source import Command, File
from txqga.monitor._table import Table
from txqga.monitor.collectors._custom import Lines, Parts
from txqga.mux import patterns
from txqga.schema import extended

FILE: dict[str, Any] = {
    "name": "qga_custom_mails",
    "help": "Mails.",
    "file": "/x",
    "pattern": "(?P<queue>[a-z]+) (?P<value>[0-9]+)",
}
COMMAND: dict[str, Any] = {
    "name": "qga_custom_used",
    "help": "Used.",
    "command": "guest-get-fsinfo",
    "value": "used-bytes",
}


class CollectorTests(SynchronousTestCase):
    def read(self, base: dict[str, Any], **said: Any) -> Collector:
        table = {**base, **{name.replace("_", "-"): value for name, value in said.items()}}
        return collector(Table({k: v for k, v in table.items() if v is not None}, "f"), extended())

    def test_file(self) -> None:
        """
        Lines of a file that fit an expression, whose groups are labels.
        """
        pattern = FILE["pattern"]
        figure = Figure(name="qga_custom_mails", words="Mails.", labels=("queue",))
        source = File("/x", Lines(figure, pattern), is_linux=False, longest=LONGEST_FILE)
        self.assertEqual(
            self.read(FILE), Collector(datum=Datum("qga_custom_mails", 60.0, (source,)))
        )

    def test_command(self) -> None:
        """
        Parts of a reply to a command that reads; all can be said of the figure.
        """
        found = self.read(
            COMMAND,
            name="qga_custom_used_bytes_total",
            kind="counter",
            unit="bytes",
            each="[].disk[]",
            value="a.b",
            labels={"mount": "mountpoint"},
            scale=1024,
            period=5,
            guests=["db*"],
        )
        figure = Figure(
            name="qga_custom_used_bytes_total",
            words="Used.",
            kind=Kind.COUNTER,
            unit="bytes",
            labels=("mount",),
        )
        parts = Parts(figure, ("a", "b"), ("[]", "disk", "[]"), (("mountpoint",),), 1024.0)
        source = Command("guest-get-fsinfo", parts)
        datum = Datum("qga_custom_used_bytes_total", 5.0, (source,))
        self.assertEqual(found, Collector(datum=datum, guests=patterns(["db*"])))

    def test_not_known(self) -> None:
        """
        A command that we do not know is taken to read if its name says so.
        """
        found = self.read(COMMAND, command="acme-get-load", arguments={"x": 1})
        (source,) = found.datum.sources
        assert isinstance(source, Command)
        self.assertEqual(source.arguments, {"x": 1})

    def test_wrong(self) -> None:
        """
        What is wrong is told, with what is allowed.
        """
        for base, said, words in (
            (FILE, {"name": None}, "f: name: a text is expected"),
            (FILE, {"name": "mails"}, "f: name: qga_custom_ and up to 80"),
            (FILE, {"name": "qga_custom_mails_total"}, "name: that of a counter ends with _total"),
            (FILE, {"kind": "counter"}, "name: that of a counter ends with _total"),
            (FILE, {"kind": "histogram"}, "kind: one of gauge, counter is expected"),
            (FILE, {"unit": "%"}, "unit: a word such as seconds"),
            (FILE, {"help": ""}, "help: a text is expected"),
            (FILE, {"period": 0}, "period: a number from 1 to 86400"),
            (FILE, {"scale": True}, "scale: a number from"),
            (FILE, {"command": "guest-ping"}, "file: either a file or a command"),
            (FILE, {"file": None}, "file: either a file or a command"),
            (FILE, {"value": "x"}, "value: there is no such key; there are name, kind, unit"),
            (FILE, {"pattern": "(?P<value>"}, "pattern: missing ): (?P<value>"),
            (FILE, {"pattern": "x"}, "pattern: it has no group (?P<value>...)"),
            (FILE, {"pattern": "(?P<host>x)(?P<value>x)"}, "labels: 'host' cannot be the name"),
            (COMMAND, {"command": "guest-exec"}, "command: guest-exec may change the guest"),
            (COMMAND, {"command": "guest-file-read"}, "command: guest-file-read may change"),
            (COMMAND, {"command": "acme-do"}, "command: acme-do is not known here"),
            (COMMAND, {"command": "a b"}, "command: the name of a command"),
            (COMMAND, {"arguments": {"x": 1}}, "arguments: guest-get-fsinfo: "),
            (COMMAND, {"value": "a..b"}, "value: 'a..b': names are expected"),
            (COMMAND, {"value": "a[]"}, "value: 'a[]': names are expected"),
            (COMMAND, {"each": "a[0]"}, "each: 'a[0]': a place such as disks[]"),
            (COMMAND, {"labels": {"x": 1}}, "labels: 1: names are expected"),
            (COMMAND, {"labels": {"X": "a"}}, "labels: 'X' cannot be the name of one"),
        ):
            why = self.assertRaises(ValueError, self.read, base, **said)
            self.assertIn(words, str(why))
