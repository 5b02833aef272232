"""The names that ``twistd`` knows."""

from twisted.application.service import IServiceMaker, ServiceMaker
from twisted.plugin import getPlugins
from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT


class PluginsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.makers = {
            maker.tapname: maker
            for maker in getPlugins(IServiceMaker)
            if isinstance(maker, ServiceMaker) and maker.module.startswith("txqga.")
        }

    def test_listed(self) -> None:
        """
        ``twistd`` lists both daemons.
        """
        self.assertEqual(sorted(self.makers), ["qga-agent", "qga-mux"])

    def test_described(self) -> None:
        """
        ``twistd --help`` says what each is for, in one sentence.
        """
        for maker in self.makers.values():
            self.assertRegex(maker.description, r"\A[A-Z].*\.\Z")

    def test_loads(self) -> None:
        """
        Each name leads to a module with options and a service.
        """
        for name, maker in self.makers.items():
            self.assertTrue(callable(maker.makeService), name)
            self.assertTrue(callable(maker.options), name)

    def test_no_packages(self) -> None:
        """
        The folders of the plug-in file are no packages: they would hide Twisted's own.
        """
        for folder in ("twisted", "twisted/plugins"):
            self.assertFalse((ROOT / folder / "__init__.py").exists(), folder)
