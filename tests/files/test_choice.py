"""By what a guest does with its files what it has to."""

from tests.files._case import FilesCase
from txqga.files._bare import Bare
from txqga.files._choice import choose_system
from txqga.files._shell import Shell


class ChoiceTests(FilesCase):
    def test_choice(self) -> None:
        """
        A shell is used where there is one, and found to be one.
        """
        self.shell()
        self.assertIsInstance(self.now(choose_system(self.kit())), Shell)
        self.guest.programs = False
        self.assertIsInstance(self.now(choose_system(self.kit())), Bare)
        guest = self.shell()
        guest.fails["command -v mv chmod rm >/dev/null"] = "mv: not found"
        self.assertIsInstance(self.now(choose_system(self.kit())), Bare)
        self.shell(system="mswindows")
        self.assertIsInstance(self.now(choose_system(self.kit())), Bare)
        self.assertEqual(self.guest.scripts, [])
        self.bare()
        self.assertIsInstance(self.now(choose_system(self.kit())), Bare)
