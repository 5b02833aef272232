"""For how long a guest may be frozen."""

from attrs import field, frozen
from attrs.validators import gt

from txqga.errors import InvalidArguments
from txqga.fsfreeze._wishes import LEASE
from txqga.wire import JSON


@frozen(kw_only=True)
class Terms:
    """For how long a guest may be frozen, in seconds."""

    lease: float = field(default=300.0, validator=gt(0))  #: when nobody says how long
    longest: float = field(default=3600.0, validator=gt(0))  #: at a time, whoever asks

    def __attrs_post_init__(self) -> None:
        if self.lease > self.longest:
            raise ValueError(
                f"a lease of {self.lease:g} s is longer than the longest, {self.longest:g} s"
            )

    def of(self, seconds: JSON) -> float:
        """
        Read how long somebody wants; None: they do not say.

        :raise InvalidArguments: that is no time, or none that is allowed.
        """
        if seconds is None:
            return self.lease
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise InvalidArguments("seconds: a number is expected", LEASE)
        if not 0 < seconds <= self.longest:
            most = f"{self.longest:g}"
            raise InvalidArguments(f"seconds: more than 0 and at most {most} are allowed", LEASE)
        return float(seconds)
