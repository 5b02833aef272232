"""Which family of systems a guest has."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import CommandFailed, CommandNotAllowed, CommandNotFound, Misfit
from txqga.session._family import Family, read_family
from txqga.testing import MemoryGuest


class FamilyTests(SynchronousTestCase):
    def read(self, answer: object) -> "Deferred[Family]":
        guest = MemoryGuest({"guest-get-osinfo": answer})
        read = Deferred.fromCoroutine(read_family(guest))
        guest.advance()
        return read

    def test_told(self) -> None:
        """
        A Windows is known by its id; whatever else a guest tells of its system, it is a POSIX one.
        """
        for said, family in (
            ({"id": "mswindows", "kernel-release": "20348"}, Family(is_windows=True)),
            ({"id": "debian"}, Family(is_posix=True)),
            ({"kernel-release": "6.1.0"}, Family(is_posix=True)),
            ({}, Family()),
        ):
            self.assertEqual(self.successResultOf(self.read(said)), family)

    def test_not_told(self) -> None:
        """
        Of one that cannot tell, or may not be asked, nothing is known; a lie is told as one.
        """
        for why in (CommandFailed("no"), CommandNotFound("what?"), CommandNotAllowed("no")):
            self.assertEqual(self.successResultOf(self.read(why)), Family())
        self.failureResultOf(self.read({"id": 7}), Misfit)
