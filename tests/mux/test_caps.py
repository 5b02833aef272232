"""How long a command may take."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._caps import Caps, is_silent
from txqga.mux._lanes import Lane
from txqga.schema import shipped


class CapsTests(SynchronousTestCase):
    def test_by_command(self) -> None:
        """
        Freezing and trimming get an hour, everything else ten minutes.
        """
        caps, schema = Caps(), shipped()
        for command in ("guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list", "guest-fstrim"):
            self.assertEqual(caps.of(schema, command), 3600.0)
        for command in ("guest-fsfreeze-thaw", "guest-ping", "guest-exec", "x-other"):
            self.assertEqual(caps.of(schema, command), 600.0)

    def test_silent(self) -> None:
        """
        What answers only when it is refused is not waited for as long.
        """
        for command in ("guest-shutdown", "guest-suspend-ram", "guest-suspend-disk"):
            self.assertTrue(is_silent(shipped(), command))
            self.assertEqual(Caps().of(shipped(), command), 60.0)
        self.assertFalse(is_silent(shipped(), "guest-ping"))
        self.assertFalse(is_silent(shipped(), "x-other"))

    def test_polls(self) -> None:
        """
        What nobody in particular asks holds up the others for a minute at most.
        """
        self.assertEqual(Caps().of(shipped(), "guest-file-read", Lane.POLLS), 60.0)
        self.assertEqual(Caps(polls=7).of(shipped(), "guest-get-fsinfo", Lane.POLLS), 7.0)

    def test_positive(self) -> None:
        """
        Nothing can be given no time at all.
        """
        self.assertRaises(ValueError, Caps, other=0.0)
