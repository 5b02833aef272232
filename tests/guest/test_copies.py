"""Files of a guest, as methods of it."""

import io

from twisted.trial.unittest import SynchronousTestCase

from tests.guest.test_programs import parameters
from txqga.files import Files
from txqga.guest import Guest
from txqga.testing import MemoryGuest


class CopiesTests(SynchronousTestCase):
    def test_there_and_back(self) -> None:
        """
        What is pushed can be pulled.
        """
        guest = MemoryGuest()
        self.successResultOf(guest.push(io.BytesIO(b"hello"), "/a"))
        self.assertEqual(guest.files, {"/a": b"hello"})
        copy = io.BytesIO()
        report = self.successResultOf(guest.pull("/a", copy))
        self.assertEqual((copy.getvalue(), report.octets), (b"hello", 5))

    def test_same_parameters(self) -> None:
        """
        All that can be chosen elsewhere can be chosen here.
        """
        for name in ("push", "pull"):
            ours, theirs = (
                [(each.name, each.kind, each.default) for each in parameters(which, name)]
                for which in (Guest, Files)
            )
            self.assertEqual(ours, theirs)
