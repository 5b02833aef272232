"""guest-shutdown, guest-suspend-disk, guest-suspend-ram and guest-suspend-hybrid."""

from twisted.logger import capturedLogs

from tests.agent.families._asking import AskingTests
from txqga.agent.families._power import Power
from txqga.errors import CommandFailed


class PowerTests(AskingTests):
    def setUp(self) -> None:
        super().setUp()
        self.blocking = True
        self.family = Power(self.platform)

    def test_shutdown(self) -> None:
        """
        The guest ends in one of three ways: by default its power is switched off.
        """
        with capturedLogs() as seen:
            self.ask(self.family, "guest-shutdown")
            for mode in ("powerdown", "halt", "reboot"):
                self.ask(self.family, "guest-shutdown", mode=mode)
        modes = ["powerdown", "powerdown", "halt", "reboot"]
        self.assertEqual(self.platform.done, [("shut_down", mode) for mode in modes])
        self.assertEqual([event["mode"] for event in seen], modes)

    def test_no_such_mode(self) -> None:
        """
        There is no other way, in the words of qemu-ga to the letter.
        """
        for mode in ("", "poweroff", "Halt"):
            self.assertEqual(
                self.refusal(self.family, "guest-shutdown", mode=mode),
                "mode is invalid (valid values are: halt|powerdown|reboot",
            )
        self.assertEqual(self.platform.done, [])

    def test_suspend(self) -> None:
        """
        The guest sleeps in one of three ways.
        """
        for mode in ("disk", "ram", "hybrid"):
            self.ask(self.family, f"guest-suspend-{mode}")
            self.assertEqual(self.platform.done.pop(), ("suspend", mode))

    def test_refused(self) -> None:
        """
        What the system says is the reply.
        """
        self.platform.tell(suspend=CommandFailed("no bed"), shut_down=CommandFailed("no end"))
        self.assertEqual(self.refusal(self.family, "guest-suspend-ram"), "no bed")
        self.assertEqual(self.refusal(self.family, "guest-shutdown"), "no end")
