"""What has to be in order before an agent serves."""

import os
from pathlib import Path
from typing import Any

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._config import Config
from txqga.agent._frozen_file import FrozenFile, boot_id
from txqga.agent._prepare import Prepared, prepare
from txqga.agent._start import StartFailed


class PrepareTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.config = Config(method="unix-listen", path="/nonexistent/s", statedir=str(self.folder))

    def prepare(self, **changes: Any) -> Prepared:
        return prepare(evolve(self.config, **changes))

    def fails(self, desc: str, **changes: Any) -> None:
        with self.assertRaises(StartFailed) as caught:
            self.prepare(**changes)
        self.assertIn(desc, str(caught.exception))

    def test_frozen(self) -> None:
        """
        Where an earlier agent left filesystems frozen, the state is not begun.
        """
        FrozenFile(str(self.folder), boot_id()).frozen(1.0, None)
        self.fails("No such file or directory")
        self.assertEqual([each.name for each in self.folder.iterdir()], ["qga.state.isfrozen"])

    def test_unknown_method(self) -> None:
        """
        A method that does not exist is refused in qemu-ga's words, also where it is to be retried.
        """
        for retry in (False, True):
            self.fails("unsupported channel method/type: tcp", method="tcp", retry_path=retry)

    def test_state_first(self) -> None:
        """
        The state is written before the channel is opened.
        """
        self.fails("Failed to bind socket to /nonexistent/s")
        self.assertTrue((self.folder / "qga.state").exists())
        self.fails("failed to write persistent state", statedir="/nonexistent")

    def test_opened(self) -> None:
        """
        A channel that can be opened is.
        """
        prepared = self.prepare(method="virtio-serial", path=os.devnull)
        assert isinstance(prepared.channel, int)
        os.close(prepared.channel)

    def test_not_there_yet(self) -> None:
        """
        With --retry-path a channel that cannot be opened yet is no reason not to start.
        """
        for method in ("virtio-serial", "isa-serial", "unix-listen"):
            self.assertIsNone(self.prepare(method=method, retry_path=True).channel)

    def test_daemon_finds_it_again(self) -> None:
        """
        A daemon, which leaves its folder, knows the way to its device from anywhere.
        """
        Path("null").symlink_to(os.devnull)
        self.addCleanup(Path("null").unlink)
        for method, path, retry, config_path in (
            ("virtio-serial", "null", False, Path("null").absolute()),
            ("isa-serial", "missing/x", True, Path("missing/x").absolute()),
            ("unix-listen", "missing/s", True, Path("missing/s").absolute()),
        ):
            prepared = self.prepare(method=method, path=path, retry_path=retry, daemon=True)
            self.assertEqual(prepared.config.path, str(config_path))
            if isinstance(prepared.channel, int):
                os.close(prepared.channel)

    def test_as_it_was_told(self) -> None:
        """
        What is not opened again is called as it was told.
        """
        for method, path in (("unix-listen", "missing/s"), ("vsock-listen", "3")):
            self.fails(f" '{path}'" if path == "3" else f" {path}: ", method=method, path=path)
