"""txqga-info."""

from typing import Any

from tests.agent.families._asking import AskingTests
from txqga import __version__
from txqga.agent.families._about import About
from txqga.schema import extended, structure, unstructure
from txqga.wire import QEMU_LIMITS


class AboutTests(AskingTests):
    def info(self) -> Any:
        return self.ask(About(), "txqga-info")

    def test_version(self) -> None:
        """
        The version is that of txqga.
        """
        self.assertEqual(self.info()["version"], __version__)

    def test_plugins(self) -> None:
        """
        The plug-ins are named in the order in which they were loaded.
        """
        self.assertEqual(self.info()["plugins"], [])
        self.assertEqual(self.ask(About(["b", "a"]), "txqga-info")["plugins"], ["b", "a"])

    def test_limits(self) -> None:
        """
        A host learns what it may ask for at once.
        """
        limits = self.info()["limits"]
        self.assertEqual(limits["request"] + 1, QEMU_LIMITS.octets)
        self.assertLessEqual(limits["file-read"] * 4 / 3, QEMU_LIMITS.octets)

    def test_shape(self) -> None:
        """
        The reply has the shape that the schema says.
        """
        info = self.info()
        schema = extended()
        self.assertEqual(unstructure(structure(schema, "TxqgaInfo", info)), info)
