"""Blocks of memory; the texts of errors were seen in qemu-ga 10.0."""

import errno
import os

from attrs import evolve
from twisted.trial.unittest import SynchronousTestCase

from tests.agent.platform.linux._machine import Machine
from txqga.agent.platform.linux import Calls
from txqga.agent.platform.linux._memory_blocks import (
    FOLDER,
    block_size,
    memory_blocks,
    set_memory_block,
)
from txqga.errors import CommandFailed
from txqga.wire import JSON


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


class SetMemoryBlockTests(SynchronousTestCase):
    """The responses are those of facts 7."""

    def setUp(self) -> None:
        self.machine = Machine(self.mktemp())
        self.calls = Calls()

    def set(self, number: int, *, online: bool) -> JSON:
        response = set_memory_block(self.machine.tree, self.calls, number, online=online)
        self.assertEqual(response.pop("phys-index"), number)
        return response

    def test_switched(self) -> None:
        """
        A block goes off and comes back.
        """
        state = self.machine.file(f"{FOLDER}memory3/state", "online\n").at(f"{FOLDER}memory3/state")
        for online, word in ((False, "offline"), (True, "online")):
            self.assertEqual(self.set(3, online=online), {"response": "success"})
            self.assertTrue(state.read_text().startswith(word))

    def test_as_wanted(self) -> None:
        """
        What is so already is not written.
        """

        def refuse(*words: object) -> int:
            raise AssertionError("written")

        self.calls = evolve(self.calls, open=refuse)
        self.machine.file(f"{FOLDER}memory3/state", "online\n")
        self.machine.file(f"{FOLDER}memory4/state", "offline\n")
        self.assertEqual(self.set(3, online=True), {"response": "success"})
        self.assertEqual(self.set(4, online=False), {"response": "success"})

    def test_not_there(self) -> None:
        """
        Without blocks there is nothing to switch, and a block may be missing.
        """
        for online in (True, False):
            self.assertEqual(
                self.set(3, online=online),
                {"response": "operation-not-supported", "error-code": errno.ENOENT},
            )
        self.machine.folder(FOLDER)
        for number in (3, (1 << 64) - 1):
            self.assertEqual(
                self.set(number, online=True),
                {"response": "not-found", "error-code": errno.ENOENT},
            )

    def test_old_kernel(self) -> None:
        """
        A block without a state is online for good.
        """
        self.machine.folder(f"{FOLDER}memory3")
        self.assertEqual(self.set(3, online=True), {"response": "success"})
        self.assertEqual(
            self.set(3, online=False),
            {"response": "operation-not-supported", "error-code": errno.ENOENT},
        )

    def test_refused(self) -> None:
        """
        The kernel may refuse, and says why.
        """
        self.machine.file(f"{FOLDER}memory3/state", "online\n").file(f"{FOLDER}memory4")
        for number in (errno.EBUSY, errno.EINVAL):

            def fail(*words: object, number: int = number) -> int:
                raise OSError(number, os.strerror(number))

            self.calls = evolve(self.calls, pwrite=fail)
            self.assertEqual(
                self.set(3, online=False), {"response": "operation-failed", "error-code": number}
            )
        self.assertEqual(
            self.set(4, online=False),
            {"response": "operation-failed", "error-code": errno.ENOTDIR},
        )
