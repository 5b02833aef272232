"""
Whether two agents say the same, although what they speak of moves.

The one is asked before and after the other: what stood still must be equal, and a figure that
moved must lie between the two.
"""

from collections.abc import Iterator
from typing import Any


def differences(before: Any, seen: Any, after: Any, where: str = "") -> Iterator[str]:
    """
    Say where ``seen`` is neither what was there before nor on the way to what was after.

    :param before: a value of JSON, as are the others.
    """
    if isinstance(before, dict) and isinstance(seen, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | seen.keys()):
            inside = f"{where}.{key}"
            if key not in seen:
                yield f"{inside} is missing: {before[key]!r}"
            elif key not in before:
                yield f"{inside} is surplus: {seen[key]!r}"
            else:
                yield from differences(before[key], seen[key], after.get(key), inside)
    elif isinstance(before, list) and isinstance(seen, list) and isinstance(after, list):
        if len(before) != len(seen):
            yield f"{where} has {len(seen)} entries, not {len(before)}: {seen!r}, {before!r}"
        for number, each in enumerate(zip(before, seen, after, strict=False)):
            yield from differences(*each, f"{where}[{number}]")
    elif not _between(before, seen, after):
        yield f"{where} is {seen!r}, not {before!r} to {after!r}"


def _between(before: Any, seen: Any, after: Any) -> bool:
    # to JSON a 1 is no 1.0, and no true
    if type(seen) is not type(before):
        return False
    if seen in (before, after):
        return True
    moving = isinstance(before, int | float) and isinstance(after, int | float)
    return moving and min(before, after) <= seen <= max(before, after)
