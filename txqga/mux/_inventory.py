"""Which guests there are, as configured."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from attrs import field, frozen
from attrs.validators import matches_re
from twisted.internet.endpoints import quoteStringArgument

from txqga._guest_name import NAME
from txqga.mux._folder import LONGEST

#: A UNIX socket's endpoint; in the path a backslash goes before what would end it.
_UNIX = re.compile(r"unix:(?:path=|address=)?((?:\\.|[^:\\])+)", re.DOTALL)


@frozen
class VM:
    """One virtual machine, as configured."""

    name: str = field(validator=matches_re(NAME))
    channel: str  #: client endpoint description, such as ``unix:/run/qga/db1.sock``
    #: Device and number of the socket's file, where it was found in a folder: one that was made
    #: again under the same name is another.
    file: tuple[int, int] | None = None
    qmp: str | None = None  #: client endpoint description of QEMU's monitor

    @property
    def path(self) -> Path | None:
        """Of the socket, where the channel is one."""
        return socket_path(self.channel)

    @classmethod
    def parse(cls, spec: str) -> "VM":
        """
        Read ``NAME=ENDPOINT``; an absolute path alone is a UNIX socket.

        :raise ValueError: says what is wrong with it.
        """
        name, equals, channel = spec.partition("=")
        if not equals:
            raise ValueError(f"{spec!r} is not NAME=ENDPOINT, such as db1=unix:/run/qga/db1.sock")
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} cannot be a guest's name: 1 to 64 of A-Z a-z 0-9 . _ - are taken, "
                "a letter or digit first"
            )
        return cls(name, described(channel, name))


class Taken(ValueError):
    """A name is one guest's, and so is a channel: here two want the same."""


def described(channel: str, name: str) -> str:
    """
    Describe an endpoint; an absolute path alone is a UNIX socket.

    :param name: of the guest.
    :raise ValueError: it is neither.
    """
    if channel.startswith("/"):
        channel = unix(channel)
    if not re.fullmatch(r"[a-z][\w+.-]*:.+", channel, re.DOTALL | re.IGNORECASE):
        raise ValueError(
            f"{channel!r} is no endpoint for {name}: an absolute path of a UNIX socket, or a "
            "client endpoint description such as unix:/run/qga/db1.sock"
        )
    return channel


def socket_path(description: str) -> Path | None:
    """Tell the path of a UNIX socket by the description of its endpoint; None: it is another."""
    found = _UNIX.match(description)
    return Path(re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)) if found else None


def unix(path: str) -> str:
    """
    Describe the endpoint of a UNIX socket.

    :raise ValueError: its path is too long for one.
    """
    octets = len(os.fsencode(path))
    if octets > LONGEST:
        raise ValueError(
            f"{path} has {octets} octets, and the path of a UNIX socket has {LONGEST} at most"
        )
    quoted = quoteStringArgument(path).replace("=", "\\=")  # which it forgets
    return f"unix:{quoted}"


def inventory(vms: Iterable[VM]) -> dict[str, VM]:
    """
    List guests by name, in the order they were given.

    :raise Taken: two have the same name, or the same channel: one would hold it, and the other
        wait for ever.
    """
    found: dict[str, VM] = {}
    channels: dict[str, str] = {}
    for vm in vms:
        if vm.name in found:
            raise Taken(f"two guests are called {vm.name}")
        channel = vm.channel if vm.path is None else os.path.normpath(vm.path)
        if channel in channels:
            raise Taken(
                f"{channels[channel]} and {vm.name} are both at {vm.channel}: "
                "a channel serves one guest"
            )
        found[vm.name] = vm
        channels[channel] = vm.name
    return found
