"""The tree of txqga as the tests of its structure read it: from the files, importing nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "txqga"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def name_of(path: Path) -> str:
    """``.../txqga/wire/__init__.py`` is ``txqga.wire``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> dict[str, Path]:
    """Every module and package of txqga, by name."""
    return {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@frozen(kw_only=True)
class Import:
    """One imported module, or a name that may be one."""

    importer: str
    line: int
    module: str
    at_top: bool  #: runs when the importer is imported
    guarded: bool  #: inside a ``try``: the importer can do without
    for_types: bool  #: under ``if TYPE_CHECKING``: never runs

    def __str__(self) -> str:
        return f"{self.importer}, line {self.line}: imports {self.module}"


def imports(importer: str, source: str, is_package: bool = False) -> Iterator[Import]:
    """
    List what a module imports, wherever in it: annotations-only imports count too.

    ``from a import b`` is listed as ``a.b``, as ``b`` may be a module.
    """
    package = importer.split(".") if is_package else importer.split(".")[:-1]

    def walk(node: ast.AST, at_top: bool, guarded: bool, types: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            names = []
            if isinstance(child, ast.Import):
                names = [alias.name for alias in child.names]
            elif isinstance(child, ast.ImportFrom):
                base = package[: len(package) + 1 - child.level] if child.level else []
                start = ".".join([*base, *([child.module] if child.module else [])])
                names = [f"{start}.{alias.name}" for alias in child.names]
            for name in names:
                yield Import(
                    importer=importer,
                    line=getattr(child, "lineno", 0),
                    module=name,
                    at_top=at_top,
                    guarded=guarded,
                    for_types=types,
                )
            yield from walk(
                child,
                at_top and not isinstance(child, FUNCTIONS),
                guarded or isinstance(child, ast.Try),
                types or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)),
            )

    yield from walk(ast.parse(source), True, False, False)


def all_imports() -> list[Import]:
    """Every import of every module of txqga."""
    return [
        found
        for name, path in modules().items()
        for found in imports(name, path.read_text(encoding="utf-8"), path.stem == "__init__")
    ]
