"""``txqga attach``."""

from base64 import b64encode

from tests.cli._case import VerbCase
from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli.verbs._attach import attach
from txqga.errors import CommandFailed


class AttachTests(VerbCase):
    """With an agent that knows programs by their pid."""

    def setUp(self) -> None:
        super().setUp()
        self.answers["guest-exec"] = {"pid": 7}
        self.answers["guest-exec-status"] = {
            "exited": True,
            "exitcode": 3,
            "out-data": b64encode(b"out\x1b").decode(),
        }

    def test_followed(self) -> None:
        """
        A program that is found is followed to its end.
        """
        run = self.start()
        self.assertEqual(self.done(attach.work(run, guest="db1", job="7", raw=False)), 3)
        self.assertEqual(run.stdout.getvalue(), "out\\x1b")

    def test_json(self) -> None:
        """
        Programs are told all of it.
        """
        run = self.start(json=True)
        self.assertEqual(self.done(attach.work(run, guest="db1", job="7", raw=False)), 3)
        self.assertEqual((run.values[0]["stdout"], run.values[0]["exit-code"]), ("out\x1b", 3))

    def test_lost(self) -> None:
        """
        A program that the agent does not know is none that has failed.
        """
        self.answers["guest-exec-status"] = CommandFailed("PID 7 does not exist")
        for job in ("7", "nightly"):
            why = self.failed(attach.work(self.start(), guest="db1", job=job, raw=False), Complaint)
            self.assertEqual(why.exit, Exit.OURS)
