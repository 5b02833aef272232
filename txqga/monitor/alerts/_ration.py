"""
How much may be told of one guest: one that changes its mind all the time fills no list and no
platform.
"""

from collections.abc import Callable
from typing import Protocol

from txqga.wire import JSON

#: Alerts that may be told of a guest at once, and seconds after which one more may.
MOST, EVERY = 32, 60.0


class Tell(Protocol):
    """Tells of something that happened to a guest."""

    def __call__(self, kind: str, **data: JSON) -> bool:
        """
        Tell.

        :param data: names with ``_`` are told with ``-``.
        :return: False: too much was told of this guest, and this was not.
        """


class Ration:
    """Tells no more of a guest than is its share; a :class:`Tell`."""

    def __init__(self, seconds: Callable[[], float], tell: Callable[..., object]) -> None:
        """
        :param seconds: tells the time.
        :param tell: takes the kind, and the data by name.
        """
        self._seconds = seconds
        self._tell = tell
        self._left = float(MOST)
        self._then = seconds()

    def __call__(self, kind: str, **data: JSON) -> bool:
        """Tell, if there is something left."""
        now = self._seconds()
        self._left = min(float(MOST), self._left + (now - self._then) / EVERY)
        self._then = now
        if self._left < 1:
            return False
        self._left -= 1
        self._tell(kind, **data)
        return True
