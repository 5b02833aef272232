"""How what was gathered for a platform becomes octets."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

from txqga.monitor._snapshot import Reading
from txqga.mux import Event

#: Gives what the operator says of a guest, by its name.
LabelsOf: TypeAlias = Callable[[str], Mapping[str, str]]


def no_labels(guest: str) -> Mapping[str, str]:
    """Say nothing."""
    return {}


class Form(Protocol):
    """Makes batches of what was read and has happened, for one platform."""

    def reading(self, guest: str, reading: Reading) -> Any:
        """Make an entry of what was read in a guest."""

    def event(self, event: Event, now: float) -> Any:
        """
        Make an entry of what has happened to a guest; None where the platform has no use for it.

        :param now: since the epoch, in seconds.
        """

    def batch(self, entries: list[Any], stream: str, number: int, now: float) -> bytes:
        """
        Make a batch of entries.

        :param stream: the name of this life of the mux.
        :param number: of the batch, counted from one.
        """
