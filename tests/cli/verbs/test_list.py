"""``txqga list``."""

from tests.cli._case import VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._where import Where
from txqga.cli.verbs._list import list_, span

GUESTS = [
    {
        "name": "db1",
        "state": "ready",
        "reason": "the agent answers",
        "seconds": 7.2,
        "freeze": {"stage": "thawed", "reason": "", "seconds": 7},
    },
    {
        "name": "web",
        "state": "frozen",
        "reason": "x",
        "seconds": 300,
        "freeze": {"stage": "frozen", "reason": "frozen for backup", "seconds": 7},
    },
]


class ListTests(VerbCase):
    def test_table(self) -> None:
        """
        Each guest is a line: how it is, for how long, and why; a freeze matters most.
        """
        run = self.start()
        run.mux.answers["GET", ("guests",)] = {"guests": GUESTS}
        self.done(list_.work(run))
        self.assertEqual(
            run.lines,
            ["db1\tready\t7 s\tthe agent answers", "web\tfrozen\t5 min\tfrozen for backup"],
        )

    def test_json(self) -> None:
        """
        Programs are told what the mux says.
        """
        run = self.start(json=True)
        run.mux.answers["GET", ("guests",)] = {"guests": GUESTS}
        self.done(list_.work(run))
        self.assertEqual(run.values, [{"guests": GUESTS}])

    def test_refused(self) -> None:
        """
        Whoever may not ask is told so.
        """
        run = self.start()
        run.mux.answers["GET", ("guests",)] = Complaint("forbidden", "no", Exit.FORBIDDEN)
        self.assertEqual(self.failed(list_.work(run), Complaint).exit, Exit.FORBIDDEN)

    def test_direct(self) -> None:
        """
        One agent is no mux.
        """
        run = self.start()
        run.where = Where(connect="/agent")
        self.assertIn("--connect", str(self.failed(list_.work(run), Complaint)))

    def test_spans(self) -> None:
        """
        How long something lasts is told as people would.
        """
        for seconds, words in ((7.4, "7 s"), (600, "10 min"), (9000, "2.5 h"), (864000, "10 d")):
            self.assertEqual(span(seconds), words)
