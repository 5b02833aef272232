"""Sending the machine to sleep, without doing so; facts 9 has the ways and the texts."""

import errno
import os

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from tests.agent.platform.linux._programs import FakePrograms
from txqga.agent.platform.linux import Calls
from txqga.agent.platform.linux._suspend import STATE, suspend
from txqga.errors import CommandFailed

#: For each mode what systemd and pm-utils are asked, and told.
WORDS = {
    "disk": (
        "systemctl status systemd-hibernate",
        "systemctl hibernate",
        "pm-is-supported --hibernate",
        "pm-hibernate",
    ),
    "ram": (
        "systemctl status systemd-suspend",
        "systemctl suspend",
        "pm-is-supported --suspend",
        "pm-suspend",
    ),
    "hybrid": (
        "systemctl status systemd-hybrid-sleep",
        "systemctl hybrid-sleep",
        "pm-is-supported --suspend-hybrid",
        "pm-suspend-hybrid",
    ),
}

_UNSUPPORTED = "the requested suspend mode is not supported by the guest"


class SuspendTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.programs = FakePrograms()
        self.calls = Calls(programs=self.programs)

    def knows(self, mode: str, systemd: int | None = None, pm_utils: int | None = None) -> None:
        """Say what the two are to answer when they are asked."""
        is_there, _, is_supported, _ = WORDS[mode]
        self.programs.codes.update({is_there: systemd, is_supported: pm_utils})

    def suspend(self, mode: str) -> list[str]:
        """What was run."""
        self.programs.ran.clear()
        suspend(self.machine.tree, self.calls, mode)
        return self.programs.ran

    def refusal(self, mode: str) -> str:
        return str(self.assertRaises(CommandFailed, self.suspend, mode).desc)

    def test_systemd(self) -> None:
        """
        It is systemd that does it where it has the unit, which is not running.
        """
        for mode, words in WORDS.items():
            for status in (1, 2, 3):
                self.knows(mode, status, 0)
                self.assertEqual(self.suspend(mode), list(words[:2]))
            for other in (0, 4, None):
                self.knows(mode, other, 0)
                self.assertNotIn(words[1], self.suspend(mode))

    def test_pm_utils(self) -> None:
        """
        pm-utils do it where there is no systemd, or where it fails.
        """
        for mode, words in WORDS.items():
            self.knows(mode, None, 0)
            self.assertEqual(self.suspend(mode), [words[0], words[2], words[3]])
            self.knows(mode, 3, 0)
            self.programs.codes[words[1]] = 1
            self.assertEqual(self.suspend(mode), list(words))

    def test_kernel(self) -> None:
        """
        The kernel does it where nobody else can, if it can.
        """
        for mode, word in (("disk", "disk"), ("ram", "mem")):
            self.knows(mode)
            self.machine.file(STATE, "freeze mem disk\n")
            self.suspend(mode)
            written = self.machine.at(STATE).read_text()
            self.assertEqual(written[: len(word)], word)
            self.machine.file(STATE, "freeze\n")
            self.assertEqual(self.refusal(mode), _UNSUPPORTED)

    def test_kernel_refuses(self) -> None:
        """
        If the kernel cannot after all, it says why.
        """

        def fail(*words: object) -> int:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

        self.knows("ram")
        self.machine.file(STATE, "mem\n")
        self.calls = evolve(self.calls, pwrite=fail)
        self.assertEqual(
            self.refusal("ram"), f"suspend: cannot write to '{STATE}': Device or resource busy"
        )

    def test_unsupported(self) -> None:
        """
        Where nobody knows how, that is an error.
        """
        for mode in WORDS:
            self.knows(mode)
            self.assertEqual(self.refusal(mode), _UNSUPPORTED)
        self.machine.file(STATE, "mem disk\n")
        self.assertEqual(self.refusal("hybrid"), _UNSUPPORTED)

    def test_failed(self) -> None:
        """
        Where those who know how fail, the last one's failure is told; qemu-ga says nothing then.
        """
        for mode in ("disk", "ram"):
            words = WORDS[mode]
            self.knows(mode, 3, 0)
            self.programs.codes.update({words[1]: 1, words[3]: 7})
            self.assertEqual(
                self.refusal(mode), "child process has failed to suspend: exit status 7"
            )
            self.knows(mode, 3, None)
            self.assertEqual(
                self.refusal(mode), "child process has failed to suspend: exit status 1"
            )

    def test_hybrid_failed(self) -> None:
        """
        A hybrid sleep that fails does so in other words.
        """
        self.knows("hybrid", 3)
        self.programs.codes[WORDS["hybrid"][1]] = 1
        self.assertEqual(self.refusal("hybrid"), "unknown guest suspend mode")
