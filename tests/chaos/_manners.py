"""How a guest of ill manners answers: what becomes of one reply on its way to the host."""

import json
from random import Random

from attrs import define, field, frozen

from tests.chaos._ledger import Entry

#: What is done to a reply, where ids tell replies apart; the second half may be done without ids.
WITH_IDS = ("lie", "twice", "before", "huge")
ALWAYS = ("drip", "half", "garbage", "late", "gone")


@frozen
class Say:
    """Send this, after so many seconds."""

    octets: bytes
    after: float = 0.0


@frozen
class Leave:
    """Close the connection."""


@define
class Manners:
    """
    How one guest answers.

    :param late: longer than the mux waits, in seconds.
    """

    chance: Random
    ids: bool  #: whether it takes ids; agents before 4.0 do not
    late: float
    share: float = 0.15  #: of the replies that something is done to
    owed: list[bytes] = field(factory=list)  #: replies that the next connection gets
    _last: bytes = b""

    def reply(self, message: Entry) -> list[Say | Leave]:
        """Do something to a reply, or nothing."""
        octets = json.dumps(message).encode() + b"\n"
        before, self._last = self._last, octets
        if self.chance.random() >= self.share:
            return [Say(octets)]
        middle = self.chance.randrange(1, len(octets) - 1)
        match self.chance.choice(ALWAYS + WITH_IDS if self.ids else ALWAYS):
            case "drip":
                return [Say(octets[at : at + 8], 0.02) for at in range(0, len(octets), 8)]
            case "half":
                return [Say(octets[:middle]), Leave()]
            case "garbage":
                return [Say(b'\x00{"return"]]\xfe nonsense\n'), Say(octets)]
            case "late":
                return [Say(octets, self.late)]
            case "gone":
                self.owed.append(octets)
                return [Leave()]
            case "lie":
                lie = json.dumps({**message, "id": f"{self.chance.getrandbits(48):x}.1.1"})
                return [Say(lie.encode() + b"\n"), Say(octets)]
            case "twice":
                return [Say(octets), Say(octets)]
            case "before":
                return [Say(before), Say(octets)]
        return [Say(b'{"return": "' + b"x" * (11 << 20) + b'"}\n'), Say(octets)]
