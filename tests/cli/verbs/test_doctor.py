"""``txqga doctor``."""

from typing import Any

from tests.cli._case import MemoryRun, VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._where import Where
from txqga.cli.verbs._doctor import doctor

GOOD = {"name": "db1", "findings": [{"code": "ok", "words": "The agent answers.", "advice": ""}]}
BAD = {
    "name": "web",
    "findings": [{"code": "no-agent", "words": "No agent.", "advice": "Install one.\x1b"}],
}
NO_MUX = Complaint("no-mux", "there is no control interface", Exit.UNAVAILABLE)


class DoctorTests(VerbCase):
    def examine(self, run: MemoryRun, *guests: str | None) -> Any:
        return self.done(doctor.work(run, guests=guests))

    def test_all(self) -> None:
        """
        All guests of the mux are examined; what is wrong is said, and what to do.
        """
        run = self.start()
        run.mux.answers["GET", ("guests",)] = {"guests": [{"name": "db1"}, {"name": "web"}]}
        run.mux.answers["GET", ("guests", "db1", "doctor")] = GOOD
        run.mux.answers["GET", ("guests", "web", "doctor")] = BAD
        self.assertEqual(self.examine(run), Exit.UNAVAILABLE)
        self.assertEqual(
            run.lines, ["db1: The agent answers.", "web: No agent.", "    Install one.\\x1b"]
        )
        self.assertEqual(self.examine(run, "db1"), Exit.GOOD)

    def test_json(self) -> None:
        """
        Programs are told the codes.
        """
        run = self.start(json=True)
        run.mux.answers["GET", ("guests", "db1", "doctor")] = GOOD
        self.examine(run, "db1")
        self.assertEqual(run.values, [{"guests": [GOOD]}])

    def test_without_mux(self) -> None:
        """
        Where no mux can be asked, the agent is examined as far as that goes.
        """
        run = self.start()
        run.mux.answers["GET", ("guests", "db1", "doctor")] = NO_MUX
        self.assertEqual(self.examine(run, "db1"), Exit.GOOD)
        self.assertEqual(run.lines, ["db1: The agent answers."])
        self.assertIn("less is known", run.stderr.getvalue())

    def test_direct(self) -> None:
        """
        An agent that is asked directly, and is not there, is said to be away, and why.
        """
        run = self.start()
        run.where = Where(connect="/nonexistent/a")
        guest = run.guests[None]
        guest.agent.unreachable = FileNotFoundError(2, "no such file")
        guest.agent.hang_up()
        guest.advance(60.0)
        self.assertEqual(self.examine(run, None), Exit.UNAVAILABLE)
        self.assertIn("There is no socket at the guest's channel.", run.lines[0])

    def test_refused(self) -> None:
        """
        Whoever may not ask the mux is told so.
        """
        run = self.start()
        refused = Complaint("forbidden", "no", Exit.FORBIDDEN)
        run.mux.answers["GET", ("guests", "db1", "doctor")] = refused
        run.mux.answers["GET", ("guests",)] = refused
        for guests in ((), ("db1",)):
            self.failed(doctor.work(run, guests=guests), Complaint)
