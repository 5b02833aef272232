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

    def test_useless(self) -> None:
        """
        Where nothing may be put inside a fence, none can be begun: hosts do without, then.
        """
        fence = "txqga-fence"
        self.assertTrue(CommandFilter().enables(fence))
        self.assertFalse(CommandFilter(blocked=["txqga-fenced"]).enables(fence))
        self.assertFalse(CommandFilter(allowed=[fence]).enables(fence))
        self.assertTrue(CommandFilter(allowed=[fence, "txqga-fenced"]).enables(fence))

    def test_like(self) -> None:
        """
        Who has blocked guest-exec, or reading files, has not left another way to do the same.
        """
        for blocked in ("guest-file-open", "guest-file-read"):
            lists = CommandFilter(blocked=[blocked])
            self.assertFalse(lists.enables("txqga-file-digest"))
            self.assertTrue(lists.enables("guest-file-write"))
        for blocked in ("guest-file-open", "guest-file-write"):
            lists = CommandFilter(blocked=[blocked])
            for name in ("create", "set", "rename", "remove", "make-folder", "link"):
                self.assertFalse(lists.enables(f"txqga-file-{name}"))
            for name in ("stat", "list"):
                enabled = blocked == "guest-file-write"
                self.assertIs(lists.enables(f"txqga-file-{name}"), enabled)
        lists = CommandFilter(blocked=["guest-exec"])
        self.assertFalse(lists.enables("txqga-exec-start"))
        self.assertTrue(lists.enables("txqga-exec-list"))
        lists = CommandFilter(allowed=["guest-exec"])
        self.assertFalse(lists.enables("txqga-exec-start"))
        lists = CommandFilter(allowed=["txqga-exec-start"])
        self.assertTrue(lists.enables("txqga-exec-start"))
