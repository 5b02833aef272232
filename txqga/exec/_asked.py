"""Who is asked to run programs."""

from typing import Protocol

from txqga.session import Callee


class Asked(Callee, Protocol):
    """A guest: a :class:`txqga.session.Session`, a :class:`txqga.Guest`, or alike."""

    @property
    def epoch(self) -> int:
        """How many connections there have been."""
