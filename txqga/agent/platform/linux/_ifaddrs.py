"""
Links and addresses out of rtnetlink's messages, in the order of ``getifaddrs``. Facts 6.2.

That order is all links, then all addresses, IPv4 before IPv6; an address goes by its label, which
may be a name that no link has (``eth0:1``).
"""

import socket
import struct
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from txqga.agent._octets import text
from txqga.agent.platform.linux._rtnetlink import messages
from txqga.wire import JSON

_LINK = struct.Struct("=BxHiII")  #: family, hardware, index, flags, changes
_ADDRESS = struct.Struct("=BBBBI")  #: family, prefix, flags, scope, index
_HARDWARE_ADDRESS, _NAME = 1, 3
_FAR, _LOCAL, _LABEL = 1, 2, 3
_VERSIONS = {socket.AF_INET: "ipv4", socket.AF_INET6: "ipv6"}


@frozen
class Link:
    """An interface."""

    index: int
    name: str
    hardware_address: bytes  #: of six octets, whatever the hardware has: SIOCGIFHWADDR says so


@frozen(kw_only=True)
class Address:
    """An address of an interface."""

    index: int  #: of the interface
    label: str  #: its name, unless somebody chose another one
    version: str  #: ipv4 or ipv6
    address: str
    prefix: int


def links(octets: bytes) -> Iterator[Link]:
    """Yield the links that a dump lists."""
    for fixed, attributes in messages(octets, _LINK.size):
        _, _, index, _, _ = _LINK.unpack(fixed)
        hardware = attributes.get(_HARDWARE_ADDRESS, b"")[:6].ljust(6, b"\0")
        yield Link(index, _name(attributes[_NAME]), hardware)


def addresses(octets: bytes, named: Mapping[int, Link]) -> Iterator[Address]:
    """
    Yield the addresses of IP that a dump lists.

    :param named: links by index; addresses of others are passed over, their link has just come or
        gone.
    """
    for fixed, attributes in messages(octets, _ADDRESS.size):
        family, prefix, _, _, index = _ADDRESS.unpack(fixed)
        # On a link between two points the other attribute is the far one's.
        own = attributes.get(_LOCAL, attributes.get(_FAR))
        if family not in _VERSIONS or own is None or index not in named:
            continue
        yield Address(
            index=index,
            label=_name(attributes[_LABEL]) if _LABEL in attributes else named[index].name,
            version=_VERSIONS[family],
            address=socket.inet_ntop(family, own),
            prefix=prefix,
        )


def interfaces(
    links: Iterable[Link], addresses: Iterable[Address], statistics: Mapping[str, JSON]
) -> list[JSON]:
    """
    Return a list of ``GuestNetworkInterface``, in order of first appearance.

    :param statistics: a ``GuestNetworkInterfaceStat`` by name; only interfaces with an address
        are told theirs.
    """
    by_index = {link.index: link for link in links}
    found = {link.name: _interface(link.name, link) for link in by_index.values()}
    for each in addresses:
        name = each.label
        interface = found.setdefault(name, _interface(name, by_index[each.index]))
        if "ip-addresses" not in interface and name in statistics:
            interface["statistics"] = statistics[name]
        interface.setdefault("ip-addresses", []).append(
            {
                "ip-address": each.address,
                "ip-address-type": each.version,
                "prefix": each.prefix,
            }
        )
    return list(found.values())


def _interface(name: str, link: Link) -> dict[str, JSON]:
    return {"name": name, "hardware-address": link.hardware_address.hex(":")}


def _name(attribute: bytes) -> str:
    return text(attribute.rstrip(b"\0"))
