"""
``/proc/net/route`` and ``/proc/net/ipv6_route``: the tables of routes. Facts 6.3.

The numbers of the second one are read as ``qemu-ga`` reads them: as signed numbers of 32 bits, the
flags then widened to 64 with their sign.
"""

import socket
import sys
from collections.abc import Iterator

from txqga.agent._octets import text
from txqga.wire import JSON

IPV4_FILE = "/proc/net/route"
IPV6_FILE = "/proc/net/ipv6_route"


def ipv4_routes(octets: bytes) -> Iterator[JSON]:
    """Yield a ``GuestNetworkRoute`` for each line that can be read; the first one is a header."""
    for line in octets.splitlines()[1:]:
        try:
            iface, destination, gateway, flags, *counts, mask, mtu, window, irtt = line.split()
            refcnt, use, metric = counts
            yield {
                "iface": text(iface),
                "destination": _dotted(destination),
                "gateway": _dotted(gateway),
                "mask": _dotted(mask),
                "flags": int(flags, 16),
                "refcnt": int(refcnt),
                "use": int(use),
                "metric": int(metric),
                "mtu": int(mtu),
                "window": int(window),
                "irtt": int(irtt),
                "version": 4,
            }
        except (ValueError, OverflowError):
            continue


def ipv6_routes(octets: bytes) -> Iterator[JSON]:
    """Yield a ``GuestNetworkRoute`` for each line that can be read."""
    for line in octets.splitlines():
        try:
            destination, length, source, source_length, nexthop, *numbers, iface = line.split()
            metric, refcnt, use, flags = (_signed(number) for number in numbers)
            yield {
                "iface": text(iface),
                "destination": _compressed(destination),
                "desprefixlen": str(int(length, 16)),
                "source": _compressed(source),
                "srcprefixlen": str(int(source_length, 16)),
                "nexthop": _compressed(nexthop),
                "metric": metric,
                "refcnt": refcnt,
                "use": use,
                "flags": flags % (1 << 64),
                "version": 6,
            }
        except (ValueError, OverflowError):
            continue


def _dotted(word: bytes) -> str:
    return socket.inet_ntoa(int(word, 16).to_bytes(4, sys.byteorder))


def _compressed(word: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(word.decode("ascii")))


def _signed(word: bytes) -> int:
    return int.from_bytes(int(word, 16).to_bytes(4, "big"), "big", signed=True)
