"""Who is logged in."""

import struct

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform import Session
from txqga.agent.platform.linux._utmp import sessions

BOOT, USER, DEAD = 2, 7, 8


def narrow(kind: int, user: bytes, seconds: int, micros: int = 0) -> bytes:
    """A record of x86-64."""
    head = struct.pack("=hxxi32s4s32s256shh", kind, 1, b"tty1", b"1", user, b"host", 0, 0)
    return head + struct.pack("=iii16s20x", 0, seconds, micros, b"")


def wide(kind: int, user: bytes, seconds: int, micros: int = 0) -> bytes:
    """A record of aarch64."""
    head = struct.pack("=hxxi32s4s32s256shh", kind, 1, b"tty1", b"1", user, b"host", 0, 0)
    return head + struct.pack("=qqq16s24x", 0, seconds, micros, b"")


class SessionsTests(SynchronousTestCase):
    def test_users(self) -> None:
        """
        Records of users count, in their order; others do not.
        """
        octets = (
            narrow(BOOT, b"reboot", 1)
            + narrow(USER, b"bob", 100, 250000)
            + narrow(DEAD, b"carol", 2)
            + narrow(USER, b"alice", 50)
            + narrow(USER, b"bob", 90)
        )
        self.assertEqual(
            list(sessions(octets, "x86_64")),
            [Session("bob", 100.25), Session("alice", 50), Session("bob", 90)],
        )

    def test_machines(self) -> None:
        """
        Where a long has 64 bits and there never were 32-bit programs, records are longer.
        """
        self.assertEqual((len(narrow(USER, b"", 0)), len(wide(USER, b"", 0))), (384, 400))
        octets = wide(BOOT, b"reboot", 1) + wide(USER, b"bob", 1 << 33, 500000)
        self.assertEqual(list(sessions(octets, "aarch64")), [Session("bob", (1 << 33) + 0.5)])

    def test_names(self) -> None:
        """
        A name may be as long as the field, or empty, or not UTF-8.
        """
        names = (b"x" * 32, b"", b"caf\xe9")
        octets = b"".join(narrow(USER, name, -5, 1) for name in names)
        found = list(sessions(octets, "x86_64"))
        self.assertEqual([each.user for each in found], ["x" * 32, "", "caf\udce9"])
        self.assertEqual({each.since for each in found}, {-4.999999})

    def test_incomplete(self) -> None:
        """
        A record that is being written does not count.
        """
        octets = narrow(USER, b"bob", 1) + narrow(USER, b"alice", 1)[:-1]
        self.assertEqual([each.user for each in sessions(octets, "x86_64")], ["bob"])
        self.assertEqual(list(sessions(b"", "x86_64")), [])
