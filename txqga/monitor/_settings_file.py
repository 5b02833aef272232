"""
What is asked of guests, as an operator writes it, in TOML::

    [[group]]
    guests = ["acme-*"]
    labels = { tenant = "acme" }
    periods = { load = 5, filesystems = 300, users = false }
    nearly-full = 80
    frozen-too-long = 60

Collectors are read by :mod:`txqga.monitor._collector_file`.
"""

from pathlib import Path
from typing import Any

from txqga.monitor._collector_file import collector
from txqga.monitor._data import DATA
from txqga.monitor._settings import Collector, Group, Settings
from txqga.monitor._table import Table
from txqga.mux import read_toml
from txqga.schema import Schema

#: Seconds of the shortest period, and of the longest.
SHORTEST, LONGEST = 1.0, 86_400.0


def read_settings(path: Path, schema: Schema, pace: float = 1.0) -> Settings:
    """
    Read a file of settings.

    :param schema: tells what a command does.
    :raise ValueError: says where something is wrong with it, and what is allowed there.
    """
    file = Table(read_toml(path), str(path))
    groups = tuple(_group(each) for each in file.tables("group"))
    collectors: list[Collector] = []
    for table in file.tables("collector"):
        made = collector(table, schema)
        if made.datum.name in {each.datum.name for each in collectors}:
            raise table.wrong("name", "there are two of this name")
        collectors.append(made)
    file.end()
    settings = Settings(groups=groups, collectors=tuple(collectors), pace=pace)
    _check(path, settings)
    return settings


def _group(table: Table) -> Group:
    group = Group(
        guests=table.guests(),
        labels=table.labels(),
        periods={
            name: _period(table, name, value) for name, value in table.table("periods").items()
        },
        nearly_full=table.number("nearly-full", 1, 100),
        frozen_too_long=table.number("frozen-too-long", 1, LONGEST),
    )
    table.end()
    return group


def _period(table: Table, name: str, value: Any) -> float | None:
    if value is False:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not SHORTEST <= value <= LONGEST:
        raise table.wrong(
            "periods",
            f"{name}: seconds from {SHORTEST:g} to {LONGEST:g} are expected, or false",
        )
    return float(value)


def _check(path: Path, settings: Settings) -> None:
    """See to what one part says of another."""
    names = {each.name for each in DATA} | {each.datum.name for each in settings.collectors}
    taken = {label for each in settings.collectors for label in _labels_of(each)}
    for number, group in enumerate(settings.groups, 1):
        for name in group.periods:
            if name not in names:
                raise ValueError(
                    f"{path}: group {number}: periods: there is no {name}; there are "
                    f"{', '.join(sorted(names))}"
                )
        for label in taken.intersection(group.labels):
            raise ValueError(f"{path}: group {number}: labels: {label}: a collector has it, too")


def _labels_of(collector: Collector) -> tuple[str, ...]:
    read: Any = collector.datum.sources[0].read
    labels: tuple[str, ...] = read.figure.labels
    return labels
