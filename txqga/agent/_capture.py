"""What is kept of a program's output."""

from attrs import define, field

#: Octets of one stream that are kept; the rest is read, so that the program goes on, and dropped.
KEPT = 16 << 20


@define
class Capture:
    """
    One captured stream.

    It is one buffer and not a list of what each read brought: a program that writes single octets
    would make sixteen million objects of its 16 MiB.
    """

    limit: int = KEPT
    data: bytearray = field(factory=bytearray)
    truncated: bool = False  #: something was dropped

    def add(self, octets: bytes) -> None:
        """Keep what fits."""
        room = self.limit - len(self.data)
        if len(octets) > room:
            self.truncated = True
            octets = octets[:room]
        self.data += octets
