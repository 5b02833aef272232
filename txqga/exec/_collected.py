"""What a program says, kept as far as was asked for."""

from attrs import define, field


@define
class Collected:
    """The beginning of a stream."""

    limit: int  #: octets
    truncated: bool = False  #: whether there was more
    _kept: bytearray = field(factory=bytearray, init=False)

    def __call__(self, data: bytes) -> None:
        """Keep what there is room for; the rest is dropped, and the program goes on."""
        room = self.limit - len(self._kept)
        self._kept += data[:room]
        self.truncated |= len(data) > room

    @property
    def octets(self) -> bytes:
        """What was kept."""
        return bytes(self._kept)
