"""A real QEMU is given a port for an agent, in our words."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from unittest import SkipTest

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux import AgentPort, Bus

QEMU = "qemu-system-x86_64"


class PortTests(SynchronousTestCase):
    def setUp(self) -> None:
        if shutil.which(QEMU) is None:
            assert os.environ.get("TXQGA_REQUIRE_REAL") != "1", f"no {QEMU}"
            raise SkipTest(f"no {QEMU}")
        self.folder = Path(tempfile.mkdtemp(prefix="qga", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, True)

    def ask(self, port: AgentPort, *commands: str) -> list[Any]:
        """What a QEMU with this port, and without a guest, answers."""
        asked = ["qmp_capabilities", *commands, "quit"]
        done = subprocess.run(
            [
                *(QEMU, "-nodefaults", "-display", "none", "-machine", "pc", "-accel", "tcg"),
                *("-S", "-m", "16", "-qmp", "stdio"),
                *port.qemu_arguments(),
            ],
            input="".join(json.dumps({"execute": each}) + "\n" for each in asked),
            capture_output=True,
            timeout=60,
            check=False,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        return [each["return"] for each in said if "return" in each][1:-1]

    def test_accepted(self) -> None:
        """
        QEMU takes the words, and has a socket at the path, whatever the bus.
        """
        for bus in Bus:
            path = self.folder / f"{bus.value},1.sock"
            (chardevs,) = self.ask(AgentPort(path=str(path), bus=bus), "query-chardev")
            (ours,) = (each for each in chardevs if each["label"] == "qga0")
            self.assertIn(str(path), ours["filename"])
