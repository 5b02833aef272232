"""Who else is connected to a UNIX socket: what the kernel says. The functional tests ask it."""

import struct
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux import _holders
from txqga.mux._holders import Connected, Holder, connected, holders


def answer(inode: int, path: bytes = b"", peer: int | None = None) -> bytes:
    """One socket, as the kernel tells it."""
    body = struct.pack("=BBBBIII", 1, 1, 1, 0, inode, 0, 0)
    for kind, value in ((0, path), (2, b"" if peer is None else struct.pack("=I", peer))):
        if value:
            body += struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)
    return struct.pack("=IHHII", 16 + len(body), 20, 2, 1, 0) + body


END = struct.pack("=IHHIIi", 20, 3, 2, 1, 0, 0)


class HoldersTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="proc", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.proc = Path(home.name)
        self.octets = (
            answer(11, b"/run/a\0", 12) + answer(12, b"", 11) + answer(13, b"/run/b") + END
        )
        self.patch(_holders, "_dump", lambda: self.octets)

    def process(self, pid: int, program: str, *links: str) -> None:
        folder = self.proc / str(pid)
        (folder / "fd").mkdir(parents=True)
        (folder / "comm").write_text(f"{program}\n")
        for number, link in enumerate(links):
            (folder / "fd" / str(number)).symlink_to(link)

    def test_answer(self) -> None:
        """
        The kernel's answer is read, whatever attributes a socket has.
        """
        found = [Connected(11, 12, b"/run/a"), Connected(12, 11, b""), Connected(13, 0, b"/run/b")]
        self.assertEqual(list(connected(self.octets)), found)
        self.assertEqual(list(connected(b"")), [])

    def test_found(self) -> None:
        """
        Whoever has the other end of a connection open is found, and nobody else.
        """
        self.process(5, "libvirtd", "/dev/null", "socket:[12]")
        self.process(6, "qemu", "socket:[11]")
        self.process(7, "evil\x1b[2J", "socket:[12]")
        self.process(8, "we", "socket:[12]")
        (self.proc / "self").mkdir()
        found = holders(Path("/run/a"), 8, self.proc)
        self.assertEqual(found, [Holder(5, "libvirtd"), Holder(7, "evil?[2J")])
        self.assertEqual(holders(Path("/run/b"), 8, self.proc), [])
        self.assertEqual(holders(Path("/run/c"), 8, self.proc), [])

    def test_hidden(self) -> None:
        """
        A process that has ended meanwhile, or is another user's, is passed over.
        """
        (self.proc / "9").mkdir()
        self.process(10, "socat", "socket:[12]")
        self.assertEqual(holders(Path("/run/a"), 1, self.proc), [Holder(10, "socat")])
