"""The health of an NVMe disk."""

import ctypes
import struct
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux._nvme import parse_smart_log, smart_log
from txqga.schema import shipped, structure

PAGE = bytes(range(256)) * 2


class SmartLogTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.node = Path(self.mktemp())
        self.node.touch()
        self.asked: list[tuple[int, bytes]] = []

    def answer(self, disk: int, request: int, command: bytes) -> None:
        """What the kernel does: it writes the page to where the command says."""
        self.asked.append((request, command))
        (address,) = struct.unpack_from("=Q", command, 24)
        ctypes.memmove(address, PAGE, len(PAGE))

    def refuse(self, disk: int, request: int, command: bytes) -> None:
        raise OSError("not an NVMe disk")

    def test_command(self) -> None:
        """
        The log page of the whole controller is asked for, and events are left for others.
        """
        self.assertEqual(smart_log(bytes(self.node), self.answer), PAGE)
        ((request, command),) = self.asked
        self.assertEqual(request, 0xC0484E41)  # NVME_IOCTL_ADMIN_CMD, of linux/nvme_ioctl.h
        self.assertEqual(len(command), 72)
        self.assertEqual(command[0], 0x02)  # Get Log Page
        self.assertEqual(command[4:8], b"\xff" * 4)
        length, what, size = struct.unpack_from("=IHH", command, 36)
        self.assertEqual((length, what, size), (512, 0x8002, 127))

    def test_refused(self) -> None:
        """
        A disk may not tell, or not be there any more.
        """
        self.assertRaises(OSError, smart_log, bytes(self.node), self.refuse)
        self.assertRaises(FileNotFoundError, smart_log, b"/nonexistent/nvme0n1", self.answer)


class ParseTests(SynchronousTestCase):
    def test_page(self) -> None:
        """
        Numbers lie where the specification has them, the lowest octet first.
        """
        page = bytearray(512)
        page[0:6] = bytes([0x1F, 0x3B, 0x01, 100, 10, 255])
        for place in range(10):
            struct.pack_into("<QQ", page, 32 + 16 * place, place + 1, 2**64 - 1 - place)
        told = parse_smart_log(bytes(page))
        self.assertEqual(told["critical-warning"], 0x1F)
        self.assertEqual(told["temperature"], 315)
        self.assertEqual(told["available-spare"], 100)
        self.assertEqual(told["available-spare-threshold"], 10)
        self.assertEqual(told["percentage-used"], 255)
        self.assertEqual(told["data-units-read-lo"], 1)
        self.assertEqual(told["data-units-read-hi"], 2**64 - 1)
        self.assertEqual(told["number-of-error-log-entries-lo"], 10)
        self.assertEqual(told["number-of-error-log-entries-hi"], 2**64 - 10)

    def test_schema(self) -> None:
        """
        Every member that the schema has is told, and no other.
        """
        told = parse_smart_log(PAGE)
        smart = structure(shipped(), "GuestDiskSmart", {"type": "nvme", **told})
        self.assertEqual(smart.temperature, 0x0201)
        members = shipped().structs["GuestNVMeSmart"].members
        self.assertEqual(set(told), {member.name for member in members})
