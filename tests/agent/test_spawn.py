"""
Starting a program: what goes wrong before there is one.

``tests/functional/test_exec_family.py`` starts real ones.
"""

import errno
import subprocess
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._spawn import _Entry, spawn


class SpawnTests(SynchronousTestCase):
    def fails(self, name: bytes, path: bytes) -> int:
        """The number of the error with which the program does not start."""
        with self.assertRaises(OSError) as caught:
            null = subprocess.DEVNULL
            spawn([name], [b"PATH=" + path], null, null, null)
        self.assertTrue(caught.exception.strerror)
        number: int = caught.exception.errno
        return number

    def test_missing(self) -> None:
        """
        A program that is nowhere is a missing file.
        """
        folder = Path(self.mktemp())
        folder.mkdir()
        (folder / "file").touch()
        here = bytes(folder.absolute())
        self.assertEqual(self.fails(b"no-such", here), errno.ENOENT)
        self.assertEqual(self.fails(here + b"/no-such", b""), errno.ENOENT)
        self.assertEqual(self.fails(b"", here), errno.ENOENT)

    def test_last_failure(self) -> None:
        """
        Of several reasons the last one is told.
        """
        folder = Path(self.mktemp())
        folder.mkdir()
        (folder / "file").touch()
        here = bytes(folder.absolute())
        self.assertEqual(self.fails(b"x", here + b":" + here + b"/file"), errno.ENOTDIR)
        self.assertEqual(self.fails(b"x", here + b"/file:" + here), errno.ENOENT)

    def test_hopeless(self) -> None:
        """
        What is wrong with the name itself ends the search.
        """
        self.assertEqual(self.fails(b"x" * 300, b"/bin:/nowhere"), errno.ENAMETOOLONG)


class EntryTests(SynchronousTestCase):
    def test_unchanged(self) -> None:
        """
        An entry of the environment survives being taken for a variable's name.
        """
        for entry in (b"FOO", b"A=1", b"=x", b"B=1=2", b""):
            name = _Entry(entry)
            self.assertNotIn(b"=", name)
            self.assertEqual(bytes(name + b"=" + b""), entry)

    def test_all_are_kept(self) -> None:
        """
        The same variable may be given twice.
        """
        entries = [b"A=1", b"A=2", b"A=1"]
        kept = dict.fromkeys(map(_Entry, entries), b"")
        self.assertEqual([bytes(entry) for entry in kept], entries)
