"""What can be chosen about a mux."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._caps import Caps
from txqga.mux._guest import GuestOptions
from txqga.mux._inventory import VM
from txqga.mux._options import Entry, MuxOptions


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
            Entry(vm, MuxOptions(guest=capped)),
        ):
            self.assertNotEqual(Entry(vm, MuxOptions()), other)
