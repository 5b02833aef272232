"""Replies taken apart without trust: what has another shape than it should is not there."""

from collections.abc import Iterator, Mapping

from txqga.wire import JSON

#: Entries of one reply that are looked at.
MOST = 4096


def member(said: JSON, *names: str) -> JSON:
    """Return what is there under these names, one inside the other; None: nothing."""
    for name in names:
        if not isinstance(said, dict):
            return None
        said = said.get(name)
    return said


def entries(said: JSON) -> Iterator[Mapping[str, JSON]]:
    """Yield the objects of a list."""
    if isinstance(said, list):
        for each in said[:MOST]:
            if isinstance(each, dict):
                yield each


def lines(text: str) -> Iterator[list[str]]:
    """Yield the lines of a file of the kernel's, in words."""
    for line in text.splitlines()[:MOST]:
        if words := line.split():
            yield words


def number(word: str) -> int | float | None:
    """Read a figure of such a file, of no more than 20 digits; None: it is none."""
    if len(word) > 24:
        return None
    try:
        return int(word)
    except ValueError:
        try:
            return float(word)
        except ValueError:
            return None
