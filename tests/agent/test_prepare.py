"""What has to be in order before an agent serves."""

from pathlib import Path
from typing import Any

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._config import Config
from txqga.agent._prepare import prepare
from txqga.agent._start import StartFailed


class PrepareTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        self.config = Config(method="unix-listen", path="/nonexistent/s", statedir=str(self.folder))

    def fails(self, desc: str, **changes: Any) -> None:
        with self.assertRaises(StartFailed) as caught:
            prepare(evolve(self.config, **changes))
        self.assertIn(desc, str(caught.exception))

    def test_later_options(self) -> None:
        """
        An option that this version does not serve is refused, not passed over.
        """
        later = "not served yet by this version of txqga"
        self.fails(f"daemonize: {later}", daemon=True)
        self.fails(f"fsfreeze-hook: {later}", fsfreeze_hook="/x")
        self.fails(f"retry-path: {later}", retry_path=True)
        for method in ("virtio-serial", "isa-serial", "vsock-listen"):
            self.fails(f"method {method}: {later}", method=method)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_unknown_method(self) -> None:
        """
        A method that does not exist is refused in qemu-ga's words.
        """
        self.fails("unsupported channel method/type: tcp", method="tcp")

    def test_state_first(self) -> None:
        """
        The state is written before the channel is opened.
        """
        self.fails("Failed to bind socket to /nonexistent/s")
        self.assertTrue((self.folder / "qga.state").exists())
        self.fails("failed to write persistent state", statedir="/nonexistent")
