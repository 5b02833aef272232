"""
The virtual machine under test: booted once, for all tests of a run.

QEMU's own emulation, never KVM: that is not to be had wherever the tests run. What the guest has
is in ``tests/vm/guest``; its root disk is thrown away with it.
"""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from unittest import SkipTest

from tests.vm._cache import run
from tests.vm._hardware import words
from tests.vm._image import Images, images, missing
from tests.vm._patience import PATIENCE
from tests.vm._qmp import Qmp
from tests.vm._side import Broken, Side


class Machine:
    """A running virtual machine."""

    def __init__(self, built: Images, *, systemd: bool = False) -> None:
        """
        :param systemd: boot into that and udev, with more kinds of disks; else into a shell script.
        """
        # a socket's path holds 107 octets, and trial's own folders are long
        self.folder = Path(tempfile.mkdtemp(prefix="txqga-vm-", dir="/tmp"))
        self._built = built
        self._systemd = systemd
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """
        Boot, and wait until the guest's shell answers.

        :raise AssertionError: it does not; with the end of what the kernel said.
        """
        root = self.folder / "root.qcow2"
        run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self._built.root, root)
        run("cp", "--sparse=always", self._built.data, self.data)
        command = words(self._built, self.folder, systemd=self._systemd)
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                # the machine goes when the tests are killed, too
                ["setpriv", "--pdeathsig", "KILL", *command],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
            )
        try:
            while not self.socket("qmp").exists():  # the last one that QEMU makes
                assert self._process.poll() is None, "QEMU ended"
                time.sleep(0.01)
            self.side = Side(self.socket("side"))
            self.qmp = Qmp(self.socket("qmp"))
            self.side.booted()
            # a guest that does not boot ends QEMU; one that turns itself off later does not
            self.qmp.call("set-action", reboot="reset", shutdown="pause")
        except (Broken, OSError, AssertionError) as why:
            raise AssertionError(f"no virtual machine: {why}\n{self.complaints()}") from why

    def socket(self, name: str) -> Path:
        """The host's end of a port of the guest, by its name; of ``qmp``, and of ``side``."""
        return self.folder / name

    @property
    def data(self) -> Path:
        """The file behind the guest's /data: raw, sparse; what the guest trims is freed."""
        return self.folder / "data.img"

    def reset(self) -> None:
        """
        Boot again, as the button does; also a guest that has turned itself off or stands still.

        What was written to the disks and synced stays. Agents are gone, and so is /run.
        """
        self.qmp.forget()
        self.qmp.call("system_reset")
        self.rebooted()

    def rebooted(self) -> None:
        """Wait for the end of a reboot that something else has begun."""
        self.qmp.wait("RESET")
        if not self.qmp.call("query-status")["running"]:
            self.qmp.call("cont")
        self.side.booted()

    def complaints(self) -> str:
        """The end of what QEMU and the guest's kernel have said."""
        said = [path.read_bytes() for path in (self._errors, self._console) if path.exists()]
        return b"\n".join(said)[-4000:].decode(errors="replace")

    def stop(self) -> None:
        """Pull the plug; nothing is left."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _errors(self) -> Path:
        return self.folder / "stderr"

    @property
    def _console(self) -> Path:
        return self.folder / "console"


@functools.cache
def _booted(*, systemd: bool) -> Machine | str:
    """The machine of this run, or why there is none."""
    if (reason := missing()) is not None:
        return reason
    machine = Machine(images(), systemd=systemd)
    atexit.register(machine.stop)
    try:
        machine.start()
    except AssertionError as why:
        machine.stop()
        return str(why)
    return machine


def machine(*, systemd: bool = False) -> Machine:
    """
    The machine of this run, which is booted by the first who asks; there are two.

    :raise SkipTest: nothing here can build it.
    :raise AssertionError: the same with ``TXQGA_REQUIRE_REAL=1``; or it does not boot.
    """
    found = _booted(systemd=systemd)
    if isinstance(found, Machine):
        return found
    if missing() is None or os.environ.get("TXQGA_REQUIRE_REAL") == "1":
        raise AssertionError(found)
    raise SkipTest(found)
