"""Open files by number."""

import itertools
import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._handles import Handles
from txqga.agent._stdio import Stream
from txqga.errors import CommandFailed


class HandlesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())

    def stream(self) -> Stream:
        return Stream(os.open(self.path, os.O_WRONLY | os.O_CREAT))

    def test_found_until_taken(self) -> None:
        """
        A handle leads to its file until it is given up.
        """
        handles = Handles(itertools.count(1000).__next__)
        first, second = self.stream(), self.stream()
        self.addCleanup(first.close)
        self.addCleanup(second.close)
        self.assertEqual([handles.add(first), handles.add(second)], [1000, 1001])
        self.assertIs(handles.find(1001), second)
        self.assertIs(handles.find(1000), first)
        self.assertIs(handles.take(1000), first)
        with self.assertRaises(CommandFailed) as caught:
            handles.find(1000)
        self.assertEqual(caught.exception.desc, "handle '1000' has not been found")
        self.assertRaises(CommandFailed, handles.take, 1000)
        self.assertEqual(handles.take_all(), {1001: second})
        self.assertEqual(handles.take_all(), {})

    def test_no_number(self) -> None:
        """
        A file for which no handle can be had is closed, and what was written is in it.
        """

        def fail() -> int:
            raise CommandFailed("failed to commit persistent state to disk")

        stream = self.stream()
        stream.write(b"abc")
        with self.assertRaises(CommandFailed) as caught:
            Handles(fail).add(stream)
        self.assertEqual(caught.exception.desc, "failed to commit persistent state to disk")
        self.assertEqual(self.path.read_bytes(), b"abc")
        self.assertRaises(OSError, stream.close)
