"""What became of a copy."""

from collections.abc import Iterable, Sequence

from attrs import field, frozen

from txqga.files._digest import Verified


@frozen
class Skipped:
    """Something that was not copied, or not wholly as it was."""

    name: str  #: as the side it comes from says it, escaped where it would disturb a terminal
    why: str

    def __str__(self) -> str:
        return f"{self.name}: {self.why}"


def _skipped(given: Iterable[Skipped]) -> tuple[Skipped, ...]:
    return tuple(given)


@frozen(kw_only=True)
class Report:
    """What became of a copy."""

    octets: int  #: that the copies are of
    resumed: int = 0  #: of them, those that were there before
    files: int = 1
    folders: int = 0
    links: int = 0
    digest: str | None = None  #: SHA-256 of the copy, if it is of one file and was made
    verified: frozenset[Verified] = frozenset()  #: how, of all files
    in_place: bool = False  #: written where it belongs, and so not there at once and whole
    skipped: tuple[Skipped, ...] = field(default=(), converter=_skipped)  #: what was not copied
    lost: tuple[Skipped, ...] = field(default=(), converter=_skipped)  #: modes and times not kept
    seconds: float = 0.0

    @property
    def is_verified(self) -> bool:
        """Whether every file was found good."""
        return bool(self.files) and Verified.NO not in self.verified

    @property
    def rate(self) -> float:
        """Octets per second."""
        return (self.octets - self.resumed) / self.seconds if self.seconds > 0 else 0.0


def together(
    reports: Sequence[Report], *, folders: int, links: int, skipped: Iterable[Skipped]
) -> Report:
    """Make one report of those of many files."""
    return Report(
        octets=sum(each.octets for each in reports),
        resumed=sum(each.resumed for each in reports),
        files=len(reports),
        folders=folders,
        links=links,
        verified=frozenset().union(*(each.verified for each in reports)),
        in_place=any(each.in_place for each in reports),
        skipped=skipped,
        lost=[lost for each in reports for lost in each.lost],
    )
