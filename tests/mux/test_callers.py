"""Who is at the other end."""

import os
import socket

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._callers import Bearer, Caller, Peer, User, masters, peer, peer_of, refusal_of


class Transport:
    """As much of a UNIX transport as is needed."""

    def __init__(self, handle: socket.socket) -> None:
        self._handle = handle

    def getHandle(self) -> socket.socket:
        return self._handle


class PeerTests(SynchronousTestCase):
    def test_kernel(self) -> None:
        """
        The kernel says which process of which user has connected.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX)
        with ours, theirs:
            myself = Peer(
                pid=os.getpid(),
                uid=os.geteuid(),
                gid=os.getegid(),
                groups=frozenset(os.getgroups()),
            )
            self.assertEqual(peer_of(ours), myself)
            self.assertEqual(peer(Transport(ours)), peer_of(ours))  # type: ignore[arg-type]

    def test_served(self) -> None:
        """
        Root and the user of the daemon are served, others are told who would be.
        """
        for uid in (0, 1000):
            self.assertIsNone(refusal_of(Peer(pid=1, uid=uid, gid=5), 1000))
        self.assertEqual(
            refusal_of(Peer(pid=1, uid=33, gid=33), 1000),
            "permission denied: this socket serves root and uid 1000, and you are uid 33",
        )
        self.assertEqual(
            refusal_of(Peer(pid=1, uid=33, gid=33), 0),
            "permission denied: this socket serves root, and you are uid 33",
        )
        self.assertIsNone(refusal_of(Peer(pid=1, uid=os.geteuid(), gid=5)))


class CallerTests(SynchronousTestCase):
    def test_connection(self) -> None:
        """
        Each connection is somebody else, even of the same process.
        """
        self.assertNotEqual(Caller("pid 7").owner, Caller("pid 7").owner)

    def test_user(self) -> None:
        """
        Where handles are the user's, all connections of a user are one owner.
        """
        self.assertEqual(Caller("a", User(33)).owner, Caller("b", User(33)).owner)
        self.assertNotEqual(Caller("a", User(33)).owner, Caller("a", User(0)).owner)
        self.assertNotEqual(Caller("a", User(33)), Caller("a", User(33)))

    def test_person(self) -> None:
        """
        What is detached is the user's or the bearer's, whatever their connections own; the program
        that the mux is part of is our own user.
        """
        peer = Peer(pid=1, uid=33, gid=33)
        self.assertEqual(Caller("a", who=peer).person, User(33))
        self.assertEqual(Caller("a", Bearer("ci"), Bearer("ci")).person, Bearer("ci"))
        self.assertEqual(Caller("a").person, User(os.geteuid()))
        self.assertEqual(masters(), {User(0), User(os.geteuid())})
