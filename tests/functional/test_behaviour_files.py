"""Opening and closing files, and the numbers of handles. Facts 3, 10.3 and the file rows of 14."""

import os
import socket
import stat
from typing import Any

from tests.functional._behaviour import Behaviour, of_a_process
from tests.functional._rows import Expected, call, error, ok

OPEN, CLOSE = "guest-file-open", "guest-file-close"

MODES = {
    "r": os.O_RDONLY,
    "rb": os.O_RDONLY,
    "w": os.O_WRONLY,
    "wb": os.O_WRONLY,
    "a": os.O_WRONLY | os.O_APPEND,
    "ab": os.O_WRONLY | os.O_APPEND,
    "r+": os.O_RDWR,
    "rb+": os.O_RDWR,
    "r+b": os.O_RDWR,
    "w+": os.O_RDWR,
    "wb+": os.O_RDWR,
    "w+b": os.O_RDWR,
    "a+": os.O_RDWR | os.O_APPEND,
    "ab+": os.O_RDWR | os.O_APPEND,
    "a+b": os.O_RDWR | os.O_APPEND,
}


class Opening(Behaviour):
    def flags(self, path: str) -> int:
        """The flags with which the agent holds this file open."""
        [number] = [fd for fd, name in self.process.open_files().items() if name == path]
        with open(f"/proc/{self.process.pid}/fdinfo/{number}") as lines:  # noqa: PTH123
            for line in lines:
                if line.startswith("flags:"):
                    return int(line.split()[1], 8)
        raise AssertionError("no flags")

    @of_a_process
    def test_modes(self) -> None:
        """
        There are fifteen modes, those of fopen; files are opened so that nothing can hang on them.
        """
        for mode, flags in MODES.items():
            path = self.folder / "f"
            path.write_bytes(b"content")
            handle = self.peer.call(OPEN, path=str(path), mode=mode)
            self.assertIs(type(handle), int)
            found = self.flags(str(path))
            self.assertEqual(found & (os.O_ACCMODE | os.O_APPEND), flags, mode)
            self.assertTrue(found & os.O_NONBLOCK, mode)
            self.assertTrue(found & os.O_CLOEXEC, mode)
            self.assertEqual(path.read_bytes(), b"" if "w" in mode else b"content", mode)
            self.assertEqual(self.peer.call(CLOSE, handle=handle), {})
            self.assertNotIn(str(path), self.process.open_files().values())

    @of_a_process
    def test_default_mode(self) -> None:
        """
        Without a mode a file is opened for reading.
        """
        path = self.folder / "f"
        self.refused(
            path, None, "failed to open file '{path}' (mode: 'r'): No such file or directory"
        )
        path.write_bytes(b"x")
        self.peer.call(OPEN, path=str(path))
        self.assertEqual(self.flags(str(path)) & os.O_ACCMODE, os.O_RDONLY)

    def test_invalid_modes(self) -> None:
        """
        Any other mode is refused, before the file is looked at.
        """
        for mode in (
            *(
                "",
                "x",
                "rt",
                "re",
                "R",
                "rw",
                "+r",
                "b",
                "+",
                "r++",
                "rbb",
                "r+b+",
                "wx",
                "r,ccs=x",
            ),
            *(" r", "r ", "w+x", "é"),
        ):
            self.check(call(OPEN, {"path": "/nonexistent", "mode": mode}, invalid(mode)))
        self.assertFalse((self.folder / "f").exists())

    def refused(self, path: Any, mode: str | None, desc: str) -> None:
        """Ask for a file and be refused with this text."""
        arguments = {"path": str(path)} | ({} if mode is None else {"mode": mode})
        self.check(call(OPEN, arguments, error(desc.format(path=path))))

    def test_missing(self) -> None:
        """
        Reading modes need a file; the others make one.
        """
        for mode in MODES:
            path = self.folder / f"made by {mode}"
            if mode.startswith("r"):
                self.refused(
                    path,
                    mode,
                    f"failed to open file '{{path}}' (mode: '{mode}'): No such file or directory",
                )
                self.assertFalse(path.exists())
            else:
                self.peer.call(OPEN, path=str(path), mode=mode)
                self.assertEqual(path.read_bytes(), b"")

    def test_permissions(self) -> None:
        """
        A new file may be read and written by all, whatever the umask; an old one keeps its mode.
        """
        for mode in ("w", "a", "w+", "a+"):
            path = self.folder / f"new {mode}"
            self.peer.call(OPEN, path=str(path), mode=mode)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o666)
            path.chmod(0o641)
            self.peer.call(OPEN, path=str(path), mode=mode)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o641)

    def test_truncates(self) -> None:
        """
        Mode w empties a file that is there, also behind a symbolic link.
        """
        path, link = self.folder / "f", self.folder / "link"
        link.symlink_to(path)
        path.write_bytes(b"content")
        self.peer.call(OPEN, path=str(link), mode="w")
        self.assertEqual(path.read_bytes(), b"")
        self.assertTrue(link.is_symlink())

    def test_impossible(self) -> None:
        """
        What cannot be opened is refused with the system's reason.
        """
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.folder / "socket"))
        os.mkfifo(self.folder / "fifo")
        (self.folder / "loop").symlink_to("loop")
        (self.folder / "dangling").symlink_to(self.folder / "nowhere" / "x")
        (self.folder / "f").write_bytes(b"")
        text = "failed to open file '{path}' (mode: '%s'): %s"
        for name, mode, reason in (
            ("", "w", "Is a directory"),
            ("", "r+", "Is a directory"),
            ("", "a", "Is a directory"),
            ("f/x", "r", "Not a directory"),
            ("f/x", "w", "Not a directory"),
            ("no/x", "w", "No such file or directory"),
            ("socket", "r", "No such device or address"),
            ("fifo", "w", "No such device or address"),
            ("fifo", "a", "No such device or address"),
            ("loop", "r", "Too many levels of symbolic links"),
            ("loop", "w", "Too many levels of symbolic links"),
            ("dangling", "w", "No such file or directory"),
            ("n" * 300, "r", "File name too long"),
        ):
            self.refused(self.folder / name, mode, text % (mode, reason))
        self.check(
            call(
                OPEN,
                {"path": ""},
                error("failed to open file '' (mode: 'r'): No such file or directory"),
            ),
        )

    def test_directory(self) -> None:
        """
        A directory can be opened for reading, and then not be read.
        """
        handle = self.peer.call(OPEN, path=str(self.folder))
        self.check(
            call(
                "guest-file-read", {"handle": handle}, error("failed to read file: Is a directory")
            ),
            call(CLOSE, {"handle": handle}, ok({})),
        )

    def test_names(self) -> None:
        """
        A path is octets in UTF-8: blanks, quotes and letters of any language are names.
        """
        for name in ("é 😀", "a'b\"c\\d", "new\nline", "-r", "..."):
            handle = self.peer.call(OPEN, path=str(self.folder / name), mode="w")
            self.peer.call(CLOSE, handle=handle)
            self.assertIn(name, os.listdir(self.folder))  # noqa: PTH208

    @of_a_process
    def test_relative(self) -> None:
        """
        A relative path starts at the agent's current folder.
        """
        self.peer.call(OPEN, path="foo", mode="w+")
        self.assertTrue((self.process.cwd / "foo").exists())

    def test_fifo(self) -> None:
        """
        A FIFO opens for reading without waiting for a writer.
        """
        os.mkfifo(self.folder / "fifo")
        handle = self.peer.call(OPEN, path=str(self.folder / "fifo"))
        self.check(
            call(
                "guest-file-read", {"handle": handle}, ok({"count": 0, "buf-b64": "", "eof": True})
            )
        )


def invalid(mode: str) -> Expected:
    """The refusal of a mode."""
    return error(f"invalid file open mode '{mode}'")


globals().update(Opening.for_every_agent())
