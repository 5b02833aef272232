"""
What was done, by whom, and when: an object of JSON on each line, whole also after SIGKILL.

Each process writes a file of its own. ``t`` is the time of CLOCK_MONOTONIC, which is the same in
all processes of a machine.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

#: One line: ``t``, ``did``, and what belongs to it.
Entry: TypeAlias = dict[str, Any]


class Ledger:
    """The file of one process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, did: str, **more: object) -> None:
        """Write a line, before anybody can learn of what it says."""
        line = json.dumps({"t": round(time.monotonic(), 3), "did": did, **more})
        os.write(self._file, line.encode() + b"\n")


def read(folder: Path) -> list[Entry]:
    """All that was written in this folder, in the order of time."""
    return sorted(_entries(folder), key=lambda entry: float(entry["t"]))


def _entries(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            yield json.loads(line)
