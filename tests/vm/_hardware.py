"""What a virtual machine is made of, in QEMU's words."""

from collections.abc import Iterator
from pathlib import Path

from tests.vm._image import Images

#: The guest's ports for agents, by the name of the host's socket: the device in the guest.
PORTS = {
    "agent": "/dev/virtio-ports/org.qemu.guest_agent.0",
    "oracle": "/dev/virtio-ports/org.qemu.guest_agent.1",
    "serial": "/dev/ttyS1",
}

_CONSOLE = "console=ttyS0 quiet panic=-1 memhp_default_state=online_movable movable_node"
_SYSTEMD = "init=/lib/systemd/systemd systemd.unit=bed.target systemd.show_status=no"

#: Further disks of the machine with systemd: their size in MiB, and QEMU's devices for them.
_DISKS = {
    "ide": (64, "ide-hd,bus=ide.0,drive=ide,serial=bed-ide"),
    "scsi": (64, "scsi-hd,bus=scsi.0,scsi-id=2,lun=3,drive=scsi,serial=bed-scsi"),
    "nvme": (192, "nvme,drive=nvme,serial=bed-nvme"),
    "bridged": (64, "virtio-blk-pci,bus=bridge,addr=4,drive=bridged,serial=bed-bridged"),
}


def words(images: Images, folder: Path, *, systemd: bool) -> list[str]:
    """
    The command line of QEMU; images for further disks are made.

    :param folder: has ``root.qcow2`` and ``data.img``, and gets the sockets.
    """
    more = _SYSTEMD if systemd else ""
    made = ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot"]
    made += ["-machine", "pc", "-accel", "tcg,tb-size=128", "-cpu", "qemu64,+rdrand"]
    made += ["-smp", "2", "-m", "384M,slots=2,maxmem=1G", "-rtc", "base=utc"]
    made += ["-global", "PIIX4_PM.disable_s3=0"]
    made += ["-object", "memory-backend-ram,id=dimm,size=128M"]
    made += ["-device", "pc-dimm,id=dimm0,memdev=dimm"]
    made += ["-kernel", str(images.kernel), "-initrd", str(images.initramfs)]
    made += ["-append", f"{_CONSOLE} {more}"]
    made += _disks(images, folder)
    made += ["-netdev", "user,id=net,restrict=on"]
    made += ["-device", "virtio-net-pci,netdev=net,mac=52:54:00:12:34:56"]
    made += ["-serial", f"file:{folder / 'console'}"]
    for name in (*PORTS, "side", "monitor", "qmp"):
        where = f"path={folder / name},server=on,wait=off"
        made += ["-chardev", f"socket,id={name},{where}"]
    for name in ("monitor", "qmp"):  # one for the mux, one for the tests
        made += ["-mon", f"chardev={name},mode=control"]
    made += ["-serial", "chardev:serial"]
    made += ["-device", "virtio-serial-pci,id=ports"]
    for name in ("agent", "oracle", "side"):
        made += ["-device", ",".join(f"{key}={value}" for key, value in port(name).items())]
    if systemd:
        made += _further_disks(folder)
    return made


def port(name: str) -> dict[str, str]:
    """What ``-device`` says of a port, and ``device_add`` when it was pulled out."""
    path = {"side": "txqga.side.0"}.get(name) or Path(PORTS[name]).name
    # without the id QEMU tells nobody that the guest has opened it
    return {
        "driver": "virtserialport",
        "bus": "ports.0",
        "chardev": name,
        "name": path,
        "id": name,
    }


def _disks(images: Images, folder: Path) -> Iterator[str]:
    for name, serial, options in (
        ("root", "", f"file={folder / 'root.qcow2'},format=qcow2,cache=unsafe"),
        ("programs", "", f"file={images.agent},format=raw,readonly=on"),
        ("data", "bed-data", f"file={folder / 'data.img'},format=raw,cache=unsafe,discard=unmap"),
    ):
        yield from ("-drive", f"if=none,id={name},{options}")
        yield from ("-device", f"virtio-blk-pci,drive={name},serial={serial}")


def _further_disks(folder: Path) -> Iterator[str]:
    yield from ("-device", "pci-bridge,id=bridge,chassis_nr=1")
    yield from ("-device", "virtio-scsi-pci,id=scsi")
    for name, (size, device) in _DISKS.items():
        image = folder / f"{name}.img"
        with image.open("wb") as file:
            file.truncate(size << 20)
        yield from ("-drive", f"if=none,id={name},file={image},format=raw,cache=unsafe")
        yield from ("-device", device)
