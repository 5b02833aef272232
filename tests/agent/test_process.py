"""
The program, as far as it goes without a reactor.

The rest is shown by ``tests/functional/test_agent_process.py``.
"""

import io
import os
import sys

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.process import main


class MainTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.octets, self.stderr = io.BytesIO(), io.StringIO()
        self.stdout = io.TextIOWrapper(self.octets)
        self.patch(sys, "stdout", self.stdout)
        self.patch(sys, "stderr", self.stderr)

    def printed(self) -> str:
        """What went to standard output."""
        self.stdout.seek(0)
        return self.stdout.read()

    def test_octets(self) -> None:
        """
        A path that is no text is printed as it was given.
        """
        words = ["-D", "-m", "unix-listen", "-p", os.fsdecode(b"/\xff")]
        self.patch(os, "environ", {"QGA_CONF": "/nonexistent"})
        self.assertEqual(main(["agent", *words]), 0)
        self.stdout.flush()
        self.assertIn(b"\npath=/\xff\n", self.octets.getvalue())

    def test_told(self) -> None:
        """
        What was asked for is printed, and that is a success.
        """
        self.assertEqual(main(["agent", "-V"]), 0)
        self.assertRegex(self.printed(), r"\AQEMU Guest Agent \d+\.\d+\.\d+\n\Z")
        self.assertEqual(self.stderr.getvalue(), "")

    def test_bad_option(self) -> None:
        """
        A wrong word is a failure, told as qemu-ga tells it.
        """
        self.assertEqual(main(["agent", "-x"]), 1)
        self.assertEqual(self.stderr.getvalue(), "agent: invalid option -- 'x'\n")
        self.assertEqual(
            self.printed(), "Unknown option, try 'agent --help' for more information.\n"
        )

    def test_commands(self) -> None:
        """
        The commands are listed by name.
        """
        self.assertEqual(main(["agent", "-b", "help"]), 0)
        self.assertIn("guest-ping\n", self.printed())
