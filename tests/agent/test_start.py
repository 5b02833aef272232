"""Why an agent did not start."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._start import ChannelFailed, StartFailed


class StartFailedTests(SynchronousTestCase):
    def test_texts(self) -> None:
        """
        The reason comes first, then what qemu-ga says after any.
        """
        why = StartFailed("no such thing")
        self.assertEqual(str(why), "no such thing")
        self.assertEqual(why.texts, ("no such thing", "error initializing guest agent"))

    def test_channel(self) -> None:
        """
        Where the channel is at fault, what follows from that comes in between.
        """
        self.assertEqual(
            ChannelFailed("no such thing").texts,
            (
                "no such thing",
                "failed to create guest agent channel",
                "failed to initialize guest agent channel",
                "error initializing guest agent",
            ),
        )
