"""Programs that are never started, for tests of what is done with them."""

from collections.abc import Callable
from pathlib import Path

from attrs import define

from txqga.agent._reaper import Reaper


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@define
class Program:
    """What would have been started, and its own ends of the pipes."""

    argv: list[bytes]
    env: list[bytes] | None
    stdin: int
    stdout: int
    stderr: int


class ChildrenReaper(Reaper):
    """Children end when the test says so."""

    def __init__(self) -> None:
        self.ended: dict[int, list[Callable[[int], None]]] = {}

    def watch(self, pid: int, ended: Callable[[int], None]) -> None:
        self.ended.setdefault(pid, []).append(ended)

    def close(self) -> None:
        self.ended.clear()
