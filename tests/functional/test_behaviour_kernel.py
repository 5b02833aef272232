"""Processors, memory and counters of machines of every kind. Facts 6.4 and 7."""

import os

from tests.functional._behaviour import only
from tests.functional._machines import MachineBehaviour
from tests.functional._oracle import OURS, V7_2, V10_0
from tests.functional._rows import Reply, call, error, ok

CPUS = "/sys/devices/system/cpu"
MEMORY = "/sys/devices/system/memory/"
TICK = 1000 // os.sysconf("SC_CLK_TCK")  #: milliseconds


class Processors(MachineBehaviour):
    def refused(self, desc: str, old: str | None = None) -> None:
        older = None if old is None else error(old)
        self.check(call("guest-get-vcpus", {}, error(desc), v7_2=older, v10_0=older))

    def test_processors(self) -> None:
        """
        A processor is as its switch says; one without a switch runs for good.
        """
        self.machine.folder(f"{CPUS}/cpu0").folder(f"{CPUS}/cpufreq")
        states = {1: "1\n", 2: "0\n", 3: "x", 12: "0"}
        for number, state in states.items():
            self.machine.file(f"{CPUS}/cpu{number}/online", state)
        expected = []
        for name in self.machine.tree.names(CPUS):
            if name.removeprefix("cpu").isdigit():
                number = int(name.removeprefix("cpu"))
                switch = states.get(number)
                expected.append(
                    {
                        "logical-id": number,
                        "online": switch is None or not switch.startswith("0"),
                        "can-offline": switch is not None,
                    }
                )
        self.assertEqual(len(expected), 5)
        self.check(call("guest-get-vcpus", {}, ok(expected)))

    def test_no_folder(self) -> None:
        """
        Without the kernel's folder it is an error.
        """
        self.machine.folder("/sys/block")
        self.refused(f"failed to list entries: {CPUS}: No such file or directory")

    def test_no_processor(self) -> None:
        """
        A number behind which there is nothing is an error; 11.1 has other words for it.
        """
        self.machine.folder(f"{CPUS}/cpu7bar")
        self.refused(
            f"Could not open '{CPUS}/cpu7/': No such file or directory",
            f'open("{CPUS}/cpu7/"): No such file or directory',
        )

    def test_no_state(self) -> None:
        """
        A switch that says nothing is an error.
        """
        self.machine.file(f"{CPUS}/cpu1/online")
        self.refused(f'pread("{CPUS}/cpu1//online"): unexpected EOF')


class MemoryBlocks(MachineBehaviour):
    def blocks(self, reply: Reply) -> None:
        self.check(call("guest-get-memory-blocks", {}, reply))

    def size(self, reply: Reply) -> None:
        self.check(call("guest-get-memory-block-info", {}, reply))

    def test_blocks(self) -> None:
        """
        A block is as its two files say.
        """
        files = {
            1: ("online\n", "1\n"),
            2: ("online\n", "0\n"),
            3: ("offline\n", "1\n"),
            4: ("going-offline\n", None),
            5: (None, "1\n"),
            16: ("onlinefoo", "x"),
        }
        self.machine.folder(f"{MEMORY}power").file(f"{MEMORY}probe")
        for number, (state, removable) in files.items():
            self.machine.folder(f"{MEMORY}memory{number}")
            for name, content in (("state", state), ("removable", removable)):
                if content is not None:
                    self.machine.file(f"{MEMORY}memory{number}/{name}", content)
        told = {1: (True, True), 2: (True, False), 3: (False, True), 4: (False, False)}
        told |= {5: (True, False), 16: (True, True)}
        listed = [name for name in self.machine.tree.names(MEMORY) if name.startswith("memory")]
        numbers = [int(name.removeprefix("memory")) for name in listed]
        self.blocks(
            ok(
                [
                    {
                        "phys-index": number,
                        "online": told[number][0],
                        "can-offline": told[number][1],
                    }
                    for number in numbers
                ]
            )
        )

    def test_none(self) -> None:
        """
        No folder means no blocks, and a folder without blocks is an error.
        """
        self.machine.folder("/sys/block")
        self.blocks(ok([]))
        self.size(error(f'open("{MEMORY}"): No such file or directory'))
        self.machine.folder(f"{MEMORY}power")
        self.blocks(error("guest reported zero memory blocks!"))
        self.size(error('open sysfs file "block_size_bytes": No such file or directory'))

    def test_size(self) -> None:
        """
        The size of a block is written in hexadecimal.
        """
        for content, size in (("8000000\n", 1 << 27), ("fFf", 4095), ("zz\n", 0)):
            self.machine.file(f"{MEMORY}block_size_bytes", content)
            self.size(ok({"size": size}))
        self.machine.file(f"{MEMORY}block_size_bytes")
        self.size(error('pread sysfs file "block_size_bytes": unexpected EOF'))

    def test_empty_files(self) -> None:
        """
        Files that say nothing are errors.
        """
        self.machine.file(f"{MEMORY}memory3/state")
        self.blocks(error('pread sysfs file "state": unexpected EOF'))
        self.machine.file(f"{MEMORY}memory3/state", "online\n")
        self.machine.file(f"{MEMORY}memory3/removable")
        self.blocks(error('pread sysfs file "removable": unexpected EOF'))


