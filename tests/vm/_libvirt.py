"""
A virtual machine that libvirt runs, from the same images.

No systemd and no service: a libvirtd of our own for somebody without rights, whose machines QEMU
emulates.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from attrs import frozen

from tests.vm._cache import PATH, run
from tests.vm._image import Images
from tests.vm._patience import PATIENCE
from tests.vm._side import Broken, Side

#: Debian's packages that this needs, besides those of :mod:`tests.vm._image`.
PACKAGES = ("libvirt-daemon", "libvirt-clients")

_PROGRAMS = ("libvirtd", "virsh")
_NOBODY = 65534
_DOMAIN = Path(__file__).parent / "guest" / "domain.xml"


def missing() -> str | None:
    """Why there is no libvirt here, or None."""
    lacking = [name for name in _PROGRAMS if shutil.which(name, path=PATH) is None]
    return f"no {', '.join(lacking)} (apt install {' '.join(PACKAGES)})" if lacking else None


@frozen
class Said:
    """What ``virsh`` said."""

    status: int
    output: str  #: standard output and standard error


class Libvirt:
    """A libvirtd, and at most one machine, ``bed``."""

    def __init__(self, built: Images) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="txqga-lv-", dir="/tmp"))
        for image in (built.kernel, built.initramfs, built.root, built.agent):
            # the cache may be where nobody else may look
            run("cp", "--sparse=always", image, self.folder / image.name)
        self._data = built.data
        self._daemon: subprocess.Popen[bytes] | None = None
        self._side: Side | None = None

    def start(self) -> None:
        """
        Start the daemon, and wait until it answers.

        :raise AssertionError: it does not; with what it said.
        """
        for name in ("run", "config/libvirt", "cache", "data"):
            (self.folder / name).mkdir(parents=True)
        # by default a daemon more writes what machines print
        (self.folder / "config/libvirt/qemu.conf").write_text('stdio_handler = "file"\n')
        run("chown", "-R", f"{_NOBODY}:{_NOBODY}", self.folder)
        with (self.folder / "log").open("wb") as log:
            self._daemon = subprocess.Popen(
                # all of it goes when the tests are killed, its machine too; a shell buries the dead
                [
                    *("setpriv", "--pdeathsig", "KILL"),
                    *("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"),
                    *("sh", "-c", '"$@" & wait', "sh", *self._command("libvirtd")),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            self.until("version")
        except AssertionError as why:
            raise AssertionError(f"no libvirt: {why}\n{self.complaints()}") from why

    def virsh(self, *words: str) -> Said:
        """Run ``virsh`` with these words."""
        done = subprocess.run(
            self._command("virsh", "--connect", "qemu:///session", *words),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            text=True,
        )
        return Said(done.returncode, done.stdout)

    def boot(self) -> None:
        """
        Start the machine with new disks, and wait until the guest's shell answers.

        :raise AssertionError: it does not; with what libvirt and the guest have said.
        """
        for left in self.folder.glob("*.snap"):
            left.unlink()
        for name, backing in (("root", self.folder / "root.img"), ("data", self._data)):
            image = self.folder / f"{name}.qcow2"
            image.unlink(missing_ok=True)
            if name == "root":
                run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", backing, image)
            else:
                run("qemu-img", "convert", "-q", "-O", "qcow2", backing, image)
            os.chown(image, _NOBODY, _NOBODY)
        domain = self.folder / "domain.xml"
        domain.write_text(_DOMAIN.read_text().replace("{folder}", str(self.folder)))
        said = self.virsh("create", str(domain))
        assert said.status == 0, f"{said.output}\n{self.complaints()}"
        self._side = Side(self.folder / "side")
        try:
            self.side.booted()
        except Broken as why:
            raise AssertionError(f"no machine: {why}\n{self.complaints()}") from why

    @property
    def side(self) -> Side:
        """The shell of the machine that was booted."""
        assert self._side is not None
        return self._side

    def until(self, *words: str, status: int = 0, says: str = "") -> None:
        """
        Run ``virsh`` again and again until it ends so, and says this.

        :raise AssertionError: it never did; with what it says instead.
        """
        deadline = time.monotonic() + PATIENCE
        while (said := self.virsh(*words)).status != status or says not in said.output:
            assert time.monotonic() < deadline, f"never: {words}: {said.output}"
            time.sleep(0.2)

    def off(self) -> None:
        """Pull the machine's plug, if it is still there."""
        self.virsh("destroy", "bed")
        if self._side is not None:
            self._side.close()
            self._side = None

    def complaints(self) -> str:
        """The end of what libvirtd and the guest's kernel have said."""
        paths = (self.folder / "log", self.folder / "console")
        said = [path.read_bytes() for path in paths if path.exists()]
        return b"\n".join(said)[-4000:].decode(errors="replace")

    def stop(self) -> None:
        """Pull the plug of the machine, and of the daemon; nothing is left."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self, *words: str) -> list[str]:
        folder = self.folder
        return [
            *("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"),
            *("env", "-i", f"PATH={PATH}", f"HOME={folder}"),
            *(f"XDG_{name.upper()}_HOME={folder / name}" for name in ("config", "cache", "data")),
            # virsh would start a daemon of its own, for it does not see ours at once
            *(f"XDG_RUNTIME_DIR={folder / 'run'}", "LIBVIRT_AUTOSTART=0", "LC_ALL=C.UTF-8", *words),
        ]
