"""What can be chosen about how a guest is shared."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._caps import Caps
from txqga.mux._guest_options import GuestOptions
from txqga.schema import extended


class GuestOptionsTests(SynchronousTestCase):
    def test_defaults(self) -> None:
        """
        Unless something is chosen, all commands are known, ours too; equal choices are equal.
        """
        self.assertIs(GuestOptions().schema, extended())
        self.assertEqual(GuestOptions(), GuestOptions())
        self.assertNotEqual(GuestOptions(), GuestOptions(caps=Caps(other=7)))
