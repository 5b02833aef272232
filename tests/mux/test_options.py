"""What can be chosen about a mux."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.fsfreeze import Terms
from txqga.mux._caps import Caps
from txqga.mux._guest_options import GuestOptions
from txqga.mux._inventory import VM
from txqga.mux._options import Entry, MuxOptions, Sockets
from txqga.mux._queue import Bounds
from txqga.session import SessionOptions


class EntryTests(SynchronousTestCase):
    def test_equal(self) -> None:
        """
        A guest that is described as it was is the same; any difference makes it another.
        """
        vm, capped = VM("a", "unix:/a"), GuestOptions(caps=Caps(other=7))
        self.assertEqual(Entry(vm, MuxOptions()), Entry(VM("a", "unix:/a"), MuxOptions()))
        for other in (
            Entry(VM("a", "unix:/b"), MuxOptions()),
            Entry(VM("a", "unix:/a", (1, 2)), MuxOptions()),
            Entry(vm, MuxOptions(by_user=True)),
            Entry(vm, MuxOptions(sockets=Sockets(mode=0o660))),
            Entry(vm, MuxOptions(guest=capped)),
        ):
            self.assertNotEqual(Entry(vm, MuxOptions()), other)

    def test_becomes(self) -> None:
        """
        A guest keeps its session where deadlines, terms of freezes or the owners of handles are
        others; it cannot where it is elsewhere, or its socket is for others.
        """
        vm, options = VM("a", "unix:/a"), MuxOptions()
        guest = GuestOptions(caps=Caps(other=7), terms=Terms(lease=7))
        before = Entry(vm, options)
        self.assertTrue(before.becomes(Entry(vm, MuxOptions(by_user=True, guest=guest))))
        for other in (
            Entry(VM("a", "unix:/b"), options),
            Entry(vm, MuxOptions(sockets=Sockets(mode=0o660))),
            Entry(vm, MuxOptions(guest=GuestOptions(bounds=Bounds(jobs=7)))),
            Entry(vm, MuxOptions(session=SessionOptions(verbatim=True))),
        ):
            self.assertFalse(before.becomes(other))


class SocketsTests(SynchronousTestCase):
    def test_folder(self) -> None:
        """
        Where others may connect, they can go through the folder, and not list it.
        """
        self.assertEqual(Sockets().folder_mode, 0o700)
        for mode in (0o660, 0o606, 0o666):
            self.assertEqual(Sockets(mode=mode).folder_mode, 0o711)
