"""
What is read out of a guest's replies, as it is found.

A guest may say anything: figures that are none are not taken, names are cut and cleaned, and there
is an end to how many series one guest makes. What was left out is counted.
"""

import math

from txqga.monitor._sample import Figure, Kind, Sample

#: Series of one figure that a guest may have.
SERIES = 64

#: Characters of a label's value.
LONGEST = 128


class Draft:
    """Samples of one reply, or of several of the same guest."""

    def __init__(self, series: int = SERIES) -> None:
        """
        :param series: how many of one figure are taken.
        """
        self._series = series
        self._taken: dict[Figure, dict[tuple[str, ...], Sample]] = {}
        self.nonsense = 0  #: values that cannot be
        self.overflow = 0  #: series more than are taken

    @property
    def samples(self) -> list[Sample]:
        """What was taken, figure by figure."""
        return [sample for each in self._taken.values() for sample in each.values()]

    def add(self, figure: Figure, value: object, *labels: object, scale: float = 1.0) -> None:
        """
        Take a value, if it is one.

        :param value: as the guest said it; None: it said nothing, which is no nonsense.
        :param labels: as the guest said them, in the figure's order.
        :param scale: what the value is multiplied by.
        """
        if value is None:
            return
        number = _number(value, figure, scale)
        names = _names(labels)
        if number is None or names is None:
            self.nonsense += 1
            return
        taken = self._taken.setdefault(figure, {})
        if names not in taken and len(taken) >= self._series:
            self.overflow += 1
            return
        taken[names] = Sample(figure, number, names)

    def info(self, figure: Figure, *labels: object) -> None:
        """Take what a figure tells by its labels; one that was not said is empty."""
        if any(label is not None for label in labels):
            self.add(figure, 1, *("" if label is None else label for label in labels))


def _number(value: object, figure: Figure, scale: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value) * scale
    except OverflowError:
        return None
    least = figure.least if figure.kind is Kind.GAUGE else 0.0
    if not math.isfinite(number) or number < least:
        return None
    return number


def _names(labels: tuple[object, ...]) -> tuple[str, ...] | None:
    names = []
    for label in labels:
        if not isinstance(label, str):
            return None
        names.append(clean(label))
    return tuple(names)


def clean(said: str) -> str:
    """Make something that a guest said fit to be a label's value: short, and all of it visible."""
    if len(said) <= LONGEST and said.isprintable():
        return said
    kept = "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in said[:LONGEST]
    )
    return kept if len(said) <= LONGEST else kept[:-1] + "…"
