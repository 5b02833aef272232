"""File trees."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._tree import Tree


class TreeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.tree = self.machine.tree

    def test_read(self) -> None:
        """
        A file below the root is read whole.
        """
        self.machine.file("/proc/x", b"a\0b\n" * 100_000)
        self.assertEqual(self.tree.read("/proc/x"), b"a\0b\n" * 100_000)
        self.assertRaises(FileNotFoundError, self.tree.read, "/proc/y")
        self.assertRaises(IsADirectoryError, self.tree.read, "/proc")

    def test_order(self) -> None:
        """
        A folder is listed in its own order.
        """
        for name in ("b", "a", "d", "c"):
            self.machine.file(f"/sys/{name}")
        self.assertEqual(self.tree.names("/sys"), os.listdir(self.machine.at("/sys")))  # noqa: PTH208
        self.assertRaises(FileNotFoundError, self.tree.names, "/nowhere")
        self.assertRaises(NotADirectoryError, self.tree.names, "/sys/a")

    def test_kinds(self) -> None:
        """
        Links and folders are told apart; a link to a folder is a link.
        """
        self.machine.folder("/sys/folder").file("/sys/file")
        self.machine.link("/sys/link", "/sys/folder").link("/sys/broken", "/sys/gone")
        self.assertEqual(sorted(self.tree.links("/sys")), ["broken", "link"])
        self.assertEqual(self.tree.folders("/sys"), ["folder"])
        self.assertRaises(FileNotFoundError, self.tree.links, "/nowhere")

    def test_target(self) -> None:
        """
        A link says what it says.
        """
        self.machine.link("/sys/driver", "../../bus/pci/drivers/ahci").file("/sys/file")
        self.assertEqual(self.tree.target("/sys/driver"), "../../bus/pci/drivers/ahci")
        self.assertRaises(OSError, self.tree.target, "/sys/file")

    def test_resolve(self) -> None:
        """
        A path behind links is a path below the same root.
        """
        self.machine.folder("/sys/devices/x").link("/sys/block/x", "/sys/devices/x")
        self.assertEqual(self.tree.resolve("/sys/block/x"), "/sys/devices/x")
        self.assertRaises(FileNotFoundError, self.tree.resolve, "/sys/block/y")
        self.machine.link("/sys/loop", "loop")
        self.assertRaises(OSError, self.tree.resolve, "/sys/loop")

    def test_resolve_below_links(self) -> None:
        """
        The root may lie behind links itself.
        """
        self.machine.folder("/root/sys/x")
        self.machine.link("/root/x", "sys/x").link("/linked", "root")
        tree = Tree(str(self.machine.at("/linked")))
        self.assertEqual(tree.resolve("/x"), "/sys/x")

    def test_names_are_octets(self) -> None:
        """
        A name that is not UTF-8 can be listed and used.
        """
        odd = os.fsencode(self.machine.root) + b"/caf\xe9"
        with open(odd, "wb") as file:  # noqa: PTH123 - it is octets
            file.write(b"x")
        (name,) = self.tree.names("/")
        self.assertEqual(self.tree.real(f"/{name}"), odd)
        self.assertEqual(self.tree.read(f"/{name}"), b"x")

    def test_this_machine(self) -> None:
        """
        The tree without a root is that of the machine.
        """
        self.assertEqual(Tree().real("/proc/stat"), b"/proc/stat")
        self.assertEqual(Tree().resolve("/"), "/")
        self.assertIn("self", Tree().names("/proc"))

    def test_current_folder(self) -> None:
        """
        Where the agent stands makes no difference.
        """
        before = Path.cwd()
        self.addCleanup(os.chdir, before)
        os.chdir("/proc")
        self.assertEqual(Tree().resolve("/proc/stat"), "/proc/stat")