class Counters(MachineBehaviour):
    def test_processors(self) -> None:
        """
        How many columns there are depends on the kernel.
        """
        names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest")
        lines, expected = [], []
        for number, columns in enumerate((4, 5, 6, 7, 8, 9)):
            times = range(1, columns + 1)
            lines.append(f"cpu{number} " + " ".join(map(str, times)))
            told = {name: time * TICK for name, time in zip(names, times, strict=False)}
            told |= {"softirq": told.get("softirq", 0)} if columns == 6 else {}
            expected.append({"type": "linux", "cpu": number, **told})
        self.machine.file(
            "/proc/stat",
            "\n".join(
                ["cpu  1 2 3 4", *lines, "intr 3", "cpu10 1 2 3", "cpu11 1 2 3 4", ""],
            ),
        )
        self.check(call("guest-get-cpustats", {}, ok(expected)))

    def test_disks(self) -> None:
        """
        The columns for disks come in groups, of which kernels have more or less.
        """
        old = (
            *("read-ios", "read-merges", "read-sectors", "read-ticks"),
            *("write-ios", "write-merges", "write-sectors", "write-ticks"),
            *("ios-pgr", "total-ticks", "weight-ticks"),
        )
        discard = ("discard-ios", "discard-merges", "discard-sectors", "discard-ticks")
        flush = ("flush-ios", "flush-ticks")
        rows: tuple[tuple[int, tuple[str, ...]], ...] = (
            (4, ("read-ios", "read-sectors", "write-ios", "write-sectors")),
            (5, ()),
            (10, ()),
            (11, old),
            (14, old),
            (15, (*old, *discard)),
            (16, (*old, *discard)),
            (17, (*old, *discard, *flush)),
            (18, (*old, *discard, *flush)),
        )
        lines, expected = [], []
        for columns, names in rows:
            numbers = range(1, columns + 1)
            lines.append(f"   8 {columns:7} sda{columns} " + " ".join(map(str, numbers)))
            stats = dict(zip(names, numbers, strict=False))
            expected.append({"name": f"sda{columns}", "major": 8, "minor": columns, "stats": stats})
        lines += ["8 1 sda3 1 2 3", "x 1 sdb 1 2 3 4", ""]
        self.machine.file("/proc/diskstats", "\n".join(lines))
        self.check(call("guest-get-diskstats", {}, ok(expected)))


