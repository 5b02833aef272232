"""Interfaces and their addresses."""

import socket

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux import _netlink
from txqga.agent.platform.linux._ifaddrs import Address, Link, addresses, interfaces, links

ETH0 = Link(2, "eth0", b"\x52\x54\x00\x12\x34\x56")
LO = Link(1, "lo", bytes(6))
NAMED = {link.index: link for link in (LO, ETH0)}


def ipv4(text: str) -> bytes:
    return socket.inet_aton(text)


def ipv6(text: str) -> bytes:
    return socket.inet_pton(socket.AF_INET6, text)


class LinksTests(SynchronousTestCase):
    def test_links(self) -> None:
        """
        A link has a number, a name and a hardware address.
        """
        octets = _netlink.link(1, b"lo", bytes(6)) + _netlink.link(2, b"eth0", b"RT\0\x124V")
        self.assertEqual(list(links(octets)), [LO, ETH0])

    def test_hardware_addresses(self) -> None:
        """
        A hardware address has six octets, however many the hardware has.
        """
        for real, told in ((None, bytes(6)), (b"\1\2\3\4", b"\1\2\3\4\0\0"), (b"x" * 20, b"x" * 6)):
            (link,) = links(_netlink.link(5, b"ib0", real))
            self.assertEqual(link.hardware_address, told)


class AddressesTests(SynchronousTestCase):
    def found(self, *messages: bytes) -> list[Address]:
        return list(addresses(b"".join(messages), NAMED))

    def test_ipv4(self) -> None:
        """
        An address of IPv4 goes by its label.
        """
        own = {"far": ipv4("192.0.2.7"), "local": ipv4("192.0.2.7")}
        (plain, labelled) = self.found(
            _netlink.address(socket.AF_INET, 2, 24, **own, label=b"eth0\0"),
            _netlink.address(socket.AF_INET, 2, 24, **own, label=b"eth0:1\0"),
        )
        expected = Address(index=2, label="eth0", version="ipv4", address="192.0.2.7", prefix=24)
        self.assertEqual(plain, expected)
        self.assertEqual(labelled, evolve(expected, label="eth0:1"))

    def test_ipv6(self) -> None:
        """
        An address of IPv6 goes by the name of its link, and has no scope in its text.
        """
        (found,) = self.found(_netlink.address(socket.AF_INET6, 2, 64, far=ipv6("fe80::1")))
        expected = Address(index=2, label="eth0", version="ipv6", address="fe80::1", prefix=64)
        self.assertEqual(found, expected)

    def test_two_points(self) -> None:
        """
        Of a link between two points it is the near one that counts.
        """
        found = self.found(
            _netlink.address(socket.AF_INET, 2, 32, far=ipv4("10.0.0.2"), local=ipv4("10.0.0.1")),
            _netlink.address(socket.AF_INET6, 2, 128, far=ipv6("fd::2"), local=ipv6("fd::1")),
        )
        self.assertEqual([each.address for each in found], ["10.0.0.1", "fd::1"])

    def test_others(self) -> None:
        """
        Other kinds of addresses do not count, nor those of links that have just come.
        """
        mine = ipv4("192.0.2.7")
        self.assertEqual(
            self.found(
                _netlink.address(socket.AF_PACKET, 2, 0, far=b"\1"),
                _netlink.address(socket.AF_INET, 99, 24, far=mine),
                _netlink.address(socket.AF_INET, 2, 24),
            ),
            [],
        )


class InterfacesTests(SynchronousTestCase):
    def address(self, label: str, text: str, version: str = "ipv4") -> Address:
        return Address(index=2, label=label, version=version, address=text, prefix=24)

    def test_interfaces(self) -> None:
        """
        Interfaces come in their order, each with its addresses in theirs.
        """
        found = interfaces(
            [LO, ETH0],
            [self.address("eth0", "192.0.2.7"), self.address("eth0", "fe80::1", "ipv6")],
            {"eth0": {"rx-bytes": 1}, "lo": {"rx-bytes": 2}},
        )
        self.assertEqual(
            found,
            [
                {"name": "lo", "hardware-address": "00:00:00:00:00:00"},
                {
                    "name": "eth0",
                    "hardware-address": "52:54:00:12:34:56",
                    "ip-addresses": [
                        {"ip-address": "192.0.2.7", "ip-address-type": "ipv4", "prefix": 24},
                        {"ip-address": "fe80::1", "ip-address-type": "ipv6", "prefix": 24},
                    ],
                    "statistics": {"rx-bytes": 1},
                },
            ],
        )

    def test_labels(self) -> None:
        """
        A label is an interface of its own, after the real ones, with the hardware address of its
        own, and without counters.
        """
        found = interfaces([ETH0], [self.address("eth0:1", "192.0.2.8")], {"eth0": {}})
        self.assertEqual([each["name"] for each in found], ["eth0", "eth0:1"])
        self.assertEqual(found[1]["hardware-address"], "52:54:00:12:34:56")
        self.assertNotIn("statistics", found[0])
        self.assertNotIn("statistics", found[1])

    def test_no_statistics(self) -> None:
        """
        Where the kernel does not count there are no counters.
        """
        (found,) = interfaces([ETH0], [self.address("eth0", "192.0.2.7")], {})
        self.assertNotIn("statistics", found)
