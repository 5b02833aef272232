"""
How many clients the sockets of all guests may have together.

Each takes a descriptor, as do the guests themselves, who come first: where none are left, no agent
can be connected to again, no line of the audit or the journal be written to a new file.
"""

from collections.abc import Callable

from attrs import define

#: Descriptors of the process itself, whoever it serves.
OWN = 64

#: For each guest: the socket where it is served, its agent's channel, QEMU's monitor.
OF_GUEST = 3

#: Of what is left, the share that clients may take; who comes over HTTP takes descriptors, too.
SHARE = 0.75


def needed(guests: int, clients: int) -> int:
    """Say how many descriptors so many guests and clients take."""
    return OWN + OF_GUEST * guests + clients


@define(eq=False)
class Seats:
    """How many clients the sockets of all guests may have together."""

    guests: Callable[[], int]  #: how many are served
    descriptors: int | None = None  #: that this process may have; None: that is no matter
    taken: int = 0  #: by how many clients

    def refusal(self) -> str | None:
        """Say why there is no room for one more; None if there is."""
        if self.descriptors is None:
            return None
        guests = self.guests()
        left = self.descriptors - needed(guests, 0)
        if self.taken < max(guests, SHARE * left):  # there are too few: one for each, if it goes
            return None
        return (
            f"{self.taken} clients are connected to the guests' sockets already, and this process "
            f"may have {self.descriptors} open files; try again later"
        )
