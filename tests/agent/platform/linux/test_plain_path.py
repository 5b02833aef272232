"""Opening a file whose path somebody else may have laid out."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.agent.platform.linux import _plain_path
from txqga.agent.platform.linux._plain_path import open_plain


class OpenPlainTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.root = Path(self.mktemp()).absolute()
        (self.root / "folder").mkdir(parents=True)
        (self.root / "folder" / "file").write_bytes(b"content")

    def content(self, path: Path | str) -> bytes:
        file = open_plain(os.fsencode(path), os.O_RDONLY)
        try:
            self.assertFalse(os.get_inheritable(file))
            return os.read(file, 100)
        finally:
            os.close(file)

    def test_links(self) -> None:
        """
        A path may lead over links, anywhere on it.
        """
        (self.root / "link").symlink_to("folder")
        (self.root / "second").symlink_to(self.root / "link" / "file")
        for path in ("folder/file", "link/file", "second", "folder/../link/./file"):
            self.assertEqual(self.content(f"{self.root}/{path}"), b"content", path)

    def test_errors(self) -> None:
        """
        What cannot be opened says why, as ever.
        """
        (self.root / "broken").symlink_to("nowhere")
        (self.root / "circle").symlink_to("circle")
        for path, why in (
            ("none", "No such file or directory"),
            ("broken", "No such file or directory"),
            ("folder/file/below", "Not a directory"),
            ("circle", "Too many levels of symbolic links"),
        ):
            failed = self.assertRaises(OSError, self.content, self.root / path)
            self.assertEqual(failed.strerror, why, path)
        self.assertRaises(OSError, self.content, "/")

    def test_magic(self) -> None:
        """
        A link that the kernel would lead through leads to a name only: here to none.
        """
        with (self.root / "folder" / "file").open("rb") as file:
            magic = f"/proc/self/fd/{file.fileno()}"
            self.assertEqual(self.content(magic), b"content")
            (self.root / "folder" / "file").unlink()
            self.assertEqual(Path(magic).read_bytes(), b"content")  # the kernel leads there
            self.assertRaises(FileNotFoundError, self.content, magic)

    def test_root(self) -> None:
        """
        The root of all is a folder like others.
        """
        folder = open_plain(b"/", os.O_PATH | os.O_DIRECTORY)
        self.addCleanup(os.close, folder)
        self.assertTrue(os.path.samestat(os.fstat(folder), Path("/").stat()))

    def test_changed_on_the_way(self) -> None:
        """
        What has become a link after it was looked at is not followed.
        """
        checked = os.fsencode(self.root / "link" / "file")
        (self.root / "link").symlink_to("folder")
        self.patch(_plain_path, "os", _Hasty(checked))
        self.assertRaises(OSError, self.content, "/whatever")
        (self.root / "folder" / "last").symlink_to("file")
        self.patch(_plain_path, "os", _Hasty(os.fsencode(self.root / "folder" / "last")))
        self.assertRaises(OSError, self.content, "/whatever")


class _Hasty:
    """The module ``os``, whose look at a path says what was true before."""

    def __init__(self, path: bytes) -> None:
        self.before = path
        self.path = self

    def realpath(self, path: bytes, *, strict: bool) -> bytes:
        return self.before

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)