ROUTES = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "eth0\t006433C6\t010200C0\t0013\t1\t2\t-1\t00FFFFFF\t4\t5\t6\n"
    "short\t00000000\t00000000\t0001\t0\t0\t0\n"
)
LOCAL, NETWORK = "fe800000000000000000000000000000", "20010db8000000000000000000000000"
NEXT, MAPPED = "fd000000000000000000000000000001", "00000000000000000000ffff0a000001"
IPV6_ROUTES = (
    f"{LOCAL} 40 {NETWORK} 30 {NEXT} ffffffff 80000000 ffffffff 80200001     eth0\n"
    f"{LOCAL} 40 {NETWORK} 30 {MAPPED} 00000001 00000002 00000003 00000004     eth1\n"
    f"{LOCAL} 40 {NETWORK} 30 {NEXT} 00000001 00000001 00000001\n"
)
IPV4_TOLD = {
    "iface": "eth0",
    "destination": "198.51.100.0",
    "gateway": "192.0.2.1",
    "mask": "255.255.255.0",
    "flags": 0x13,
    "refcnt": 1,
    "use": 2,
    "metric": -1,
    "mtu": 4,
    "window": 5,
    "irtt": 6,
    "version": 4,
}
IPV6_TOLD = {
    "destination": "fe80::",
    "desprefixlen": "64",
    "source": "2001:db8::",
    "srcprefixlen": "48",
    "version": 6,
}


class Routes(MachineBehaviour):
    """The words of /proc/net/route are those of a machine with the lowest octet first."""

    @only(V10_0, OURS, because="7.2 has no such command")
    def test_routes(self) -> None:
        """
        Both tables are told; what is signed in the one is not in the other.
        """
        self.machine.file("/proc/net/route", ROUTES).file("/proc/net/ipv6_route", IPV6_ROUTES)
        first = {
            "iface": "eth0",
            "nexthop": "fd00::1",
            "metric": -1,
            "refcnt": -(2**31),
            "use": -1,
            "flags": 18446744071564165121,
        }
        second = {
            "iface": "eth1",
            "nexthop": "::ffff:10.0.0.1",
            "metric": 1,
            "refcnt": 2,
            "use": 3,
            "flags": 4,
        }
        expected = [IPV4_TOLD, {**IPV6_TOLD, **first}, {**IPV6_TOLD, **second}]
        self.check(call("guest-network-get-route", {}, ok(expected)))

    @only(V10_0, OURS, because="7.2 has no such command")
    def test_no_ipv6(self) -> None:
        """
        A kernel without IPv6 has routes nevertheless; the real agent finds none.
        """
        self.machine.file("/proc/net/route", ROUTES)
        why = 'open("/proc/net/ipv6_route"): No such file or directory'
        self.check(call("guest-network-get-route", {}, ok([IPV4_TOLD]), v10_0=error(why)))

    @only(OURS, because="it ends the real agent")
    def test_no_routes(self) -> None:
        """
        A kernel may have no routes at all.
        """
        self.machine.folder("/proc/net")
        self.check(call("guest-network-get-route", {}, ok([])))


class Load(MachineBehaviour):
    @only(V10_0, OURS, because="7.2 has no such command")
    def test_load(self) -> None:
        """
        The load is three numbers.
        """
        told = self.told("guest-get-load")
        self.assertEqual(set(told), {"load1m", "load5m", "load15m"})
        for number in told.values():
            self.assertGreaterEqual(number, 0)

    @only(V7_2, because="others have the commands")
    def test_unknown(self) -> None:
        """
        Neither load nor routes are told by 7.2.
        """
        for name in ("guest-get-load", "guest-network-get-route"):
            refused = self.peer.ask(b'{"execute": "%b"}\n' % name.encode())
            self.assertEqual(refused["error"]["class"], "CommandNotFound")


globals().update(Processors.for_every_agent())
globals().update(MemoryBlocks.for_every_agent())
globals().update(Counters.for_every_agent())
globals().update(Routes.for_every_agent())
globals().update(Load.for_every_agent())
