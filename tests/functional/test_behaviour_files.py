"""Opening and closing files, and the numbers of handles. Facts 3, 10.3 and the file rows of 14."""

import os
import socket
import stat
from typing import Any

from tests.functional._behaviour import Behaviour, Expected, call, error, of_a_process, ok
from tests.functional._client import Refused

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


class Handles(Behaviour):
    def open(self) -> int:
        """A handle of an empty file."""
        handle = self.peer.call(OPEN, path=str(self.folder / "f"), mode="w+")
        assert isinstance(handle, int)
        return handle

    @of_a_process
    def test_numbers(self) -> None:
        """
        Handles are numbered from 1000 on, and no number is given twice, also by a new agent.
        """
        self.assertEqual([self.open() for _ in range(3)], [1000, 1001, 1002])
        self.peer.call(CLOSE, handle=1001)
        self.assertEqual(self.open(), 1003)
        self.assertRaises(Refused, self.peer.call, OPEN, path="/nonexistent", mode="r")
        self.assertEqual(self.process.state.joinpath("qga.state").read_text(), STATE % 1004)
        self.peer.call(CLOSE, handle=1003)
        self.process.kill()
        self.process.start()
        with self.process.connect() as client:
            self.assertEqual(client.call(OPEN, path=str(self.folder / "f"), mode="r"), 1004)
            refused = self.assertRaises(Refused, client.call, CLOSE, handle=1000)
            self.assertEqual(refused.desc, "handle '1000' has not been found")

    def test_unknown(self) -> None:
        """
        A handle that is not open is not found, whatever is asked of it.
        """
        self.open()
        self.peer.call(CLOSE, handle=1000)
        for handle in (0, -1, 999, 1000, 1001, 2**63 - 1):
            desc = error(f"handle '{handle}' has not been found")
            self.check(
                call(CLOSE, {"handle": handle}, desc),
                call("guest-file-read", {"handle": handle}, desc),
                call("guest-file-read", {"handle": handle, "count": -1}, desc),
                call("guest-file-write", {"handle": handle, "buf-b64": "%"}, desc),
                call("guest-file-flush", {"handle": handle}, desc),
                call("guest-file-seek", {"handle": handle, "offset": -1, "whence": 7}, desc),
            )

    @of_a_process
    def test_outlive_a_client(self) -> None:
        """
        A handle belongs to the agent: the next client goes on with it.
        """
        with self.process.connect() as first:
            handle = first.call(OPEN, path=str(self.folder / "f"), mode="w+")
            first.call("guest-file-write", handle=handle, buf_b64="YWJj")
        with self.process.connect() as second:
            second.call("guest-file-seek", handle=handle, offset=1, whence=0)
            self.assertEqual(second.call("guest-file-read", handle=handle)["buf-b64"], "YmM=")

    @of_a_process
    def test_clean_exit(self) -> None:
        """
        What was written and not flushed is on disk after a clean exit.
        """
        self.peer.call("guest-file-write", handle=self.open(), buf_b64="YWJj")
        self.assertEqual(self.process.stop(), 0)
        self.assertEqual((self.folder / "f").read_bytes(), b"abc")

    @of_a_process
    def test_state_cannot_be_saved(self) -> None:
        """
        A number that cannot be saved is not given: the file is closed again.
        """
        self.open()
        state = self.process.state
        aside = state.with_name("aside")
        state.rename(aside)
        path = self.folder / "other"
        self.check(
            call(
                OPEN,
                {"path": str(path), "mode": "w"},
                error("failed to commit persistent state to disk"),
            )
        )
        self.assertNotIn(str(path), self.process.open_files().values())
        aside.rename(state)
        self.assertGreater(self.open(), 1000)


STATE = "[global]\nfd_counter=%d\n"


globals().update(Opening.for_every_agent())
globals().update(Handles.for_every_agent())
