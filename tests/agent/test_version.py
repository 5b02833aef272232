"""The version of the interface."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._config import Config
from txqga.agent._version import QEMU_VERSION
from txqga.agent.options import Told, read


class VersionTests(SynchronousTestCase):
    def test_form(self) -> None:
        """
        It is three numbers, which clients compare.
        """
        self.assertRegex(QEMU_VERSION, r"\A\d+\.\d+\.\d+\Z")

    def test_one_version(self) -> None:
        """
        guest-info and -V name the same one.
        """
        told = Told(f"QEMU Guest Agent {QEMU_VERSION}\n")
        environ = {"QGA_CONF": "/nonexistent"}
        self.assertEqual(read("agent", ["-V"], environ, lambda config: ()), told)
        self.assertEqual(Config().version, QEMU_VERSION)
