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
from tests.vm._image import Images, images, missing
from tests.vm._patience import PATIENCE
from tests.vm._qmp import Qmp
from tests.vm._side import Broken, Side

#: The guest's ports for agents, by the name of the host's socket: the device in the guest.
PORTS = {
    "agent": "/dev/virtio-ports/org.qemu.guest_agent.0",
    "oracle": "/dev/virtio-ports/org.qemu.guest_agent.1",
    "serial": "/dev/ttyS1",
}


class Machine:
    """A running virtual machine."""

    def __init__(self, built: Images) -> None:
        # a socket's path holds 107 octets, and trial's own folders are long
        self.folder = Path(tempfile.mkdtemp(prefix="txqga-vm-", dir="/tmp"))
        self._built = built
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """
        Boot, and wait until the guest's shell answers.

        :raise AssertionError: it does not; with the end of what the kernel said.
        """
        root, data = self.folder / "root.qcow2", self.data
        run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self._built.root, root)
        run("cp", "--sparse=always", self._built.data, data)
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                # the machine goes when the tests are killed, too
                ["setpriv", "--pdeathsig", "KILL", *self._words(root, data)],
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
        """The host's end of a port of :data:`PORTS`; of ``qmp``, and of ``side``."""
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

    def _words(self, root: Path, data: Path) -> list[str]:
        words = ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot"]
        words += ["-machine", "pc", "-accel", "tcg,tb-size=128", "-cpu", "qemu64,+rdrand"]
        words += ["-smp", "2", "-m", "384M,slots=2,maxmem=1G", "-rtc", "base=utc"]
        words += ["-global", "PIIX4_PM.disable_s3=0"]
        words += ["-object", "memory-backend-ram,id=dimm,size=128M"]
        words += ["-device", "pc-dimm,id=dimm0,memdev=dimm"]
        words += ["-kernel", str(self._built.kernel), "-initrd", str(self._built.initramfs)]
        words += ["-append", "console=ttyS0 quiet panic=-1 memhp_default_state=online_movable"]
        for name, serial, options in (
            ("root", "", f"file={root},format=qcow2,cache=unsafe"),
            ("programs", "", f"file={self._built.agent},format=raw,readonly=on"),
            ("data", "bed-data", f"file={data},format=raw,cache=unsafe,discard=unmap"),
        ):
            words += ["-drive", f"if=none,id={name},{options}"]
            words += ["-device", f"virtio-blk-pci,drive={name},serial={serial}"]
        words += ["-netdev", "user,id=net,restrict=on"]
        words += ["-device", "virtio-net-pci,netdev=net,mac=52:54:00:12:34:56"]
        words += ["-serial", f"file:{self._console}"]
        for name in (*PORTS, "side", "qmp"):
            where = f"path={self.socket(name)},server=on,wait=off"
            words += ["-chardev", f"socket,id={name},{where}"]
        words += ["-mon", "chardev=qmp,mode=control", "-serial", "chardev:serial"]
        words += ["-device", "virtio-serial-pci"]
        for name, port in (
            ("agent", "org.qemu.guest_agent.0"),
            ("oracle", "org.qemu.guest_agent.1"),
            ("side", "txqga.side.0"),
        ):
            # without the id QEMU tells nobody that the guest has opened it
            words += ["-device", f"virtserialport,chardev={name},name={port},id={name}"]
        return words


@functools.cache
def _booted() -> Machine | str:
    """The machine of this run, or why there is none."""
    if (reason := missing()) is not None:
        return reason
    machine = Machine(images())
    atexit.register(machine.stop)
    try:
        machine.start()
    except AssertionError as why:
        machine.stop()
        return str(why)
    return machine


def machine() -> Machine:
    """
    The machine of this run, which is booted by the first who asks.

    :raise SkipTest: nothing here can build it.
    :raise AssertionError: the same with ``TXQGA_REQUIRE_REAL=1``; or it does not boot.
    """
    found = _booted()
    if isinstance(found, Machine):
        return found
    if missing() is None or os.environ.get("TXQGA_REQUIRE_REAL") == "1":
        raise AssertionError(found)
    raise SkipTest(found)
