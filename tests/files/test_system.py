"""What a guest does with its files besides opening them."""

from tests.files._case import FilesCase
from txqga.files._bare import Bare
from txqga.files._shell import Shell
from txqga.files._system import Kind, Stat, System


class SystemTests(FilesCase):
    def test_provided(self) -> None:
        """
        Every way to do it can be asked for the same.
        """
        self.shell()
        systems: list[System] = [Bare(), Shell(self.clock, self.guest)]
        self.assertEqual([each.can_rename for each in systems], [False, True])
        self.assertIs(Stat(kind=Kind.FILE).mode, None)
