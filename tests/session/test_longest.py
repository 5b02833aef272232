"""How long a line may be, by command."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.session._longest import longest_line
from txqga.wire import REPLY_LIMITS, success


class LongestLineTests(SynchronousTestCase):
    def test_file_read(self) -> None:
        """
        The reply to a file-read fits, and little more.
        """
        for count in (0, 1, 4096, 1 << 20):
            reply = {"count": count, "buf-b64": "A" * ((count + 2) // 3 * 4), "eof": False}
            line = len(success(reply, "0123456789ab.10000.1000000"))
            longest = longest_line("guest-file-read", {"handle": 1, "count": count})
            self.assertTrue(line < longest < line + 4096, count)

    def test_file_read_default(self) -> None:
        """
        Without a count, or with one that the agent will refuse, it is small; the largest is
        what the agent can send.
        """
        usual = longest_line("guest-file-read", {"handle": 1})
        self.assertEqual(usual, longest_line("guest-file-read", {"count": 4096}))
        for odd in (-1, "x", None):
            self.assertEqual(longest_line("guest-file-read", {"count": odd}), usual)
        self.assertLess(longest_line("guest-file-read", {"count": 2**60}), 65 << 20)

    def test_others(self) -> None:
        """
        An exec-status holds two streams of 16 MiB, and nothing else is as long.
        """
        self.assertGreater(longest_line("guest-exec-status", {}), 2 * (16 << 20) * 4 // 3)
        self.assertEqual(longest_line("guest-info", {}), REPLY_LIMITS.octets)
