"""What a request wants frozen, and for how long: read from its body."""

from collections.abc import Collection, Mapping, Sequence
from math import isfinite

from attrs import frozen

from txqga.control._problem import Problem
from txqga.wire import JSON

#: Guests in a group; mount points of a guest, and characters of each; characters of an owner.
GUESTS, MOUNTPOINTS, LONGEST, OWNER = 256, 64, 4096, 128


@frozen(kw_only=True)
class Hold:
    """One guest that is to be frozen."""

    seconds: float | None  #: None: as long as is usual
    mountpoints: list[str] | None  #: None: all there is
    owner: str | None = None  #: for whom, besides who asks, for people


@frozen(kw_only=True)
class GroupHold:
    """Several guests that are to be frozen together."""

    seconds: float | None  #: None: as long as is usual
    ranks: Sequence[Sequence[str]]  #: names; each rank is frozen after the one before it
    mountpoints: Mapping[str, list[str]]  #: by guest; where one is not named, all there is
    owner: str | None = None  #: as for one

    @property
    def names(self) -> list[str]:
        """All of them, in order."""
        return [name for rank in self.ranks for name in rank]


def hold(given: Mapping[str, JSON]) -> Hold:
    """
    Read what is wanted of one guest.

    :raise Problem: it cannot be meant.
    """
    _only(given, ("seconds", "mountpoints", "owner"))
    mountpoints = given.get("mountpoints")
    return Hold(
        seconds=_seconds(given),
        mountpoints=None if mountpoints is None else _mountpoints(mountpoints),
        owner=_owner(given),
    )


def named(asks: str, owner: str | None) -> str:
    """Name who holds guests: who asks, and for whom if that was said."""
    return asks if owner is None else f"{asks}: {owner}"


def renewal(given: Mapping[str, JSON]) -> float | None:
    """
    Read for how long a lease is to go on.

    :raise Problem: it cannot be meant.
    """
    _only(given, ("seconds",))
    return _seconds(given)


def group_hold(given: Mapping[str, JSON]) -> GroupHold:
    """
    Read what is wanted of a group.

    :raise Problem: it cannot be meant.
    """
    _only(given, ("ranks", "seconds", "mountpoints", "owner"))
    ranks, mountpoints = given.get("ranks"), given.get("mountpoints", {})
    if not isinstance(ranks, list) or not ranks or not all(_is_rank(each) for each in ranks):
        raise _wrong("ranks: arrays of guests' names are expected, in an array")
    names = [name for rank in ranks for name in rank]
    if len(names) > GUESTS:
        raise _wrong(f"ranks: {GUESTS} guests at most")
    if len(set(names)) < len(names):
        raise _wrong("ranks: a guest is in a group once")
    if not isinstance(mountpoints, dict):
        raise _wrong("mountpoints: an object is expected, with a member for each guest")
    if not mountpoints.keys() <= set(names):
        raise _wrong("mountpoints: it names a guest that is in no rank")
    return GroupHold(
        seconds=_seconds(given),
        ranks=ranks,
        mountpoints={name: _mountpoints(each) for name, each in mountpoints.items()},
        owner=_owner(given),
    )


def _only(given: Mapping[str, JSON], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise _wrong(f"{name[:64]!r}: there are only {', '.join(known)}")


def _seconds(given: Mapping[str, JSON]) -> float | None:
    value = given.get("seconds")
    if "seconds" not in given:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise _wrong("seconds: a number is expected")
    return value


def _owner(given: Mapping[str, JSON]) -> str | None:
    value = given.get("owner")
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= OWNER or not value.isprintable():
        raise _wrong(f"owner: 1 to {OWNER} printable characters are expected")
    return value


def _mountpoints(value: JSON) -> list[str]:
    if not isinstance(value, list) or not 0 < len(value) <= MOUNTPOINTS:
        raise _wrong(f"mountpoints: an array of 1 to {MOUNTPOINTS} paths is expected")
    if not all(isinstance(each, str) and 0 < len(each) <= LONGEST for each in value):
        raise _wrong(f"mountpoints: paths of 1 to {LONGEST} characters are expected")
    return value


def _is_rank(value: JSON) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


def _wrong(words: str) -> Problem:
    return Problem("invalid-arguments", words)
