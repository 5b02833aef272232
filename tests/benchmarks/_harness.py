"""
What every benchmark shares: rounds that alternate, medians, and a table.

Contenders are measured in turn, forwards in one round and backwards in the next, so that what the
machine does besides meets them alike. A table shows medians, their ratio, and how far apart the
middle half of the rounds was: a ratio closer to its goal than that says nothing.
"""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TypeAlias

from attrs import field, frozen

#: What the numbers depend on, besides Python.
PACKAGES = ("Twisted", "orjson", "pybase64")

#: Does something for a while and returns a number, such as calls per second.
Measure: TypeAlias = Callable[[], float]


@frozen
class Effort:
    """How long a benchmark takes."""

    rounds: int  #: of each measure
    seconds: float  #: that a measure of a rate takes, about


THOROUGH = Effort(rounds=7, seconds=0.5)
QUICK = Effort(rounds=3, seconds=0.1)


@frozen
class Samples:
    """What one contender did in each round."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles, as a share of the median."""
        if len(self.values) < 2 or self.median == 0:
            return 0.0
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return (high - low) / 2 / self.median


def alternate(rounds: int, contenders: Mapping[str, Measure]) -> dict[str, Samples]:
    """
    Measure each contender once a round.

    :return: their samples, by the name of the contender.
    """
    names = list(contenders)
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(contenders[name]())
    return {name: Samples(values) for name, values in found.items()}


def rate(
    work: Callable[[int], None],
    seconds: float,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """
    How often ``work`` is done in a second.

    :param work: does it as often as it is told to.
    """
    count, total, began = 1, 0, clock()
    while True:
        work(count)
        total += count
        elapsed = clock() - began
        if elapsed >= seconds:
            return total / elapsed
        count = max(1, min(count * 2, int(total * (seconds - elapsed) / max(elapsed, 1e-9))))


@frozen(kw_only=True)
class Line:
    """One line of a table: a measure, and what each side made of it."""

    what: str
    unit: str
    ours: Samples
    peer: Samples | None  #: None: there is nobody to compare with
    goal: float | None = None  #: the ratio that we want to reach
    less_is_better: bool = field(default=False)

    @property
    def ratio(self) -> float | None:
        """Our median as a multiple of the peer's."""
        if self.peer is None or self.peer.median == 0:
            return None
        return self.ours.median / self.peer.median

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None if there is none, or nobody to compare with."""
        if self.goal is None or self.ratio is None:
            return None
        return self.ratio <= self.goal if self.less_is_better else self.ratio >= self.goal


def number(value: float) -> str:
    """A number with three significant digits or so, and no exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(ours: str, peer: str, lines: Iterable[Line]) -> str:
    """The lines as text, in columns."""
    rows = [["", "unit", ours, "+-", peer, "+-", "ratio", "goal", ""]]
    for line in lines:
        row = [line.what, line.unit, number(line.ours.median), f"{line.ours.spread:.0%}"]
        if line.peer is None:
            row += ["missing", "", ""]
        else:
            assert line.ratio is not None
            row += [number(line.peer.median), f"{line.peer.spread:.0%}", f"{line.ratio:.2f} x"]
        sign = "at most" if line.less_is_better else "at least"
        row.append("" if line.goal is None else f"{sign} {line.goal:g} x")
        row.append({True: "reached", False: "MISSED", None: ""}[line.reached])
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    left = {0, 1, 8}
    text = []
    for row in rows:
        cells = [
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        text.append("  ".join(cells).rstrip())
    text.insert(1, "-" * max(len(each) for each in text))
    return "\n".join(text) + "\n"


def surroundings() -> str:
    """A line that says what the numbers depend on."""
    processors = len(os.sched_getaffinity(0))
    return (
        f"Python {platform.python_version()}, {', '.join(map(_package, PACKAGES))}; "
        f"Linux {platform.release()}, {processors} processors"
    )


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def parser(description: str) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--quick", action="store_true", help="a glance: fewer and shorter rounds")
    return made


def effort(options: argparse.Namespace) -> Effort:
    """What was asked for."""
    return QUICK if options.quick else THOROUGH


def progress(what: str) -> None:
    """Tell whoever watches what is being measured."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what} ...")
        sys.stderr.flush()


def done() -> None:
    """Take that away again."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
