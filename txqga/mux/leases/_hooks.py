"""
For which groups the hook was run, and not yet again: written down before it is run.

So it is run once more, with ``thaw`` and the same guests, whatever becomes of this process.
"""

import json
from collections.abc import Mapping, Sequence, Set
from typing import Protocol

from attrs import define, field
from twisted.internet.defer import Deferred, succeed


class HookBook(Protocol):
    """Keeps for which groups the hook was run."""

    @property
    def hooked(self) -> Mapping[str, tuple[str, ...]]:
        """The guests of each such group, by its id."""

    @property
    def groups(self) -> Set[str]:
        """The ids of the groups with which guests are frozen, as far as is written down."""

    def note_hook(self, id: str, guests: Sequence[str] | None) -> Deferred[None]:
        """
        Write down for whom the hook is about to be run; None: it was run with ``thaw``.

        :return: fires when that is on disk; fails with OSError.
        """


@define
class MemoryBook:
    """One that ends with the process."""

    hooked: dict[str, tuple[str, ...]] = field(factory=dict)
    groups: frozenset[str] = frozenset()

    def note_hook(self, id: str, guests: Sequence[str] | None) -> Deferred[None]:
        """Keep it; see :class:`HookBook`."""
        take_note(self.hooked, id, guests)
        return succeed(None)


def take_note(hooked: dict[str, tuple[str, ...]], id: str, guests: Sequence[str] | None) -> None:
    """Keep what is noted."""
    if guests is None:
        hooked.pop(id, None)
    else:
        hooked[id] = tuple(guests)


def written(id: str, guests: Sequence[str] | None, at: str) -> bytes:
    """Write it as one line of the journal."""
    told = None if guests is None else [*guests]
    return json.dumps({"hook": id, "guests": told, "at": at}).encode() + b"\n"


def read(line: bytes) -> tuple[str, list[str] | None] | None:
    """
    Read a line of the journal; None: it tells of something else.

    :raise ValueError: it cannot be read.
    """
    match json.loads(line):
        case {"hook": str(id), "guests": list(guests)} if all(isinstance(g, str) for g in guests):
            return id, guests
        case {"hook": str(id), "guests": None}:
            return id, None
        case {"hook": _}:
            raise ValueError("it does not say for whom the hook was run")
    return None
