"""The folder of the guests' sockets."""

import fcntl
import os
import socket
import stat
import tempfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._folder import LONGEST, Folder, FolderError


class FolderTests(SynchronousTestCase):
    def setUp(self) -> None:
        # the paths of sockets are short, and trial's own folders are not
        home = tempfile.TemporaryDirectory(prefix="mux", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.home = Path(home.name)
        self.folder = Folder(self.home / "qga")

    def claim(self, *names: str) -> None:
        with self.folder.claim(names):
            pass

    def refused(self, *names: str) -> str:
        return str(self.assertRaises(FolderError, self.claim, *names))

    def serve(self, name: str, backlog: int | None = 1) -> socket.socket:
        """Make a socket as another mux would; without backlog, one that is not served."""
        self.folder.path.mkdir(exist_ok=True)
        listening = socket.socket(socket.AF_UNIX)
        self.addCleanup(listening.close)
        listening.bind(str(self.folder.socket(name)))
        if backlog is not None:
            listening.listen(backlog)
        return listening

    def test_made(self) -> None:
        """
        The folder is made, for us alone, and nothing else is.
        """
        self.claim("db1")
        self.assertEqual(stat.S_IMODE(self.folder.path.stat().st_mode), 0o700)
        self.assertEqual(list(self.home.rglob("*")), [self.folder.path])

    def test_made_for_others(self) -> None:
        """
        A folder that is made gets the mode that is wanted; one that is there keeps its own.
        """
        path = self.home / "others"
        for mode in (0o711, 0o700):
            with Folder(path, mode).claim([]):
                self.assertEqual(path.stat().st_mode & 0o777, 0o711)

    def test_socket(self) -> None:
        """
        A guest's socket has its name.
        """
        self.assertEqual(self.folder.socket("db1"), self.home / "qga" / "db1.sock")

    def test_longest(self) -> None:
        """
        A path that no UNIX socket can have is refused, with the numbers.
        """
        room = LONGEST - len(str(self.home)) - len("/x.sock")
        Folder(self.home / ("y" * (room - 1))).socket("x")
        error = self.assertRaises(FolderError, Folder(self.home / ("y" * room)).socket, "x")
        self.assertIn("has 108 octets", str(error))
        self.assertIn("choose a folder with a shorter path", str(error))

    def test_left_behind(self) -> None:
        """
        The socket of a mux that was killed is removed.
        """
        self.serve("db1").close()
        self.serve("db2", backlog=None)
        self.claim("db1", "db2")
        self.assertEqual(list(self.folder.path.iterdir()), [])

    def test_served(self) -> None:
        """
        A socket that somebody serves stays, and it is said who it is.
        """
        self.serve("db1")
        self.assertIn(f"is served by process {os.getpid()} already", self.refused("db1"))
        self.claim("db2")
        self.assertTrue(self.folder.socket("db1").exists())

    def test_served_and_crowded(self) -> None:
        """
        A socket whose server is too busy to take one more connection is served all the same.
        """
        self.serve("db1", backlog=0)
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for each in waiting:
            self.addCleanup(each.close)
            each.setblocking(False)
            each.connect_ex(str(self.folder.socket("db1")))
        self.assertIn("is served by another process already", self.refused("db1"))

    def test_no_socket(self) -> None:
        """
        What is no socket is not ours to remove.
        """
        self.folder.path.mkdir()
        for make in (Path.touch, Path.mkdir, lambda path: path.symlink_to("/dev/null")):
            path = self.folder.socket("db1")
            make(path)
            self.assertIn("is there, and no socket: remove it", self.refused("db1"))
            path.rmdir() if path.is_dir() else path.unlink()

    def test_no_folder(self) -> None:
        """
        Where no folder can be made, the reason is told.
        """
        (self.home / "qga").touch()
        self.assertIn("File exists", self.refused("db1"))
        self.folder = Folder(Path("/proc/qga"))
        self.assertIn("/proc/qga: ", self.refused("db1"))

    def test_of_others(self) -> None:
        """
        A folder in which others may replace the sockets is refused, unless only their owner may.
        """
        self.folder.path.mkdir()
        for mode in (0o702, 0o720, 0o777):
            self.folder.path.chmod(mode)
            self.assertIn("chmod go-w", self.refused("db1"))
        for mode in (0o1777, 0o755, 0o700):
            self.folder.path.chmod(mode)
            self.claim("db1")

    def test_of_another(self) -> None:
        """
        A folder of another user is refused.
        """
        if os.geteuid() != 0:
            self.skipTest("only root can give a folder away")
        self.folder.path.mkdir()
        os.chown(self.folder.path, 33, 33)
        self.assertIn("belongs to uid 33", self.refused("db1"))

    def test_two_at_once(self) -> None:
        """
        Two that start at the same time do not take each other's sockets for old ones.
        """
        with self.folder.claim(["db1"]):
            self.assertIn("another mux is just starting there", self.refused("db2"))
        self.claim("db2")

    def test_lock_is_let_go(self) -> None:
        """
        Nothing is held once the sockets are there, whatever happened meanwhile.
        """
        self.serve("db1")
        self.refused("db1")
        descriptor = os.open(self.folder.path, os.O_RDONLY)
        self.addCleanup(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
