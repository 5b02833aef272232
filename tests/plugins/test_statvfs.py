"""The plug-in statvfs."""

import os

from plugins.statvfs import commands
from tests.plugins._asking import AskingTests
from txqga.errors import CommandFailed


class StatvfsTests(AskingTests):
    def test_told(self) -> None:
        """
        What the system tells of a filesystem is told, each member by its name.
        """
        told = self.ask("guest-get-statvfs", path="/proc")
        real = os.statvfs("/proc")
        for name in ("f_bsize", "f_frsize", "f_flag", "f_namemax", "f_blocks"):
            self.assertEqual(told[name], getattr(real, name))
        declared = self.plugins.schema.structs["GuestFileSystemStatistics"].members
        self.assertEqual(list(told), [each.name for each in declared])

    def test_failed(self) -> None:
        """
        The error is the system's; a NUL does not end the path early.
        """
        for path in ("/nonexistent", "/proc\0/nonexistent", ""):
            refused = self.assertRaises(CommandFailed, self.ask, "guest-get-statvfs", path=path)
            self.assertEqual(refused.desc, "Failed to get statvfs: No such file or directory")

    def test_elsewhere(self) -> None:
        """
        A filesystem that does not answer stops nobody but who asked.
        """
        self.assertTrue(self.plugins.commands()["guest-get-statvfs"].blocking)

    def test_signed(self) -> None:
        """
        The number of a filesystem fits the schema, whichever bits are set.
        """
        for number, told in ((0, 0), (2**63 - 1, 2**63 - 1), (2**63, -(2**63)), (2**64 - 1, -1)):
            self.assertEqual(commands.signed(number), told)
