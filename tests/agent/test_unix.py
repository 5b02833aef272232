"""
The socket of unix-listen: what is refused.

That it listens is shown by ``tests/functional/test_agent_process.py``.
"""

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._start import StartFailed
from txqga.agent._unix import listening_socket


class ListeningSocketTests(SynchronousTestCase):
    def fails(self, path: str, desc: str) -> None:
        with self.assertRaises(StartFailed) as caught:
            listening_socket(path)
        self.assertEqual(str(caught.exception), desc)

    def test_too_long(self) -> None:
        """
        A path longer than 107 octets is refused by name: the kernel has no room for more.
        """
        path = "/" + "é" * 54
        self.fails(path, f"UNIX socket path '{path}' is too long")

    def test_no_folder(self) -> None:
        """
        The folder of the socket is not created.
        """
        self.fails(
            "/nonexistent/s", "Failed to bind socket to /nonexistent/s: No such file or directory"
        )

    def test_not_a_socket(self) -> None:
        """
        A file that is in the way is not removed.
        """
        path = Path("not-a-socket")
        path.write_text("precious")
        self.addCleanup(path.unlink)
        self.fails(
            "not-a-socket",
            "Failed to bind socket to not-a-socket: File exists and is no socket",
        )
        self.assertEqual(path.read_text(), "precious")

    def test_unreachable(self) -> None:
        """
        What cannot be looked at is not guessed at.
        """
        self.fails("/dev/null/s", "Failed to unlink socket /dev/null/s: Not a directory")
