"""``txqga status``."""

from pathlib import Path

from attrs import evolve

from tests.cli._case import VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli.verbs._status import status

AWAY = Complaint("no-mux", "there is no control interface", Exit.UNAVAILABLE)
FROZEN = {"stage": "frozen", "left": 30.0, "owner": "backup", "reason": "backup has frozen it"}


class StatusTests(VerbCase):
    def test_known(self) -> None:
        """
        The mux says how guests stand: all, or those that are named.
        """
        run = self.start()
        run.mux.answers["GET", ("guests",)] = {"guests": [{"name": "db1", "freeze": FROZEN}]}
        run.mux.answers["GET", ("guests", "db1")] = {"name": "db1", "freeze": FROZEN}
        for names in ((), ("db1",)):
            self.done(status.work(run, guests=names))
        self.assertEqual(run.lines, ["db1\tfrozen\t30 s\tbackup\tbackup has frozen it"] * 2)

    def test_no_control(self) -> None:
        """
        Where the mux cannot be asked, or there is none, the agents are.
        """
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        (folder / "db1.sock").touch()
        run = self.start(json=True)
        run.where = evolve(run.where, folder=folder)
        run.mux.answers["GET", ("guests",)] = AWAY
        self.done(status.work(run, guests=()))
        run.where = evolve(run.where, connect="/agent")
        self.done(status.work(run, guests=(None,)))
        self.assertEqual(run.values, [{"guests": [{"guest": "db1", "stage": "thawed"}]}] * 2)
        self.assertIn("one by one", run.stderr.getvalue())

    def test_nothing_there(self) -> None:
        """
        Where there is neither a mux nor a guest, that is said.
        """
        run = self.start()
        run.where = evolve(run.where, folder=Path(self.mktemp()))
        run.mux.answers["GET", ("guests",)] = AWAY
        self.failed(status.work(run, guests=()), Complaint)
