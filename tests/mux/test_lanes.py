"""In which lane a command waits."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._lanes import BULK_OCTETS, Lane, lane
from txqga.wire import JSON


class LaneTests(SynchronousTestCase):
    def test_thaw_first(self) -> None:
        """
        Thawing goes before everything, and asking how the agent is before the rest.
        """
        self.assertEqual(lane("guest-fsfreeze-thaw", {}), Lane.THAW)
        for command in ("guest-ping", "guest-info", "guest-fsfreeze-status", "guest-sync"):
            self.assertEqual(lane(command, {}), Lane.STATUS)
        self.assertEqual(sorted(Lane), list(Lane))

    def test_interactive(self) -> None:
        """
        What somebody waits for is interactive, commands that nobody knows among them.
        """
        for command in ("guest-get-osinfo", "guest-exec", "guest-fsfreeze-freeze", "x-other"):
            self.assertEqual(lane(command, {}), Lane.INTERACTIVE)

    def test_transfers(self) -> None:
        """
        A piece of a big file is bulk, a few lines are not; nobody knows what a process wrote.
        """
        self.assertEqual(lane("guest-file-read", {"handle": 1}), Lane.INTERACTIVE)
        self.assertEqual(lane("guest-file-read", {"count": BULK_OCTETS}), Lane.INTERACTIVE)
        self.assertEqual(lane("guest-file-read", {"count": BULK_OCTETS + 1}), Lane.BULK)
        self.assertEqual(lane("guest-file-write", {"buf-b64": "AAAA"}), Lane.INTERACTIVE)
        self.assertEqual(lane("guest-file-write", {"buf-b64": "AAAA" * BULK_OCTETS}), Lane.BULK)
        self.assertEqual(lane("guest-exec-status", {"pid": 1}), Lane.BULK)
        self.assertEqual(lane("txqga-exec-read", {"count": BULK_OCTETS + 1}), Lane.BULK)
        self.assertEqual(lane("txqga-exec-write", {"buf-b64": "AAAA" * BULK_OCTETS}), Lane.BULK)
        self.assertEqual(lane("txqga-exec-read", {"job": "x"}), Lane.INTERACTIVE)

    def test_nonsense(self) -> None:
        """
        Arguments that the agent will refuse are no reason to fail.
        """
        nonsense: JSON
        for nonsense in (None, "many", [], {}, 1.5):
            self.assertEqual(lane("guest-file-read", {"count": nonsense}), Lane.INTERACTIVE)
            self.assertEqual(lane("guest-file-write", {"buf-b64": 5}), Lane.INTERACTIVE)
