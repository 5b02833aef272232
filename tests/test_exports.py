"""What is public is listed, can be imported, and is documented."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from types import ModuleType

from twisted.trial.unittest import SynchronousTestCase

from tests._house import ROOT, all_imports, modules

REFERENCE = ROOT / "docs" / "reference"

#: What the agent is made of; its commands have pages of their own.
INTERNAL = ("txqga.agent.families", "txqga.agent.platform")


class ExportsTests(SynchronousTestCase):
    def packages(self) -> list[tuple[ModuleType, Path]]:
        return [
            (import_module(name), path)
            for name, path in modules().items()
            if path.name == "__init__.py"
        ]

    def test_packages_only_gather(self) -> None:
        """
        A package's ``__init__`` is a docstring, imports and ``__all__``: code has its own file.
        """
        for name, path in modules().items():
            if path.name != "__init__.py" or name == "txqga":
                continue
            docstring, *rest = ast.parse(path.read_text(encoding="utf-8")).body
            self.assertIsInstance(docstring, ast.Expr, name)
            for statement in rest:
                self.assertIsInstance(statement, (ast.ImportFrom, ast.Assign), name)

    def test_all_is_complete(self) -> None:
        """
        ``__all__`` is exactly what the package gathers from its modules.
        """
        gathered: dict[str, set[str]] = {}
        for found in all_imports():
            gathered.setdefault(found.importer, set()).add(found.module.split(".")[-1])
        for package, _ in self.packages():
            name = package.__name__
            public = set(getattr(package, "__all__", []))
            listed = gathered.get(name, set()) - {"TYPE_CHECKING"}
            self.assertEqual(public - {"__version__"}, listed, name)

    def test_all_can_be_imported(self) -> None:
        """
        Each name of ``__all__`` is there.
        """
        for package, _ in self.packages():
            for name in getattr(package, "__all__", []):
                self.assertTrue(hasattr(package, name), f"{package.__name__}.{name}")

    def test_documented(self) -> None:
        """
        Each public class and function says what it does.
        """
        silent = []
        for package, _ in self.packages():
            for name in getattr(package, "__all__", []):
                value = getattr(package, name)
                if (inspect.isclass(value) or inspect.isfunction(value)) and not value.__doc__:
                    silent.append(f"{package.__name__}.{name}")
        self.assertEqual(silent, [])

    def test_in_the_reference(self) -> None:
        """
        Each package with public names, and each public module, has its page in the reference.
        """
        pages = "".join(path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.rst"))
        missing = [
            name
            for name, path in modules().items()
            if not any(word.startswith("_") for word in name.split("."))
            and not name.startswith(INTERNAL)
            and (path.name != "__init__.py" or getattr(import_module(name), "__all__", []))
            and f".. automodule:: {name}\n" not in pages
        ]
        self.assertEqual(missing, [])
