"""A guest with a POSIX shell. That the scripts do what they say: tests/functional."""

from typing import Any

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, Misfit, TooLarge
from txqga.files._shell import _CREATE, _STAT, _WALK, Shell
from txqga.files._system import Kind, Stat


class ShellTests(FilesCase):
    def setUp(self) -> None:
        super().setUp()
        self.shell({"/a": b"hello"})
        self.system = Shell(self.clock, self.guest)

    def says(self, script: str, out: str) -> None:
        """Let a script say that."""
        self.guest._run = lambda run, arguments: (0, out if run == script else "")

    def walked(self, listing: bytes, most: int = 100) -> dict[str, Stat]:
        self.guest.listing = listing
        tree = self.now(self.system.walk("/a", most))
        return {"/".join(each.names): each.stat for each in tree.entries}

    def test_stat(self) -> None:
        """
        What a file is, its mode, its size and its time are told.
        """
        stat = self.now(self.system.stat("/a"))
        self.assertEqual(stat, Stat(kind=Kind.FILE, mode=0o640, size=5, mtime=1000 * 10**9))
        self.assertIs(self.now(self.system.stat("/b")), None)

    def test_stat_lies(self) -> None:
        """
        What makes no sense is not believed; what is missing is not known.
        """
        for said, told in (
            ("file", Stat(kind=Kind.FILE)),
            ("folder x y z", Stat(kind=Kind.FOLDER)),
            ("other 99 -5 1e9", Stat(kind=Kind.OTHER)),
            (f"file 6755 5 {10**30}", Stat(kind=Kind.FILE, mode=0o755, size=5)),
        ):
            self.says(_STAT, said)
            self.assertEqual(self.now(self.system.stat("/a")), told)
        for lie in ("", "x", "\xff"):
            self.says(_STAT, lie)
            self.failure(self.system.stat("/a"), Misfit)

    def test_changes(self) -> None:
        """
        Files are made, renamed with a mode and a time, removed; folders and links are made.
        """
        self.now(self.system.create("/b"))
        self.assertEqual((self.guest.files["/b"], self.guest.modes["/b"]), (b"", "600"))
        lost = self.now(self.system.settle("/b", "/c", 0o755, 5 * 10**9 + 7))
        self.assertEqual((lost, self.guest.modes["/c"]), ([], "755"))
        self.assertEqual(self.guest.times["/c"], "5.000000007")
        self.now(self.system.remove("/c"))
        self.assertEqual([*self.guest.files], ["/a"])
        self.now(self.system.make_folder("/d"))
        self.now(self.system.link("/d/l", "x"))
        self.assertEqual((self.guest.folders, self.guest.links), ({"/d"}, {"/d/l": "x"}))

    def test_refused(self) -> None:
        """
        What a script complains of is the error.
        """
        self.guest.fails = {_CREATE: "sh: /b: Read-only file system\n", _WALK: "cd: no\n"}
        why = self.failure(self.system.create("/b"), CommandFailed)
        self.assertEqual(why.desc, "sh: /b: Read-only file system")
        self.failure(self.system.walk("/b", 5), Misfit)

    def test_walk(self) -> None:
        """
        GNU's find tells all of what is in a folder, others what it is.
        """
        told = self.walked(
            b"all\0f 644 5 1000.5000000000 a b\0\0d 2755 4096 7.0 d\0\0l 777 1 1.0 d/l\0../x y\0"
            b"p 600 0 1.0 pipe\0\0"
        )
        self.assertEqual(
            told,
            {
                "a b": Stat(kind=Kind.FILE, mode=0o644, size=5, mtime=1000_500_000_000),
                "d": Stat(kind=Kind.FOLDER, mode=0o755, size=4096, mtime=7 * 10**9),
                "d/l": Stat(kind=Kind.LINK, mode=0o777, size=1, mtime=10**9, target="../x y"),
                "pipe": Stat(kind=Kind.OTHER, mode=0o600, size=0, mtime=10**9),
            },
        )
        told = self.walked(b"some\0d .\0d ./d\0f ./a b\0l ./d/l\0o ./pipe\0")
        self.assertEqual(
            told,
            {
                "d": Stat(kind=Kind.FOLDER),
                "a b": Stat(kind=Kind.FILE),
                "d/l": Stat(kind=Kind.LINK),
                "pipe": Stat(kind=Kind.OTHER),
            },
        )

    def test_walk_lies(self) -> None:
        """
        A listing without form is refused, and so is one without end.
        """
        for lie in (b"", b"x", b"all\0a\0", b"what\0", b"\0\0\0"):
            self.guest.listing = lie
            self.failure(self.system.walk("/a", 5), Misfit)
        self.assertEqual(len(self.walked(b"all\0" + b"\0" * 10)), 1)
        for much in (b"all\0" + b"f 1 1 1 a\0\0" * 101, b"x" * (1 << 24)):
            self.guest.listing = much
            why: Any = self.failure(self.system.walk("/a", 100), TooLarge)
            self.assertEqual((why.path, why.most), ("/a", 100))
