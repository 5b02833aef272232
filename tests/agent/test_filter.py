"""Which commands are enabled."""

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._filter import CommandFilter


class CommandFilterTests(SynchronousTestCase):
    def enabled(self, allowed: str = "", blocked: str = "") -> str:
        lists = CommandFilter(allowed=allowed.split(), blocked=blocked.split())
        return " ".join(name for name in ("a", "b", "c") if lists.enables(name))

    def test_lists(self) -> None:
        """
        Without a list everything is enabled; what is blocked is not, though it be allowed.
        """
        self.assertEqual(self.enabled(), "a b c")
        self.assertEqual(self.enabled(blocked="a x"), "b c")
        self.assertEqual(self.enabled(allowed="a b x"), "a b")
        self.assertEqual(self.enabled(allowed="a b", blocked="b c"), "a")
        self.assertEqual(self.enabled(allowed="x"), "")
