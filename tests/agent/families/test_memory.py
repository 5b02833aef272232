"""guest-get-memory-blocks, guest-set-memory-blocks and guest-get-memory-block-info."""

from tests.agent.families._asking import AskingTests
from txqga.agent.families._memory import Memory
from txqga.errors import CommandFailed


class MemoryTests(AskingTests):
    def test_blocks(self) -> None:
        """
        The blocks are those of the platform, each of the same size.
        """
        family = Memory(self.platform)
        blocks = self.platform.memory_blocks()
        self.assertEqual(self.ask(family, "guest-get-memory-blocks"), blocks)
        size = self.ask(family, "guest-get-memory-block-info")
        self.assertEqual(size, {"size": 1 << 27})

    def test_refused(self) -> None:
        """
        What the platform does not tell is an error in its words.
        """
        self.platform.tell(memory_block_size=CommandFailed("no blocks"))
        family = Memory(self.platform)
        self.assertEqual(self.refusal(family, "guest-get-memory-block-info"), "no blocks")

    def test_set(self) -> None:
        """
        Each block is answered for, in the order of the list, whatever becomes of the others.
        """
        self.blocking = True
        family = Memory(self.platform)
        blocks = [{"phys-index": 9, "online": True}, {"phys-index": 7, "online": False}]
        self.assertEqual(
            self.ask(family, "guest-set-memory-blocks", **{"mem-blks": blocks}),
            [
                {"phys-index": 9, "response": "not-found", "error-code": 2},
                {"phys-index": 7, "response": "success"},
            ],
        )
        self.assertEqual(self.ask(family, "guest-set-memory-blocks", **{"mem-blks": []}), [])
