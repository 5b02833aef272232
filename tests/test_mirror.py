"""One name, one place: a module and its tests find each other by name."""

from pathlib import PurePosixPath

from twisted.trial.unittest import SynchronousTestCase

from tests._house import PACKAGE, ROOT

#: Folders of tests that are about no single module.
APART = {"functional", "benchmarks", "vm", "plugins", "chaos"}


def test_of(module: PurePosixPath) -> PurePosixPath:
    """``wire/_scanner.py`` is tested by ``wire/test_scanner.py``."""
    return module.with_name("test_" + module.name.removeprefix("_"))


class MirrorTests(SynchronousTestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.tested = {
            test_of(PurePosixPath(path.relative_to(PACKAGE)))
            for path in PACKAGE.rglob("*.py")
            if path.name not in ("__init__.py", "__main__.py")
        }
        self.tests = {
            PurePosixPath(path.relative_to(ROOT / "tests"))
            for path in (ROOT / "tests").rglob("test_*.py")
        }

    def test_every_module_is_tested(self) -> None:
        """
        Each module has a test file of its own, at the same place in the tree.
        """
        self.assertEqual([str(path) for path in sorted(self.tested - self.tests)], [])

    def test_every_test_has_its_module(self) -> None:
        """
        Each test file is about one module; those about the whole house are at the top.
        """
        strays = {
            path
            for path in self.tests - self.tested
            if len(path.parts) > 1 and path.parts[0] not in APART
        }
        self.assertEqual([str(path) for path in sorted(strays)], [])

    def test_folders_are_packages(self) -> None:
        """
        Every folder of tests is a package, or trial would pass over it without a word.
        """
        bare = {
            path.parent
            for path in (ROOT / "tests").rglob("test_*.py")
            if not (path.parent / "__init__.py").exists()
        }
        self.assertEqual(sorted(map(str, bare)), [])

    def test_one_concern_a_file(self) -> None:
        """
        A module is read in one go: 300 lines at most.
        """
        long = {
            str(path.relative_to(ROOT)): lines
            for path in PACKAGE.rglob("*.py")
            if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
        }
        self.assertEqual(long, {})
