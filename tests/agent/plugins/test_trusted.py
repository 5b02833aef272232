"""Files that only root can have written."""

import contextlib
import os
import stat
from pathlib import Path

from tests.agent.plugins._folders import FoldersTests
from txqga.agent.plugins._fault import PluginFault
from txqga.agent.plugins._trusted import LONGEST, TrustedFiles


class ReadingTests(FoldersTests):
    def test_read(self) -> None:
        """
        A file is read through all symbolic links, and a folder's folders are listed in order.
        """
        self.write("b")
        self.write("a", commands="# a\n")
        (self.folder / "README").touch()
        (self.folder / "c").symlink_to("../" + self.folder.name + "/./a")
        (self.folder / "d").symlink_to(self.folder / "c")
        (self.folder / "gone").symlink_to("nowhere")
        self.assertEqual(self.files.folders(str(self.folder)), ["a", "b", "c", "d"])
        self.assertEqual(self.files.read(f"{self.folder}/d/commands.py"), b"# a\n")

    def test_missing(self) -> None:
        """
        What is not there is a system error.
        """
        for path in (self.folder / "x", self.folder / "x" / "y"):
            self.assertRaises(FileNotFoundError, self.files.read, str(path))
            self.assertRaises(FileNotFoundError, self.files.folders, str(path))
        (self.folder / "file").touch()
        self.assertRaises(NotADirectoryError, self.files.folders, f"{self.folder}/file")

    def test_no_file(self) -> None:
        """
        A folder is no file, and neither is a FIFO, for which nobody waits.
        """
        os.mkfifo(self.folder / "fifo")
        for name in ("fifo", "."):
            self.assertRaises(PluginFault, self.files.read, f"{self.folder}/{name}")

    def test_long(self) -> None:
        """
        A file without an end is not read to its end.
        """
        path = self.folder / "long"
        path.write_bytes(b"x" * LONGEST)
        self.assertEqual(len(self.files.read(str(path))), LONGEST)
        path.write_bytes(b"x" * (LONGEST + 1))
        fault = self.assertRaises(PluginFault, self.files.read, str(path))
        self.assertEqual(str(fault), f"{path} is longer than {LONGEST} octets")

    def test_round(self) -> None:
        """
        Links that go round lead nowhere, and are told of when they are read.
        """
        (self.folder / "a").symlink_to("b")
        (self.folder / "b").symlink_to("a")
        self.assertEqual(self.files.folders(str(self.folder)), ["a", "b"])
        fault = self.assertRaises(PluginFault, self.files.read, f"{self.folder}/a")
        self.assertIn("too many symbolic links", str(fault))

    def test_closed(self) -> None:
        """
        No descriptor is left open, whatever happened.
        """
        before = len(list(Path("/proc/self/fd").iterdir()))
        self.test_read()
        for path in ("/nowhere", f"{self.folder}/README", "/dev/null"):
            for ask in (self.files.read, self.files.folders):
                with contextlib.suppress(PluginFault, OSError):
                    ask(path)
        self.assertEqual(len(list(Path("/proc/self/fd").iterdir())), before)


class StrictTests(FoldersTests):
    """On a machine on which all belongs to root and is closed, but for what a test says."""

    def setUp(self) -> None:
        super().setUp()
        self.said: dict[str, tuple[int, int]] = {}
        self.files = TrustedFiles(strict=True, status=self.status)
        self.write("mine")

    def status(self, file: int) -> os.stat_result:
        real = os.fstat(file)
        path = str(Path(f"/proc/self/fd/{file}").readlink())
        uid, mode = self.said.get(path, (0, 0o755))
        fields = list(real)
        fields[stat.ST_MODE] = stat.S_IFMT(real.st_mode) | mode
        fields[stat.ST_UID] = uid
        return os.stat_result(fields)

    def fault(self, path: Path) -> str:
        return str(self.assertRaises(PluginFault, self.files.read, str(path)))

    def test_roots(self) -> None:
        """
        What is root's own is read.
        """
        self.assertEqual(self.files.folders(str(self.folder)), ["mine"])
        self.assertIn(b"x_double", self.files.read(f"{self.folder}/mine/commands.py"))

    def test_others(self) -> None:
        """
        Nothing on the way may belong to somebody else, or be open to him.
        """
        file = self.folder / "mine" / "commands.py"
        for path in (file, file.parent, self.folder, *self.folder.parents):
            self.said = {str(path): (7, 0o755)}
            if str(path) != "/":
                self.assertEqual(
                    self.fault(file), f"{path} belongs to user 7, and the agent runs as root"
                )
            for mode in (0o775, 0o757):
                self.said = {str(path): (0, mode)}
                if str(path) != "/":
                    self.assertEqual(
                        self.fault(file),
                        f"{path} can be written by others, and the agent runs as root",
                    )

    def test_sticky(self) -> None:
        """
        In a sticky folder others cannot touch what is root's: it may lead to a plug-in. It may not
        hold them, for others could add some.
        """
        self.said = {str(self.folder): (0, 0o1777)}
        self.assertIn(b"x_double", self.files.read(f"{self.folder}/mine/commands.py"))
        self.assertRaises(PluginFault, self.files.folders, str(self.folder))

    def test_links(self) -> None:
        """
        A link must be root's, and what it leads to must be as closed as anything.
        """
        link = self.folder / "link"
        link.symlink_to("mine")
        file = link / "commands.py"
        self.said = {str(link): (0, 0o777)}  # as every link's
        self.assertIn(b"x_double", self.files.read(str(file)))
        self.said = {str(link): (7, 0o777)}
        self.assertIn("link belongs to user 7", self.fault(file))
        self.said = {str(self.folder / "mine"): (7, 0o755)}
        self.assertIn("mine belongs to user 7", self.fault(file))

    def test_exchanged(self) -> None:
        """
        What is exchanged between the look and the reading is not read.
        """
        file = self.folder / "mine" / "commands.py"
        status = self.status

        def look_and_exchange(descriptor: int) -> os.stat_result:
            told = status(descriptor)
            if str(Path(f"/proc/self/fd/{descriptor}").readlink()) == str(file):
                file.unlink()
                file.write_text("evil")
            return told

        files = TrustedFiles(strict=True, status=look_and_exchange)
        self.assertIn(b"x_double", files.read(str(file)))

    def test_not_root(self) -> None:
        """
        Who is not root has only himself to trust.
        """
        self.said = {str(self.folder): (7, 0o777)}
        files = TrustedFiles(strict=False, status=self.status)
        self.assertEqual(files.folders(str(self.folder)), ["mine"])
