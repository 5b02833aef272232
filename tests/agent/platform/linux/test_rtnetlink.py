"""Questions to the kernel about interfaces."""

import errno
import struct

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux import _netlink
from txqga.agent.platform.linux._rtnetlink import ADDRESSES, LINKS, dump, messages

INTERRUPTED = 0x10


class FakeSocket:
    """A kernel that answers each question with the next list of datagrams."""

    def __init__(self, *answers: list[bytes]) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.unread: list[bytes] = []
        self.closed = False

    def connected(self) -> "FakeSocket":
        return self

    def send(self, data: bytes, /) -> int:
        self.asked.append(data)
        self.unread += self.answers.pop(0)
        return len(data)

    def recv(self, size: int, /) -> bytes:
        datagram = self.unread.pop(0)
        assert len(datagram) <= size
        return datagram

    def close(self) -> None:
        self.closed = True


class DumpTests(SynchronousTestCase):
    def test_question(self) -> None:
        """
        The question is a dump of everything of a kind, with a body that says nothing.
        """
        for kind, body in ((LINKS, 16), (ADDRESSES, 8)):
            kernel = FakeSocket([_netlink.done()])
            self.assertEqual(dump(kind, kernel.connected), b"")
            (question,) = kernel.asked
            length, asked, flags, _, _ = struct.unpack_from("=IHHII", question)
            self.assertEqual((length, asked, flags), (16 + body, kind, 0x301))
            self.assertEqual(question[16:], bytes(body))
            self.assertTrue(kernel.closed)

    def test_pieces(self) -> None:
        """
        A long list comes in several pieces, the end alone or with the last of them.
        """
        one, two = _netlink.link(1, b"lo"), _netlink.link(2, b"eth0")
        for pieces in ([one, two, _netlink.done()], [one + two, _netlink.done()]):
            self.assertEqual(dump(LINKS, FakeSocket(pieces).connected), one + two)
        together = dump(LINKS, FakeSocket([one, two + _netlink.done()]).connected)
        self.assertEqual([body for body, _ in messages(together, 0)], [b"", b""])

    def test_refused(self) -> None:
        """
        A refusal has the kernel's reason.
        """
        kernel = FakeSocket([_netlink.error(errno.EACCES)])
        refused = self.assertRaises(PermissionError, dump, LINKS, kernel.connected)
        self.assertEqual(refused.strerror, "Permission denied")
        self.assertTrue(kernel.closed)

    def test_silence(self) -> None:
        """
        A connection that ends in the middle is an error.
        """
        kernel = FakeSocket([_netlink.link(1, b"lo"), b""])
        self.assertRaises(OSError, dump, LINKS, kernel.connected)
        self.assertTrue(kernel.closed)

    def test_changed(self) -> None:
        """
        A list that changed while it was told is asked for again.
        """
        torn = _netlink.link(1, b"lo", flags=2 | INTERRUPTED)
        whole = _netlink.link(1, b"lo")
        kernel = FakeSocket(
            [torn, _netlink.done()], [torn + _netlink.done()], [whole, _netlink.done()]
        )
        self.assertEqual(dump(LINKS, kernel.connected), whole)

    def test_ever_changing(self) -> None:
        """
        A list that changes all the time is taken as it is, in the end.
        """
        torn = _netlink.link(1, b"lo", flags=2 | INTERRUPTED)
        kernel = FakeSocket(*[[torn, _netlink.done()] for _ in range(100)])
        self.assertEqual(dump(LINKS, kernel.connected), torn)
        self.assertLess(len(kernel.asked), 100)


class MessagesTests(SynchronousTestCase):
    def test_attributes(self) -> None:
        """
        A message has a fixed part, and attributes by their kind.
        """
        body = b"abcd" + _netlink.attribute(3, b"x") + _netlink.attribute(7, b"")
        octets = _netlink.message(16, body) + _netlink.message(16, b"efgh")
        self.assertEqual(list(messages(octets, 4)), [(b"abcd", {3: b"x", 7: b""}), (b"efgh", {})])

    def test_broken(self) -> None:
        """
        Lengths that cannot be do not make it go on for ever.
        """
        self.assertEqual(list(messages(bytes(32), 4)), [(b"", {}), (b"", {})])
        self.assertEqual(next(messages(_netlink.message(16, bytes(12)), 4))[0], bytes(4))
