"""``txqga thaw``."""

from tests.cli._case import VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli.verbs._thaw import thaw

AWAY = Complaint("no-mux", "there is no control interface", Exit.UNAVAILABLE)
LAPSED = Complaint("did-not-hold", "it did not hold still", Exit.NOT_HELD)


class ThawTests(VerbCase):
    def test_thaw(self) -> None:
        """
        The mux is asked to thaw each guest, and all of them are thawed that can be.
        """
        run = self.start()
        run.mux.answers["DELETE", ("guests", "db1", "freeze")] = LAPSED
        run.mux.answers["DELETE", ("guests", "db2", "freeze")] = {"filesystems": 2}
        self.assertEqual(self.done(thaw.work(run, guests=("db1", "db2"))), Exit.NOT_HELD)
        self.assertEqual(run.lines, ["db1: it did not hold still", "db2 is thawed, 2 filesystems"])
        self.assertIs(self.failed(thaw.work(run, guests=("db1",)), Complaint), LAPSED)

    def test_no_control(self) -> None:
        """
        Where the mux cannot be asked, or there is none, the agent is.
        """
        run = self.start()
        run.mux.answers["DELETE", ("guests", "db1", "freeze")] = AWAY
        for name in ("db1", None):
            run.guests["db1"].is_frozen = True
            self.assertEqual(self.done(thaw.work(run, guests=(name,))), 0)
            self.assertFalse(run.guests["db1"].is_frozen)
