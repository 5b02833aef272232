"""
Octets kept until more come.

They are joined once in the end. Where they trickle in, a piece each, the pieces would outweigh
what they hold, so every so many of them are joined before.
"""

_MANY = 1024


class Pieces:
    """Octets in the order in which they came."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._latest: list[bytes] = []

    def __bool__(self) -> bool:
        return bool(self._blocks or self._latest)

    def append(self, octets: bytes) -> None:
        """Add octets behind the others."""
        self._latest.append(octets)
        if len(self._latest) == _MANY:
            self._blocks.append(b"".join(self._latest))
            self._latest.clear()

    def head(self) -> bytes:
        """Copy the octets at the beginning, some dozens if there are as many."""
        return b"".join((self._blocks or self._latest)[:64])

    def take(self) -> bytes:
        """Hand over all octets, and be empty."""
        if self._blocks:
            self._latest[:0] = self._blocks
            self._blocks = []
        octets = b"".join(self._latest)
        self._latest = []
        return octets

    def clear(self) -> None:
        """Drop all octets."""
        self._blocks = []
        self._latest = []
