"""Blocks of memory; the texts of errors were seen in qemu-ga 10.0."""

from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux._memory_blocks import FOLDER, block_size, memory_blocks
from txqga.errors import CommandFailed


class MemoryBlocksTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def refusal(self) -> str:
        return str(self.assertRaises(CommandFailed, memory_blocks, self.machine.tree).desc)

    def test_blocks(self) -> None:
        """
        A block is online if its state begins so, and can go unless the kernel says 0.
        """
        rows = (
            (1, "online\n", "1\n", True, True),
            (2, "online\n", "0\n", True, False),
            (3, "offline\n", "1\n", False, True),
            (4, "going-offline\n", None, False, False),
            (50, "onlinefoo", "x", True, True),
        )
        self.machine.file(f"{FOLDER}block_size_bytes", "1").folder(f"{FOLDER}power")
        for number, state, removable, _, _ in rows:
            self.machine.file(f"{FOLDER}memory{number}/state", state)
            if removable is not None:
                self.machine.file(f"{FOLDER}memory{number}/removable", removable)
        found = {each["phys-index"]: each for each in memory_blocks(self.machine.tree)}
        for number, _, _, online, can_offline in rows:
            expected = {"phys-index": number, "online": online, "can-offline": can_offline}
            self.assertEqual(found.pop(number), expected)
        self.assertEqual(found, {})

    def test_old_kernel(self) -> None:
        """
        Without a state, a block is there for good.
        """
        self.machine.file(f"{FOLDER}memory3/removable", "1\n")
        self.assertEqual(
            memory_blocks(self.machine.tree),
            [{"phys-index": 3, "online": True, "can-offline": False}],
        )

    def test_order(self) -> None:
        """
        They come in the order of the folder.
        """
        for number in range(20):
            self.machine.folder(f"{FOLDER}memory{number}")
        self.assertEqual(
            [f"memory{each['phys-index']}" for each in memory_blocks(self.machine.tree)],
            self.machine.tree.names(FOLDER),
        )

    def test_none(self) -> None:
        """
        No folder means no blocks, but a folder without any is an error.
        """
        self.assertEqual(memory_blocks(self.machine.tree), [])
        self.machine.folder(f"{FOLDER}power")
        self.assertEqual(self.refusal(), "guest reported zero memory blocks!")

    def test_no_folder(self) -> None:
        """
        Something else in the place of the folder is an error.
        """
        self.machine.file(FOLDER.rstrip("/"))
        self.assertEqual(self.refusal(), f'Can\'t open directory"{FOLDER}": Not a directory')

    def test_empty_files(self) -> None:
        """
        Files that say nothing are errors.
        """
        self.machine.file(f"{FOLDER}memory3/state")
        self.assertEqual(self.refusal(), 'pread sysfs file "state": unexpected EOF')
        self.machine.file(f"{FOLDER}memory3/state", "online\n")
        self.machine.file(f"{FOLDER}memory3/removable")
        self.assertEqual(self.refusal(), 'pread sysfs file "removable": unexpected EOF')
        self.machine.at(f"{FOLDER}memory3/removable").unlink()
        self.machine.folder(f"{FOLDER}memory3/removable")
        self.assertEqual(self.refusal(), 'pread sysfs file "removable": Is a directory')


class BlockSizeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())

    def refusal(self) -> str:
        return str(self.assertRaises(CommandFailed, block_size, self.machine.tree).desc)

    def test_size(self) -> None:
        """
        The size is in hexadecimal.
        """
        for content, size in (("8000000\n", 1 << 27), ("fFf", 4095), ("zz\n", 0)):
            self.machine.file(f"{FOLDER}block_size_bytes", content)
            self.assertEqual(block_size(self.machine.tree), size)

    def test_unknown(self) -> None:
        """
        A kernel without blocks does not tell.
        """
        self.assertEqual(self.refusal(), f'open("{FOLDER}"): No such file or directory')
        self.machine.folder(FOLDER)
        missing = 'open sysfs file "block_size_bytes": No such file or directory'
        self.assertEqual(self.refusal(), missing)
        self.machine.file(f"{FOLDER}block_size_bytes")
        self.assertEqual(self.refusal(), 'pread sysfs file "block_size_bytes": unexpected EOF')
