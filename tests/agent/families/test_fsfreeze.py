"""guest-fsfreeze-*, and the lease of a freeze."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import capturedLogs

from tests.agent._threads import Threads
from tests.agent.families._asking import AskingTests
from txqga.agent._config import Config
from txqga.agent._freezing import Freezing
from txqga.agent.families._fsfreeze import Fsfreeze
from txqga.agent.platform import MemoryMounts, MemoryPlatform, Mounted


class FsfreezeTests(AskingTests):
    def setUp(self) -> None:
        super().setUp()
        self.threads = Threads()
        self.platform = MemoryPlatform(
            mounts=MemoryMounts((Mounted("/", "1:1"), Mounted("/data", "1:2")))
        )
        self.make(600)

    def make(self, limit: int) -> None:
        freezing = Freezing(
            self.threads.reactor,
            Config(freeze_limit=limit),
            None,
            self.platform,
            lambda frozen: None,
            start=self.threads.start,
        )
        self.family = Fsfreeze(freezing.freeze, freezing.is_frozen)

    def asked(self, command: str, **arguments: Any) -> Any:
        result = self.ask(self.family, command, **arguments)
        if isinstance(result, Deferred):
            self.threads.run()
            return self.successResultOf(result)
        return result

    def test_freeze_and_thaw(self) -> None:
        """
        Everything is frozen and thawed, and counted; what was done can be read in the log.
        """
        self.assertEqual(self.asked("guest-fsfreeze-status"), "thawed")
        with capturedLogs() as seen:
            self.assertEqual(self.asked("guest-fsfreeze-freeze"), 2)
            self.assertEqual(self.asked("guest-fsfreeze-status"), "frozen")
            self.assertEqual(self.asked("guest-fsfreeze-thaw"), 2)
        self.assertEqual(self.asked("guest-fsfreeze-status"), "thawed")
        said = [each["log_format"] for each in seen if "families" in each["log_namespace"]]
        self.assertEqual(said, ["guest-fsfreeze called", "guest-fsthaw called"])

    def test_list(self) -> None:
        """
        Some can be frozen, or none; without a list it is all of them.
        """
        list_ = "guest-fsfreeze-freeze-list"
        self.assertEqual(self.asked(list_, mountpoints=[]), 0)
        self.assertEqual(self.asked("guest-fsfreeze-status"), "thawed")
        self.assertEqual(self.asked(list_, mountpoints=["/data", "/nowhere"]), 1)
        self.assertEqual(self.asked("guest-fsfreeze-thaw"), 1)
        self.assertEqual(self.asked(list_), 2)

    def test_lease(self) -> None:
        """
        A freeze is renewed, up to the limit; what is left is told.
        """
        self.asked("guest-fsfreeze-freeze")
        self.assertEqual(self.asked("txqga-freeze-lease"), {"seconds": 600})
        self.assertEqual(self.asked("txqga-freeze-lease", seconds=60), {"seconds": 60})
        self.assertEqual(self.asked("txqga-freeze-lease", seconds=9999), {"seconds": 600})

    def test_no_limit(self) -> None:
        """
        Where there is no limit nothing is left, until a host sets one.
        """
        self.make(0)
        self.asked("guest-fsfreeze-freeze")
        self.assertEqual(self.asked("txqga-freeze-lease"), {})
        self.assertEqual(self.asked("txqga-freeze-lease", seconds=5), {"seconds": 5})

    def test_no_lease(self) -> None:
        """
        What is not frozen cannot be renewed, and nothing for no time, or for a century.
        """
        reply = self.ask(self.family, "txqga-freeze-lease")
        self.assertEqual(str(self.failureResultOf(reply).value), "nothing is frozen")
        for seconds in (0, -1, 1 << 40):
            desc = self.refusal(self.family, "txqga-freeze-lease", seconds=seconds)
            self.assertEqual(desc, f"value '{seconds}' is invalid for argument seconds")
