"""The guest's disk with the agents: ours as in this tree, and the real one of the backports."""

import functools
import importlib.metadata
import shutil
import sys
from pathlib import Path

from tests.functional._oracle import V10_0, find
from tests.vm._cache import digest, filesystem, kept, run

ROOT = Path(__file__).parent.parent.parent

_PYTHON = "3.11"  #: the guest's

_AGENT = """\
#!/usr/bin/python{python}
import sys

sys.path[:0] = ["/opt/agent/tree", "/opt/agent/packages"{fast}]
from txqga.daemons.agent import main

main()
"""


def agent_disk() -> Path:
    """The disk with our agent and, if it is here, the qemu-ga of the backports."""
    required = importlib.metadata.requires("txqga") or ()
    wanted = [each for each in required if "extra" not in each]
    fast = [each.partition(";")[0] for each in required if 'extra == "fast"' in each]
    packages = kept(
        f"vm-packages-{digest([], _PYTHON, *wanted, '', *fast)}",
        functools.partial(_install_packages, wanted, fast),
    )
    files = [path for path in _tree_files() if path.is_file()]
    real = find(V10_0)
    programs = [Path(real.argv[0])] if real is not None else []
    names = [str(path.relative_to(ROOT)) for path in files]
    name = digest([Path(__file__), *files, *programs], packages.name, *names)
    build = functools.partial(_build_agent_disk, packages, files, programs)
    return kept(f"vm-agent-{name}", build, alone="vm-agent-*")


def _tree_files() -> list[Path]:
    kinds = ("*.py", "*.json", "py.typed")
    return sorted(path for kind in kinds for path in (ROOT / "txqga").rglob(kind))


def _install_packages(wanted: list[str], fast: list[str], folder: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    of_the_guest = ["--only-binary=:all:", f"--python-version={_PYTHON}", "--no-compile"]
    for name, each in (("packages", wanted), ("fast", fast)):
        run(*pip, *of_the_guest, f"--target={folder / name}", *each)
        _compile(folder / name)


def _compile(folder: Path) -> None:
    """Spare the guest the work, and never look at a file's time; only our own kind fits."""
    if sys.version_info[:2] == tuple(int(part) for part in _PYTHON.split(".")):
        where = ("-s", folder.parent, "-p", "/opt/agent", folder)
        run(sys.executable, "-m", "compileall", "-qq", "--invalidation-mode=unchecked-hash", *where)


def _build_agent_disk(
    packages: Path, files: list[Path], programs: list[Path], folder: Path
) -> None:
    disk = folder / "disk"
    for name in ("packages", "fast"):
        shutil.copytree(packages / name, disk / name)
    for path in files:
        copy = disk / "tree" / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    _compile(disk / "tree")
    (disk / "bin").mkdir()
    for name, fast in (("txqga-agent", ""), ("txqga-agent-fast", ', "/opt/agent/fast"')):
        agent = disk / "bin" / name
        agent.write_text(_AGENT.format(python=_PYTHON, fast=fast))
        agent.chmod(0o755)
    for program in programs:
        shutil.copy(program, disk / "bin" / "qemu-ga-10.0")
    filesystem(folder / "agent.img", "192M", disk)
    shutil.rmtree(disk)
