"""The hook that is run before a freeze and after a thaw."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._child import Children
from txqga.agent._hook import Hook
from txqga.errors import CommandFailed


class Programs(Children):
    """Programs that are not run, but noted; some fail."""

    def __init__(self, *failing: str) -> None:
        super().__init__()
        object.__setattr__(self, "ran", [])
        object.__setattr__(self, "failing", failing)

    def run(self, argv: Any, action: str, **how: Any) -> None:
        ran: list[object] = getattr(self, "ran")  # noqa: B009 - of a frozen class
        ran.append((*argv, how["limit"]))
        if argv[1] in getattr(self, "failing"):  # noqa: B009
            raise CommandFailed(f"child process has failed to {action}")


def ran(programs: Programs) -> list[object]:
    """The program, its word and its limit, of each run."""
    found: list[object] = getattr(programs, "ran")  # noqa: B009
    return found


class HookTests(SynchronousTestCase):
    def test_pair(self) -> None:
        """
        It is run with the word freeze, and with thaw.
        """
        programs = Programs()
        hook = Hook("/etc/hook", 120, programs)
        hook.freeze()
        hook.thaw(always=False)
        hook.thaw(always=False)
        self.assertEqual(ran(programs), [("/etc/hook", "freeze", 120), ("/etc/hook", "thaw", 120)])

    def test_always(self) -> None:
        """
        A client's thaw runs it even if nothing was frozen.
        """
        programs = Programs()
        Hook("/etc/hook", 0, programs).thaw(always=True)
        self.assertEqual(ran(programs), [("/etc/hook", "thaw", None)])

    def test_failed(self) -> None:
        """
        A freeze that failed has its thaw too: it may have begun something.
        """
        programs = Programs("freeze")
        hook = Hook("/etc/hook", 1, programs)
        why = self.assertRaises(CommandFailed, hook.freeze)
        self.assertEqual(why.desc, "child process has failed to execute fsfreeze hook")
        hook.thaw(always=False)
        self.assertEqual(len(ran(programs)), 2)

    def test_earlier(self) -> None:
        """
        The freeze of an earlier agent has its thaw.
        """
        programs = Programs()
        Hook("/etc/hook", 1, programs, owed=True).thaw(always=False)
        self.assertEqual(len(ran(programs)), 1)

    def test_none(self) -> None:
        """
        Without a hook nothing is run.
        """
        programs = Programs()
        hook = Hook(None, 1, programs)
        hook.freeze()
        hook.thaw(always=True)
        self.assertEqual(ran(programs), [])
