"""
Opening a character device.

Serial lines are opened by ``tests/functional/test_devices.py``.
"""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.transports import open_serial, open_virtio


class OpeningTests(SynchronousTestCase):
    def test_any_character_device(self) -> None:
        """
        Any character device will do, as it does for qemu-ga.
        """
        for opens in (open_virtio, open_serial):
            descriptor = opens(os.devnull)
            self.addCleanup(os.close, descriptor)
            self.assertFalse(os.get_inheritable(descriptor))
            self.assertFalse(os.get_blocking(descriptor))
            self.assertEqual(os.write(descriptor, b"abc"), 3)

    def test_nothing_else(self) -> None:
        """
        A file or a FIFO is refused, and left as it is: a path mistyped must not do harm.
        """
        file, fifo = Path(self.mktemp()), self.mktemp()
        file.write_text('{"execute": "guest-shutdown"}')
        os.mkfifo(fifo)
        for path in (str(file), fifo):
            for opens in (open_virtio, open_serial):
                with self.assertRaises(OSError) as caught:
                    opens(path)
                self.assertEqual(caught.exception.strerror, "Not a character device")
        self.assertEqual(file.read_text(), '{"execute": "guest-shutdown"}')

    def test_missing(self) -> None:
        """
        What is not there cannot be opened, nor created.
        """
        self.assertRaises(FileNotFoundError, open_virtio, "/nonexistent/port")
