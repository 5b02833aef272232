"""What gives a new guest a port for its agent: as libvirt is told, and as QEMU is."""

import os
import re
from enum import Enum
from xml.sax.saxutils import quoteattr

from attrs import field, frozen
from attrs.validators import matches_re

from txqga.mux._folder import LONGEST

#: The name that guests' own units and udev rules expect, and that libvirt keeps to itself.
USUAL = "org.qemu.guest_agent.0"

#: A port's name is that of a device in the guest, ``/dev/virtio-ports/NAME``.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")


class Bus(str, Enum):
    """What the port hangs on."""

    VIRTIO = "virtio"  #: a virtio-serial port, which has a name
    ISA = "isa-serial"  #: a serial line, for guests without virtio; ``/dev/ttyS0`` and on


def _path(port: object, attribute: object, path: str | None) -> None:
    if path is None:
        return
    if not path.startswith("/") or not path.isprintable():
        raise ValueError(f"{path!r} is no absolute path")
    if len(os.fsencode(path)) > LONGEST:
        raise ValueError(f"{path} is too long: a UNIX socket's path has {LONGEST} octets at most")


@frozen(kw_only=True)
class AgentPort:
    """
    A port for the agent of a new guest.

    :raise ValueError: the path is none of a UNIX socket, or the name none of a port.
    """

    #: Of the host's socket. None: libvirt chooses one, where ``--watch`` can find it.
    path: str | None = field(default=None, validator=_path)
    name: str = field(default=USUAL, validator=matches_re(_NAME))
    bus: Bus = field(default=Bus.VIRTIO, converter=Bus)

    def libvirt_xml(self) -> str:
        """Return the element for the ``<devices>`` of a libvirt domain."""
        source = "  <source mode='bind'/>\n"
        if self.path is not None:
            source = f"  <source mode='bind' path={quoteattr(self.path)}/>\n"
        if self.bus is Bus.VIRTIO:
            target = f"  <target type='virtio' name={quoteattr(self.name)}/>\n"
            return f"<channel type='unix'>\n{source}{target}</channel>\n"
        if self.path is None:
            raise ValueError("libvirt chooses no path for a serial line's socket: name one")
        return f"<serial type='unix'>\n{source}  <target type='isa-serial'/>\n</serial>\n"

    def qemu_arguments(self, id: str = "qga0") -> list[str]:
        """
        Return the words for the command line of QEMU.

        :param id: of the chardev and the device, which must be the only ones of that name. QEMU
            tells by it that the guest has opened the port (``VSERPORT_CHANGE``).
        :raise ValueError: there is no path, or the id cannot be one.
        """
        if self.path is None:
            raise ValueError("QEMU chooses no path for a socket: name one")
        if not _ID.fullmatch(id):
            raise ValueError(f"{id!r} is no id: a letter, and then 63 at most of A-Z a-z 0-9 . _ -")
        path = self.path.replace(",", ",,")
        words = ["-chardev", f"socket,id={id},path={path},server=on,wait=off"]
        if self.bus is Bus.ISA:
            return [*words, "-device", f"isa-serial,id={id},chardev={id}"]
        words += ["-device", f"virtio-serial,id={id}-bus"]
        bus = f"bus={id}-bus.0,chardev={id}"
        return [*words, "-device", f"virtserialport,id={id},{bus},name={self.name}"]
