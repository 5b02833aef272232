"""System errors as replies."""

import errno
import os

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._failing import failing
from txqga.errors import CommandFailed


class FailingTests(SynchronousTestCase):
    def test_system_error(self) -> None:
        """
        A system error ends the command with what was tried and what the system says.
        """
        with self.assertRaises(CommandFailed) as caught, failing("failed to read file"):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        self.assertEqual(caught.exception.desc, "failed to read file: Is a directory")

    def test_other_error(self) -> None:
        """
        What is no system error goes through unchanged.
        """
        with self.assertRaises(CommandFailed) as caught, failing("failed to read file"):
            raise CommandFailed("busy")
        self.assertEqual(caught.exception.desc, "busy")

    def test_success(self) -> None:
        """
        Nothing happens where nothing fails.
        """
        with failing("failed to read file"):
            pass
