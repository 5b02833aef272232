"""Interfaces of a network of its own. Facts 6.2."""

import shutil
from collections.abc import Mapping
from typing import Any
from unittest import SkipTest

from tests.functional._behaviour import Behaviour
from tests.functional._machines import namespace, require_namespaces
from tests.functional._oracle import AgentProcess, require

#: Furnishes the network, and becomes the rest of its words.
_NETWORK = """
set -e
ip link set lo up
ip link add eth0 address 52:54:00:00:00:01 type veth peer name eth1 address 52:54:00:00:00:02
ip addr add 10.1.0.1/24 dev eth0 label eth0:one
ip addr add 10.1.0.2/24 dev eth0
ip addr add 10.9.0.1 peer 10.9.0.2/30 dev eth0
ip addr add 2001:db8::1/64 dev eth0 nodad
ip addr add 2001:db8:1::1 peer 2001:db8:1::2/128 dev eth0 nodad
exec "$@"
"""


def address(text: str, prefix: int) -> dict[str, Any]:
    version = "ipv6" if ":" in text else "ipv4"
    return {"ip-address": text, "ip-address-type": version, "prefix": prefix}


class Network(Behaviour):
    """The agent is a process, since namespaces belong to processes."""

    all_of_a_process = True

    def start_process(
        self, *options: str, env: Mapping[str, str | None] | None = None
    ) -> AgentProcess:
        """One more agent, with a network of its own."""
        require_namespaces("--net", "--mount")
        if shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
            raise SkipTest("there is no ip (package iproute2)")
        process = AgentProcess(require(self.series), *options, env=env)
        process.argv = [*namespace("--net"), "sh", "-c", _NETWORK, "sh", *process.argv]
        self.addCleanup(process.remove)
        process.start()
        return process

    def test_interfaces(self) -> None:
        """
        Interfaces come first, in the kernel's order, then labels; each with its addresses.
        """
        told = self.peer.call("guest-network-get-interfaces")
        found = {each["name"]: each for each in told}
        self.assertEqual(list(found), ["lo", "eth1", "eth0", "eth0:one"])
        self.assertEqual(
            {name: each["hardware-address"] for name, each in found.items()},
            {
                "lo": "00:00:00:00:00:00",
                "eth1": "52:54:00:00:00:02",
                "eth0": "52:54:00:00:00:01",
                "eth0:one": "52:54:00:00:00:01",
            },
        )
        self.assertEqual(
            {name: each.get("ip-addresses") for name, each in found.items()},
            {
                "lo": [address("127.0.0.1", 8), address("::1", 128)],
                "eth1": None,
                "eth0": [
                    address("10.9.0.1", 30),
                    address("10.1.0.2", 24),
                    address("2001:db8:1::1", 128),
                    address("2001:db8::1", 64),
                ],
                "eth0:one": [address("10.1.0.1", 24)],
            },
        )

    def test_counters(self) -> None:
        """
        Interfaces with an address have counters; labels have none.
        """
        told = self.peer.call("guest-network-get-interfaces")
        counted = {each["name"]: set(each["statistics"]) for each in told if "statistics" in each}
        what = ("bytes", "packets", "errs", "dropped")
        names = {f"{way}-{each}" for way in ("rx", "tx") for each in what}
        self.assertEqual(counted, {"lo": names, "eth0": names})

    def test_routes(self) -> None:
        """
        The routes of a network without links are few, and where there are tables there are lists.
        """
        if "guest-network-get-route" not in str(self.peer.call("guest-info")):
            raise SkipTest("7.2 has no such command")
        self.assertIsInstance(self.peer.call("guest-network-get-route"), list)


globals().update(Network.for_every_agent())
