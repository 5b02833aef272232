"""Opening files as fopen does."""

import os
import socket
import stat
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent._fopen import MODES, fopen
from txqga.agent._stdio import Stream
from txqga.errors import CommandFailed


class FopenTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()
        self.path = self.folder / "file"

    def open(self, path: Path | str, mode: str) -> Stream:
        stream = fopen(str(path), mode)
        self.addCleanup(stream.close)
        return stream

    def refused(self, path: Path | str, mode: str) -> str:
        """Why the file is not opened."""
        with self.assertRaises(CommandFailed) as caught:
            fopen(str(path), mode)
        return str(caught.exception.desc)

    def names(self) -> list[str]:
        return [path.name for path in self.folder.iterdir()]

    def mode(self) -> int:
        return stat.S_IMODE(self.path.stat().st_mode)

    def test_modes(self) -> None:
        """
        There are fifteen spellings: r, w or a, with b and + behind it in any order.
        """
        self.assertEqual(
            sorted(MODES),
            sorted(f"{word}{rest}" for word in "rwa" for rest in ("", "b", "+", "b+", "+b")),
        )

    def test_other_modes(self) -> None:
        """
        Any other mode is refused, before anything is opened.
        """
        for mode in ("", "rt", "x", "re", "rw", "wx", "b", "+r", "r+b+", "R", "r "):
            self.assertEqual(self.refused(self.path, mode), f"invalid file open mode '{mode}'")
        self.assertFalse(self.path.exists())

    def test_read(self) -> None:
        """
        Reading needs a file that is there, and changes nothing of it.
        """
        self.assertEqual(
            self.refused(self.path, "r+"),
            f"failed to open file '{self.path}' (mode: 'r+'): No such file or directory",
        )
        self.path.write_bytes(b"abc")
        self.assertEqual(self.open(self.path, "r").read(3), (b"abc", False))
        self.assertEqual(self.open(self.path, "r+").read(3), (b"abc", False))

    def test_write(self) -> None:
        """
        Writing empties a file that is there, and leaves its permissions alone.
        """
        for mode in ("w", "w+b"):
            self.path.write_bytes(b"abc")
            self.path.chmod(0o640)
            self.open(self.path, mode)
            self.assertEqual(self.path.read_bytes(), b"")
            self.assertEqual(self.mode(), 0o640)

    def test_append(self) -> None:
        """
        Appending keeps what is there; with + it can be read from the beginning.
        """
        self.path.write_bytes(b"abc")
        writer = self.open(self.path, "a")
        writer.write(b"d")
        writer.flush()
        both = self.open(self.path, "ab+")
        self.assertEqual(both.read(2), (b"ab", False))
        both.begin_writing()
        both.write(b"e")
        both.flush()
        self.assertEqual(self.path.read_bytes(), b"abcde")

    def test_new_file(self) -> None:
        """
        A new file may be read and written by everybody, whatever the umask.
        """
        before = os.umask(0o077)
        self.addCleanup(os.umask, before)
        for mode in ("w", "a", "w+", "a+"):
            self.open(self.path, mode)
            self.assertEqual(self.mode(), 0o666)
            self.path.unlink()

    def test_dangling_link(self) -> None:
        """
        Nothing is created through a link that leads nowhere.
        """
        self.path.symlink_to(self.folder / "nowhere")
        self.assertIn("No such file or directory", self.refused(self.path, "w"))

    def test_folder(self) -> None:
        """
        A folder can be opened for reading, and reading it then fails.
        """
        stream = self.open(self.folder, "r")
        self.assertRaises(IsADirectoryError, stream.read, 1)
        self.assertIn("Is a directory", self.refused(self.folder, "w"))

    def test_fifo(self) -> None:
        """
        Opening a pipe waits for nobody at its other end.
        """
        os.mkfifo(self.path)
        self.assertIn("No such device or address", self.refused(self.path, "w"))
        self.assertEqual(self.open(self.path, "r").read(10), (b"", True))
        self.open(self.path, "w")

    def test_socket(self) -> None:
        """
        A socket cannot be opened.
        """
        self.addCleanup(os.chdir, Path.cwd())
        os.chdir(self.folder)  # a socket's address is short
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("file")
        self.assertIn("No such device or address", self.refused("file", "r"))

    def test_odd_names(self) -> None:
        """
        Names go to the system as they are, U+0000 as C0 80.
        """
        self.path.touch()
        self.assertEqual(
            self.refused(f"{self.path}\0x", "r"),
            f"failed to open file '{self.path}\0x' (mode: 'r'): No such file or directory",
        )
        self.open(f"{self.path}\0ü", "w")
        self.assertIn(b"file\xc0\x80\xc3\xbc", map(os.fsencode, self.names()))
        self.assertIn("No such file or directory", self.refused("", "w"))
        self.assertIn("File name too long", self.refused("x" * 300, "w"))

    def test_descriptor(self) -> None:
        """
        An open file never blocks, and is closed in programs that are started.
        """
        self.open(self.path, "w")
        links = Path("/proc/self/fd").iterdir()
        (fd,) = (int(link.name) for link in links if _leads(link, self.path))
        self.assertFalse(os.get_inheritable(fd))
        self.assertFalse(os.get_blocking(fd))


def _leads(link: Path, path: Path) -> bool:
    try:
        return link.readlink() == path
    except FileNotFoundError:
        return False  # the descriptor that listed the folder
