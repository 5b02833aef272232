"""Tables of routes; what is expected was seen in qemu-ga 10.0's answers."""

import sys

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._routes import ipv4_routes, ipv6_routes

HEADER = b"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
NETWORK = "20010db8000000000000000000000000"
LOCAL = "fe800000000000000000000000000000"
NEXT = "fd000000000000000000000000000001"


def word(address: str) -> str:
    """An address of IPv4 as this machine's kernel writes it."""
    octets = bytes(map(int, address.split(".")))
    return f"{int.from_bytes(octets, sys.byteorder):08X}"


class IPv4Tests(SynchronousTestCase):
    def test_route(self) -> None:
        """
        Every column is told; flags are in hexadecimal.
        """
        line = f"eth0\t{word('198.51.100.0')}\t{word('192.0.2.1')}\t0013\t1\t2\t3"
        line += f"\t{word('255.255.255.0')}\t4\t5\t6\n"
        self.assertEqual(
            list(ipv4_routes(HEADER + line.encode())),
            [
                {
                    "iface": "eth0",
                    "destination": "198.51.100.0",
                    "gateway": "192.0.2.1",
                    "mask": "255.255.255.0",
                    "flags": 0x13,
                    "refcnt": 1,
                    "use": 2,
                    "metric": 3,
                    "mtu": 4,
                    "window": 5,
                    "irtt": 6,
                    "version": 4,
                }
            ],
        )

    def test_lines(self) -> None:
        """
        What cannot be read is passed over, and so is the header, whatever it says.
        """
        good = b"eth0\t0\t0\t1\t0\t0\t-1\t0\t0\t0\t0\n"
        bad = (
            b"short\t0\t0\t1\t0\t0\t0\n",
            b"word\tg\t0\t1\t0\t0\t0\t0\t0\t0\t0\n",
            b"long\t100000000\t0\t1\t0\t0\t0\t0\t0\t0\t0\n",
            b"\n",
        )
        routes = list(ipv4_routes(good + b"".join(bad) + good))
        self.assertEqual([each["iface"] for each in routes], ["eth0"])
        self.assertEqual(routes[0]["metric"], -1)
        self.assertEqual(list(ipv4_routes(b"")), [])


class IPv6Tests(SynchronousTestCase):
    def test_route(self) -> None:
        """
        Lengths of prefixes are decimal texts, numbers have 32 bits and a sign.
        """
        line = f"{LOCAL} 40 {NETWORK} 30 {NEXT} 00000400 00000002 00000003 00000004     eth0\n"
        self.assertEqual(
            list(ipv6_routes(line.encode())),
            [
                {
                    "iface": "eth0",
                    "destination": "fe80::",
                    "desprefixlen": "64",
                    "source": "2001:db8::",
                    "srcprefixlen": "48",
                    "nexthop": "fd00::1",
                    "metric": 0x400,
                    "refcnt": 2,
                    "use": 3,
                    "flags": 4,
                    "version": 6,
                }
            ],
        )

    def test_signs(self) -> None:
        """
        The highest bit is a sign; flags are then widened to 64 bits, as in qemu-ga.
        """
        line = f"{LOCAL} 40 {NETWORK} 30 {NEXT} ffffffff 80000000 ffffffff 80200001 lo"
        (route,) = ipv6_routes(line.encode())
        self.assertEqual(route["metric"], -1)
        self.assertEqual(route["refcnt"], -(2**31))
        self.assertEqual(route["use"], -1)
        self.assertEqual(route["flags"], 18446744071564165121)

    def test_mapped(self) -> None:
        """
        Addresses are in the usual text.
        """
        mapped = "00000000000000000000ffff0a000001"
        line = f"{LOCAL} 40 {NETWORK} 30 {mapped} 1 1 1 1 lo"
        (route,) = ipv6_routes(line.encode())
        self.assertEqual(route["nexthop"], "::ffff:10.0.0.1")

    def test_lines(self) -> None:
        """
        What cannot be read is passed over.
        """
        for line in (
            f"{LOCAL} 40 {NETWORK} 30 {NEXT} 1 1 1 1",
            f"{LOCAL[1:]} 40 {NETWORK} 30 {NEXT} 1 1 1 1 lo",
            f"{LOCAL} xx {NETWORK} 30 {NEXT} 1 1 1 1 lo",
            f"{LOCAL} 40 {NETWORK} 30 {NEXT} 100000000 1 1 1 lo",
            f"{LOCAL} 40 {NETWORK} 30 é 1 1 1 1 lo",
            "",
        ):
            self.assertEqual(list(ipv6_routes(line.encode())), [], line)
