"""
Files and folders made for a user.

``tests/vm/test_acting.py`` does it for a user who lays traps, with his real ids.
"""

import errno
import os
from typing import Any

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.families._children import open_files
from tests.agent.platform._interface import ALICE
from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux import Calls, _keeping
from txqga.agent.platform.linux._keeping import make_folder, replace
from txqga.errors import CommandFailed

FOLDER = "/home/alice/.ssh"
KEYS = f"{FOLDER}/authorized_keys"


class KeepingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp()).folder("/home/alice")
        self.owners: list[tuple[int, int]] = []
        self.calls = Calls(fchown=lambda file, uid, gid: self.owners.append((uid, gid)))
        before = open_files()
        self.addCleanup(lambda: self.assertEqual(open_files(), before))

    def fails(self, call: str, number: int) -> None:
        """Let one call fail from now on."""

        def fail(*words: object) -> Any:
            raise OSError(number, os.strerror(number))

        changed: dict[str, Any] = {call: fail}
        self.calls = evolve(self.calls, **changed)

    def make(self, path: str = FOLDER) -> None:
        make_folder(self.machine.tree, self.calls, ALICE, path)

    def replace(self, path: str = KEYS, content: bytes = b"new") -> None:
        replace(self.machine.tree, self.calls, ALICE, path, content)

    def refusal(self, function: Any, *words: Any) -> str:
        return str(self.assertRaises(CommandFailed, function, *words).desc)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.machine.at(FOLDER).iterdir())

    def mode(self, path: str) -> int:
        return self.machine.at(path).stat().st_mode & 0o7777

    def test_folder(self) -> None:
        """
        A new folder is the user's alone; one that is there is left as it is.
        """
        self.make()
        self.assertEqual(self.mode(FOLDER), 0o700)
        self.assertEqual(self.owners, [(ALICE.uid, ALICE.gid)])
        self.machine.at(FOLDER).chmod(0o755)
        self.make()
        self.assertEqual(self.mode(FOLDER), 0o755)
        self.assertEqual(len(self.owners), 1)

    def test_folder_below_root(self) -> None:
        """
        A home may be the root of all.
        """
        self.make("/.ssh")
        self.assertTrue(self.machine.at("/.ssh").is_dir())

    def test_linked_folder(self) -> None:
        """
        A folder may be a link to one; a link to nothing is in the way.
        """
        self.machine.folder("/elsewhere").link(FOLDER, "/elsewhere")
        self.make()
        self.replace()
        self.assertEqual(self.machine.at("/elsewhere/authorized_keys").read_bytes(), b"new")
        self.machine.at(FOLDER).unlink()
        self.machine.link(FOLDER, "/nowhere")
        desc = self.refusal(self.make)
        self.assertEqual(desc, f"failed to create directory '{FOLDER}': No such file or directory")

    def test_no_folder(self) -> None:
        """
        Something else in the place of the folder is in the way, and a home may be missing.
        """
        self.machine.file(FOLDER)
        desc = f"failed to create directory '{FOLDER}': File exists"
        self.assertEqual(self.refusal(self.make), desc)
        path = "/home/bob/.ssh"
        self.assertEqual(
            self.refusal(self.make, path),
            f"failed to create directory '{path}': No such file or directory",
        )

    def test_folder_of_another(self) -> None:
        """
        A folder that cannot be given to the user is an error.
        """
        self.fails("fchown", errno.EPERM)
        self.assertEqual(
            self.refusal(self.make),
            f"failed to set ownership of directory '{FOLDER}': Operation not permitted",
        )

    def test_swapped_folder(self) -> None:
        """
        A user who puts a pipe in the place of the folder at once does not hold the agent up.
        """
        swapped: list[str] = []

        class Hasty:
            """The module ``os``, and a user who is quicker than we."""

            def mkdir(self, name: bytes, mode: int, *, dir_fd: int) -> None:
                os.mkfifo(name, mode, dir_fd=dir_fd)
                swapped.append("pipe")

            def __getattr__(self, name: str) -> object:
                return getattr(os, name)

        self.patch(_keeping, "os", Hasty())
        desc = f"failed to create directory '{FOLDER}': Not a directory"
        self.assertEqual(self.refusal(self.make), desc)
        self.assertEqual(swapped, ["pipe"])
        self.assertEqual(self.owners, [])

    def test_file(self) -> None:
        """
        A file is the user's alone, whatever the umask says, and nothing else is left behind.
        """
        self.machine.folder(FOLDER)
        self.addCleanup(os.umask, os.umask(0o777))
        self.replace()
        self.assertEqual(self.mode(KEYS), 0o600)
        self.assertEqual(self.owners, [(ALICE.uid, ALICE.gid)])
        self.assertEqual(self.machine.at(KEYS).read_bytes(), b"new")
        self.assertEqual(self.names(), ["authorized_keys"])

    def test_large_file(self) -> None:
        """
        It may take several writes.
        """
        self.machine.folder(FOLDER)

        def pwrite(file: int, octets: bytes, offset: int) -> int:
            return os.pwrite(file, octets[:3], offset)

        self.calls = evolve(self.calls, pwrite=pwrite)
        self.replace(content=b"0123456789")
        self.assertEqual(self.machine.at(KEYS).read_bytes(), b"0123456789")
        self.replace(content=b"")
        self.assertEqual(self.machine.at(KEYS).read_bytes(), b"")

    def test_link_is_replaced(self) -> None:
        """
        A link in the place of the file is not followed.
        """
        self.machine.file("/etc/shadow", "secret").link(KEYS, "/etc/shadow")
        self.replace()
        self.assertEqual(self.machine.at("/etc/shadow").read_text(), "secret")
        self.assertFalse(self.machine.at(KEYS).is_symlink())
        self.assertEqual(self.machine.at(KEYS).read_bytes(), b"new")

    def test_nothing_lost(self) -> None:
        """
        Whatever goes wrong, the old file is still there, and nothing beside it.
        """
        self.machine.file(KEYS, "old")
        calls = self.calls
        for call, number, step in (
            ("pwrite", errno.ENOSPC, "write() failed: No space left on device"),
            ("fchown", errno.EPERM, f"ownership of directory '{KEYS}': Operation not permitted"),
        ):
            self.calls = calls
            self.fails(call, number)
            self.assertTrue(self.refusal(self.replace).endswith(step))
            self.assertEqual(self.machine.at(KEYS).read_text(), "old")
            self.assertEqual(self.names(), ["authorized_keys"])
        self.calls = evolve(calls, pwrite=lambda *words: 0)
        self.assertIn("No space left on device", self.refusal(self.replace))

    def test_in_the_way(self) -> None:
        """
        A folder in the place of the file stays, and the text says which step failed.
        """
        self.machine.file(f"{KEYS}/x")
        desc = self.refusal(self.replace)
        pattern = (
            rf"\Afailed to write to '{KEYS}': Failed to rename file “{KEYS}\.[0-9a-f]{{6}}” to "
            rf"“{KEYS}”: g_rename\(\) failed: Is a directory\Z"
        )
        self.assertRegex(desc, pattern)
        self.assertEqual(self.names(), ["authorized_keys"])

    def test_no_place(self) -> None:
        """
        Without the folder there can be no file.
        """
        self.assertRegex(
            self.refusal(self.replace),
            rf"\Afailed to write to '{KEYS}': Failed to create file “{KEYS}\.[0-9a-f]{{6}}”: "
            r"No such file or directory\Z",
        )
