"""What can be done with files of a guest."""

from tests.files._case import FilesCase
from txqga.errors import CommandFailed, CommandNotFound
from txqga.files._traits import read_traits


class TraitsTests(FilesCase):
    def test_systems(self) -> None:
        """
        Whether there is a POSIX shell is told by the system and by the commands.
        """
        for system, told in (("debian", (True, False, True)), ("mswindows", (False, True, False))):
            self.shell(system=system)
            traits = self.now(read_traits(self.guest))
            self.assertEqual((traits.is_posix, traits.is_windows, traits.has_shell), told)
        self.bare()
        traits = self.now(read_traits(self.guest))
        self.assertEqual((traits.is_posix, traits.is_windows, traits.has_shell), (False,) * 3)
        self.guest.answer("guest-get-osinfo", CommandFailed("no"))
        self.assertFalse(self.now(read_traits(self.guest)).is_posix)
        self.guest.answer("guest-get-osinfo", {"kernel-release": "6.1"})
        traits = self.now(read_traits(self.guest))
        self.assertEqual((traits.is_posix, traits.has_shell), (True, False))
        self.assertTrue(traits.knows("guest-file-open", "guest-file-seek"))

    def test_no_files(self) -> None:
        """
        A guest that opens no files, or not now since it is frozen, is not asked for more.
        """
        self.shell()
        self.guest.is_frozen = True
        why = self.failure(read_traits(self.guest), CommandNotFound)
        self.assertEqual(why.command, "guest-file-open")
