"""
guest-get-memory-blocks, guest-set-memory-blocks, guest-get-memory-block-info: memory that can be
plugged. Facts 7.
"""

from collections.abc import Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.wire import JSON


class Memory:
    """The blocks that the guest's memory is made of."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-memory-blocks": Served(self._blocks),
            "guest-set-memory-blocks": Served(self._set, blocking=True),
            "guest-get-memory-block-info": Served(self._info),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _blocks(self, arguments: Mapping[str, JSON]) -> JSON:
        return self._platform.memory_blocks()

    def _set(self, arguments: Mapping[str, JSON]) -> JSON:
        return [
            self._platform.set_memory_block(block["phys-index"], online=block["online"])
            for block in arguments["mem-blks"]
        ]

    def _info(self, arguments: Mapping[str, JSON]) -> JSON:
        return {"size": self._platform.memory_block_size()}
