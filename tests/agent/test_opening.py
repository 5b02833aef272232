"""
Opening the channel.

What can be opened is shown by ``tests/functional/test_agent_channels.py``.
"""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._config import Config
from txqga.agent._opening import open_channel
from txqga.agent._start import ChannelFailed, StartFailed

CREATED = "failed to create guest agent channel"
INITIALIZED = "failed to initialize guest agent channel"
FAILED = "error initializing guest agent"


class OpenChannelTests(SynchronousTestCase):
    def fails(self, method: str, path: str, *texts: str) -> StartFailed:
        with self.assertRaises(StartFailed) as caught:
            open_channel(Config(method=method, path=path))
        self.assertEqual(caught.exception.texts, (*texts, INITIALIZED, FAILED))
        failed: StartFailed = caught.exception
        return failed

    def test_device(self) -> None:
        """
        A character device is opened, and what will never block is returned.
        """
        for method in ("virtio-serial", "isa-serial"):
            descriptor = open_channel(Config(method=method, path=os.devnull))
            assert isinstance(descriptor, int)
            self.assertFalse(os.get_blocking(descriptor))
            os.close(descriptor)

    def test_no_device(self) -> None:
        """
        A device that is not there may come: that is told apart from what will never work.
        """
        for method in ("virtio-serial", "isa-serial"):
            why = "error opening channel '/nonexistent/x': No such file or directory"
            self.assertIsInstance(self.fails(method, "/nonexistent/x", why, CREATED), ChannelFailed)

    def test_not_a_device(self) -> None:
        """
        What is no device is refused by name.
        """
        path = self.mktemp()
        Path(path).touch()
        why = f"error opening channel '{path}': Not a character device"
        self.fails("virtio-serial", path, why, CREATED)

    def test_folder_of_socket(self) -> None:
        """
        A socket whose folder is missing cannot be made.
        """
        why = "Failed to bind socket to /nonexistent/s: No such file or directory"
        self.assertIsInstance(
            self.fails("unix-listen", "/nonexistent/s", why, CREATED), ChannelFailed
        )

    def test_addresses(self) -> None:
        """
        An address that is none will never be one.
        """
        for address, why in (
            ("3", "error parsing address '3'"),
            ("x:3", "Failed to parse cid 'x'"),
            ("3:y", "Failed to parse port 'y'"),
            ("3:4,5", "trailing characters in address '3:4,5'"),
        ):
            failed = self.fails("vsock-listen", address, why, CREATED)
            self.assertNotIsInstance(failed, ChannelFailed)

    def test_unknown_method(self) -> None:
        """
        A method that does not exist is refused in qemu-ga's words.
        """
        failed = self.fails("tcp", "x", "unsupported channel method/type: tcp")
        self.assertNotIsInstance(failed, ChannelFailed)
