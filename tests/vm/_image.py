"""
What the virtual machine boots from, built from Debian's packages and this tree.

``python -m tests.vm._image`` builds what is missing. Needs root, Debian 12 and :data:`PACKAGES`.
"""

import os
import shutil
from pathlib import Path

from attrs import frozen

from tests.vm._agent_disk import agent_disk
from tests.vm._cache import PATH
from tests.vm._root import base, kernels

#: Debian's packages that this needs.
PACKAGES = (
    "qemu-system-x86",
    "qemu-utils",
    "linux-image-cloud-amd64",
    "busybox-static",
    "debootstrap",
    "cpio",
    "e2fsprogs",
    "kmod",
)

_PROGRAMS = ("qemu-system-x86_64", "qemu-img", "busybox", "debootstrap", "cpio", "mke2fs", "depmod")


@frozen(kw_only=True)
class Images:
    """What a machine is started with; none of it is ever written to."""

    kernel: Path
    initramfs: Path
    root: Path  #: raw, ext4
    agent: Path  #: raw, ext4: for /opt/agent
    data: Path  #: raw, ext4: for /data


def missing() -> str | None:
    """Why no machine can be built here, or None."""
    if os.geteuid() != 0:
        return "only root can build the virtual machine's disks"
    lacking = [name for name in _PROGRAMS if shutil.which(name, path=PATH) is None]
    if lacking or not kernels():
        return f"no {', '.join(lacking) or 'kernel'} (apt install {' '.join(PACKAGES)})"
    return None


def images() -> Images:
    """
    Everything a machine is started with; what is not there yet is built.

    The first time takes minutes; after a change to this tree, seconds.

    :raise RuntimeError: a step failed.
    """
    folder = base()
    return Images(
        kernel=folder / "vmlinuz",
        initramfs=folder / "initramfs",
        root=folder / "root.img",
        data=folder / "data.img",
        agent=agent_disk() / "agent.img",
    )


if __name__ == "__main__":
    if (reason := missing()) is not None:
        raise SystemExit(reason)
    print(images())
