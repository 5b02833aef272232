"""Texts that are not written while nothing may be: the last ones are kept, and written later."""

from collections import deque
from collections.abc import Callable, Sized
from typing import Generic, TypeVar

T = TypeVar("T", bound=Sized)

LIMIT = 1 << 18  #: characters that are kept


class HeldBack(Generic[T]):
    """
    Writes texts at once, or keeps them.

    :param write: writes one.
    :param lost: makes a text that says how many were not kept.
    """

    def __init__(
        self, write: Callable[[T], object], lost: Callable[[int], T], limit: int = LIMIT
    ) -> None:
        self._write = write
        self._lost = lost
        self._limit = limit
        self._kept: deque[T] | None = None
        self._size = 0
        self._dropped = 0

    def __call__(self, text: T) -> None:
        """Write ``text``, now or later."""
        if self._kept is None:
            self._write(text)
            return
        self._kept.append(text)
        self._size += len(text)
        while self._size > self._limit:
            self._size -= len(self._kept.popleft())
            self._dropped += 1

    def hold(self) -> None:
        """Write nothing from now on."""
        if self._kept is None:
            self._kept = deque()

    def resume(self) -> None:
        """Write what was kept, and go on writing."""
        kept, self._kept = self._kept, None
        dropped, self._dropped = self._dropped, 0
        self._size = 0
        if dropped:
            self._write(self._lost(dropped))
        for text in kept or ():
            self._write(text)
