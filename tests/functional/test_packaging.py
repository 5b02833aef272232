"""What is installed: the files for the guest's system, and what the wheel holds."""

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

import txqga
from tests.functional._client import PATIENCE
from tests.functional._oracle import OURS, require
from tests.functional._process import environment

ROOT = Path(txqga.__file__).parent.parent
UNIT = ROOT / "data" / "txqga-agent.service"
MUX_UNIT = ROOT / "data" / "txqga-mux.service"
RULES = ROOT / "data" / "60-txqga-agent.rules"

#: where Debian's package puts what it has of the same kind
THEIR_UNIT = Path("/lib/systemd/system/qemu-guest-agent.service")
THEIR_RULES = Path("/lib/udev/rules.d/60-qemu-guest-agent.rules")

_MATCH = re.compile(r'([A-Z]+(?:\{\w+\})?)(==|=|\+=)"([^"]*)"')


def program(name: str) -> str:
    """Where a program is. :raise SkipTest: it is not here."""
    found = shutil.which(name)
    if found is None:
        raise SkipTest(f"no {name} on this machine")
    return found


def text_of(path: Path) -> str:
    """What a file holds that may not be here. :raise SkipTest: it is not."""
    if not path.exists():
        raise SkipTest(f"no {path} on this machine")
    return path.read_text()


def matches(rules: str) -> list[tuple[str, str, str]]:
    """What the rules of udev ask and do, one after the other."""
    lines = [line for line in rules.splitlines() if not line.startswith("#")]
    return _MATCH.findall(" ".join(lines))


class FilesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="qga"))
        self.addCleanup(shutil.rmtree, self.folder)

    def verify(self, name: str, unit: str) -> str:
        """What systemd has to say against a unit."""
        path = self.folder / name
        path.write_text(unit)
        argv = [program("systemd-analyze"), "verify", "--man=no", str(path)]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return "".join(line for line in done.stderr.splitlines(True) if name in line)

    def test_unit(self) -> None:
        """
        Systemd understands every word of the unit.
        """
        unit = UNIT.read_text().replace("/usr/local/bin/txqga-agent", "/bin/true")
        self.assertEqual(self.verify(UNIT.name, unit), "")
        self.assertIn("Unknown key", self.verify(UNIT.name, unit + "Restarts=always\n"))

    def test_mux_unit(self) -> None:
        """
        Systemd understands every word of the mux's unit, and what it starts is what there is.
        """
        unit = MUX_UNIT.read_text()
        (start,) = re.findall("^ExecStart=/usr/local/bin/(.*)$", unit, re.MULTILINE)
        self.assertEqual(start.split()[:4], ["twistd", "-n", "--pidfile=", "qga-mux"])
        unit = unit.replace("/usr/local/bin/twistd", "/bin/true")
        self.assertEqual(self.verify(MUX_UNIT.name, unit), "")
        self.assertIn("Unknown key", self.verify(MUX_UNIT.name, unit + "Restarts=always\n"))

    def test_mux_unit_is_wide_enough(self) -> None:
        """
        The mux's unit allows every kind of socket that the mux asks for.
        """
        (allowed,) = re.findall(
            "^RestrictAddressFamilies=(.*)$", MUX_UNIT.read_text(), re.MULTILINE
        )
        parts = ("mux", "qmp", "transports", "daemons")
        sources = [path for part in parts for path in (ROOT / "txqga" / part).rglob("*.py")]
        asked = {
            each for path in sources for each in re.findall(r"\bAF_[A-Z0-9]+", path.read_text())
        }
        self.assertIn("AF_UNIX", asked)
        self.assertEqual(asked - set(allowed.split()), set())

    def test_their_unit(self) -> None:
        """
        The unit of qemu-ga is good for txqga-agent too: only the program's path changes.
        """
        theirs = text_of(THEIR_UNIT)
        script = self.folder / "txqga-agent"
        words = " ".join(f"'{word}'" for word in require(OURS).argv)
        script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        script.chmod(0o755)
        unit = theirs.replace("/usr/sbin/qemu-ga", str(script))
        self.assertNotEqual(unit, theirs)
        self.assertEqual(self.verify(THEIR_UNIT.name, unit), "")
        (start,) = re.findall("^ExecStart=-?(.*)$", unit, re.MULTILINE)
        done = subprocess.run(
            [*start.split(), "-D"],
            capture_output=True,
            env={**environment(), "QGA_CONF": "/nonexistent"},
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        self.assertIn("\nmethod=virtio-serial\n", done.stdout)

    def test_bound_to_the_port(self) -> None:
        """
        Ours comes and goes with the port, as theirs does.
        """
        for key in ("BindsTo", "After", "Restart"):
            pattern = re.compile(f"^{key}=(.*)$", re.MULTILINE)
            self.assertEqual(
                pattern.findall(UNIT.read_text()), pattern.findall(text_of(THEIR_UNIT))
            )

    def test_rules(self) -> None:
        """
        The rules of udev ask for the same port, and start our unit.
        """
        theirs = matches(text_of(THEIR_RULES))
        self.assertEqual(len(theirs), 4)
        ours = [
            (key, does, value.replace("qemu-guest-agent", "txqga-agent"))
            for key, does, value in theirs
        ]
        self.assertEqual(matches(RULES.read_text()), ours)
        self.assertGreater(RULES.name, THEIR_RULES.name)

    def test_rules_verified(self) -> None:
        """
        Udev understands every word of them.
        """
        udevadm = program("udevadm")
        asked = subprocess.run([udevadm, "verify", "--help"], capture_output=True, check=False)
        if asked.returncode:
            raise SkipTest("udevadm cannot verify rules before systemd 254")
        done = subprocess.run(
            [udevadm, "verify", str(RULES)], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr)


class ScriptTests(SynchronousTestCase):
    def test_no_byte_code(self) -> None:
        """
        The program writes no byte code, also not that of what it imports first.
        """
        folder = Path(tempfile.mkdtemp(prefix="qga"))
        self.addCleanup(shutil.rmtree, folder)
        without = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "txqga", folder / "txqga", ignore=without)
        done = subprocess.run(
            [sys.executable, ROOT / "bin" / "txqga-agent", "-b", "help"],
            capture_output=True,
            env={**environment(), "PYTHONPATH": str(folder), "QGA_CONF": "/nonexistent"},
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        self.assertIn("guest-fsfreeze-freeze\n", done.stdout)
        self.assertEqual(list(folder.rglob("*.pyc")), [])


class WheelTests(SynchronousTestCase):
    def test_holds(self) -> None:
        """
        The wheel holds the package, its data, the names for Twisted, the system's files and the
        man pages.
        """
        folder = Path(tempfile.mkdtemp(prefix="qga"))
        self.addCleanup(shutil.rmtree, folder)
        for name in ("txqga", "twisted", "data", "plugins", "bin"):
            shutil.copytree(ROOT / name, folder / name)
        for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, folder)
        build = "from setuptools import build_meta; build_meta.build_wheel('made')"
        done = subprocess.run(
            [sys.executable, "-c", build], cwd=folder, capture_output=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace")[-2000:])
        (wheel,) = (folder / "made").glob("txqga-*.whl")
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        prefix = wheel.name.split("-py3")[0] + ".data/data/share/txqga/"
        for name in (
            f"{prefix.removesuffix('data/share/txqga/')}scripts/txqga-agent",
            "txqga/py.typed",
            "txqga/guest/_commands.pyi",
            "txqga/guest/types.pyi",
            "txqga/schema/data/guest.json",
            "txqga/transports/endpoints/_parsers.py",
            "twisted/plugins/txqga_plugin.py",
            "twisted/plugins/txqga_endpoints.py",
            f"{prefix}{UNIT.name}",
            f"{prefix}{RULES.name}",
            *(
                f"{prefix.removesuffix('txqga/')}man/man1/{path.name}"
                for path in (ROOT / "data" / "man").iterdir()
            ),
            *(
                f"{prefix}{path.relative_to(ROOT)}"
                for path in (ROOT / "plugins").rglob("*")
                if path.suffix in (".json", ".py")
            ),
        ):
            self.assertIn(name, names)
        self.assertNotIn("twisted/__init__.py", names)
