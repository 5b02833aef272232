"""Texts that are kept while nothing may be written."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._held_back import HeldBack


class HeldBackTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.written: list[str] = []
        self.held = HeldBack(self.written.append, lambda count: f"{count} lost", limit=10)

    def test_at_once(self) -> None:
        """
        As long as nothing is held back, a text is written at once.
        """
        self.held("a")
        self.assertEqual(self.written, ["a"])
        self.held.resume()
        self.assertEqual(self.written, ["a"])

    def test_later(self) -> None:
        """
        What was held back is written in its order, and what comes then at once.
        """
        self.held.hold()
        self.held("a")
        self.held.hold()
        self.held("b")
        self.assertEqual(self.written, [])
        self.held.resume()
        self.held("c")
        self.assertEqual(self.written, ["a", "b", "c"])

    def test_too_much(self) -> None:
        """
        The oldest give way to the newest, and are counted.
        """
        self.held.hold()
        for each in ("12345", "67890", "a", "b", "x" * 11, "end"):
            self.held(each)
        self.held.resume()
        self.assertEqual(self.written, ["5 lost", "end"])
        self.held.hold()
        self.held("1234567890")
        self.held.resume()
        self.assertEqual(self.written[2:], ["1234567890"])
