"""The guest's kernel, initramfs and disks, from Debian's packages."""

import functools
import re
import shutil
from pathlib import Path

from tests.vm import _cache
from tests.vm._cache import digest, filesystem, kept, run

GUEST = Path(__file__).parent / "guest"  #: what the guest starts with

SUITE = "bookworm"

#: What the guest has beyond Debian's minimum; the real qemu-ga brings the libraries of both.
_INSTALLED = ",".join(
    (
        "btrfs-progs",
        "dmsetup",
        "e2fsprogs",
        "fdisk",
        "iproute2",
        "kmod",
        "login",
        "passwd",
        "procps",
        "python3",
        "qemu-guest-agent",
        "strace",
        "systemd",
        "sysvinit-core",
        "tzdata",
        "udev",
        "util-linux",
        "util-linux-extra",
    )
)

#: Loaded in this order; what the cloud kernel has built in is not here.
_MODULES = (
    "virtio_ring",
    "virtio",
    "virtio_pci_legacy_dev",
    "virtio_pci_modern_dev",
    "virtio_pci",
    "virtio_blk",
    "virtio_console",
    "failover",
    "net_failover",
    "virtio_net",
    "button",
)

#: For ``modprobe``, with all that they depend on.
_MORE_MODULES = ("ata_piix", "blake2b_generic", "btrfs", "dm-mod", "loop", "sd_mod", "virtio_scsi")


def kernels() -> list[Path]:
    """The cloud kernels installed here, oldest first."""
    found = Path("/boot").glob("vmlinuz-*-cloud-amd64")
    return sorted(found, key=lambda path: [int(part) for part in re.findall(r"\d+", path.name)])


def base() -> Path:
    """A folder with ``vmlinuz``, ``initramfs``, ``root.img`` and an empty ``data.img``."""
    kernel = kernels()[-1]
    recipe = [Path(__file__), Path(_cache.__file__), *_guest_files()]
    name = f"vm-disks-{digest(recipe, kernel.name)}"
    return kept(name, functools.partial(_build, kernel), alone="vm-disks-*")


def _guest_files() -> list[Path]:
    return sorted(path for path in GUEST.rglob("*") if path.is_file())


def _build(kernel: Path, folder: Path) -> None:
    shutil.copy(kernel, folder / "vmlinuz")
    _build_initramfs(kernel.name.removeprefix("vmlinuz-"), folder)
    tree = folder / "tree"
    run("cp", "-a", _debian() / "tree", tree)
    shutil.copy(GUEST / "inittab", tree / "etc/inittab")
    for each in GUEST.glob("bed-*"):
        shutil.copy(each, tree / "sbin" / each.name)
    units = tree / "etc/systemd/system"
    for each in (GUEST / "systemd").iterdir():
        shutil.copy(each, units / each.name)
    for name in (GUEST / "masked").read_text().splitlines():
        if not name.startswith("#"):
            (units / name).symlink_to("/dev/null")
    for name in ("opt/agent", "data"):
        (tree / name).mkdir(parents=True)
    _install_modules(kernel.name.removeprefix("vmlinuz-"), tree)
    (tree / "etc/hostname").write_text("bed\n")
    shutil.copy(GUEST / "fstab", tree / "etc/fstab")
    filesystem(folder / "root.img", "1G", tree)
    shutil.rmtree(tree)
    filesystem(folder / "data.img", "256M")


def _debian() -> Path:
    """A folder with the ``tree`` of Debian's files: what takes long, and seldom changes."""
    return kept(f"vm-debian-{digest([], SUITE, _INSTALLED)}", _install)


def _install(folder: Path) -> None:
    tree = folder / "tree"
    words = ("--variant=minbase", f"--include={_INSTALLED}")
    run("debootstrap", *words, SUITE, tree, _mirror())
    run("chroot", tree, "useradd", "--create-home", "--shell", "/bin/sh", "tester")
    for each in tree.glob("etc/rc?.d/*"):
        each.unlink()  # the guest does only what its inittab says
    for name in ("var/cache/apt", "var/lib/apt/lists"):
        shutil.rmtree(tree / name)


def _install_modules(release: str, tree: Path) -> None:
    modules = Path("lib/modules", release)
    needed = {}
    for line in Path("/", modules, "modules.dep").read_text().splitlines():
        name, _, needs = line.partition(":")
        needed[Path(name).stem] = [name, *needs.split()]
    wanted = {name for each in _MORE_MODULES for name in needed[each]}
    for name in (*sorted(wanted), "modules.builtin", "modules.builtin.modinfo", "modules.order"):
        (tree / modules / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path("/", modules, name), tree / modules / name)
    run("depmod", "-b", tree, release)


def _build_initramfs(release: str, folder: Path) -> None:
    tree = folder / "initramfs.d"
    (tree / "bin").mkdir(parents=True)
    (tree / "modules").mkdir()
    shutil.copy("/bin/busybox", tree / "bin")
    shutil.copy(GUEST / "init", tree / "init")
    for number, name in enumerate(_MODULES):
        found = next(Path("/lib/modules", release, "kernel").rglob(f"{name}.ko"))
        shutil.copy(found, tree / "modules" / f"{number:02}-{name}.ko")
    names = sorted(str(path.relative_to(tree)) for path in tree.rglob("*"))
    (folder / "names").write_text("\n".join(names))
    words = "cpio --quiet -o -H newc -R 0:0 < ../names > ../initramfs"
    run("sh", "-c", words, cwd=tree)
    (folder / "names").unlink()
    shutil.rmtree(tree)


def _mirror() -> str:
    """Where this machine has its own packages from."""
    form = "$(RELEASE) $(COMPONENT) $(REPO_URI)"
    said = run("apt-get", "indextargets", "--format", form, "Created-By: Packages")
    for line in said.splitlines():
        release, component, uri = line.split()
        if (release, component) == (SUITE, "main"):
            return uri
    raise RuntimeError(f"no source of the packages of {SUITE} is configured here")
