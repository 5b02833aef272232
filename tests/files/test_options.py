"""What can be chosen about a copy."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.files._options import Options


class OptionsTests(SynchronousTestCase):
    def test_usual(self) -> None:
        """
        A copy is like the file and known to be good, unless somebody wants less.
        """
        options = Options()
        self.assertTrue(options.keep and options.verify)
        self.assertFalse(options.resume)
        self.assertIs(options.mode, None)
