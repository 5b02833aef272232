"""``txqga shutdown`` and ``txqga reboot``."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred

from tests.cli._case import VerbCase
from txqga.cli.verbs._power import reboot, shutdown
from txqga.errors import CommandFailed
from txqga.testing import SILENCE


class PowerTests(VerbCase):
    def setUp(self) -> None:
        self.modes: list[Any] = []
        self.answers = {"guest-shutdown": self.shutdown}

    def shutdown(self, arguments: Any) -> Any:
        self.modes.append(arguments.get("mode"))
        return SILENCE

    def tell(self, work: Callable[..., Any], **given: Any) -> list[str]:
        run = self.start()
        telling = Deferred.fromCoroutine(work(run, guest="db1", **given))
        self.assertNoResult(telling)
        for _ in range(30):
            run.guests["db1"].advance(10)
        self.successResultOf(telling)
        return run.lines

    def test_told(self) -> None:
        """
        A guest that does not refuse was told.
        """
        said = self.tell(shutdown.work, halt=False)
        self.assertEqual(said, ["db1 was told to shut down, and did not refuse"])
        self.tell(shutdown.work, halt=True)
        self.tell(reboot.work)
        self.assertEqual(self.modes, ["powerdown", "halt", "reboot"])

    def test_refused(self) -> None:
        """
        What the agent refuses is an error.
        """
        self.answers["guest-shutdown"] = CommandFailed("no")
        self.failed(reboot.work(self.start(), guest="db1"), CommandFailed)
