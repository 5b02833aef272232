"""
Collectors as an operator writes them, in TOML::

    [[collector]]
    name = "qga_custom_mails"
    help = "Mails that wait, by queue."
    file = "/var/lib/mail/queues"
    pattern = '^(?P<queue>[a-z]+) (?P<value>[0-9]+)$'

    [[collector]]
    name = "qga_custom_disk_ready"
    help = "Whether each disk has an alias."
    command = "guest-get-disks"
    each = "[]"
    value = "partition"
    labels = { disk = "name" }
"""

import re
from typing import Any

from txqga.errors import InvalidArguments
from txqga.monitor._data import Datum
from txqga.monitor._labels import OURS
from txqga.monitor._sample import Figure, Kind
from txqga.monitor._settings import Collector
from txqga.monitor._source import Command, File
from txqga.monitor._table import Table
from txqga.monitor.collectors._custom import Lines, Parts
from txqga.schema import CommandClass, Schema, check, command_class

#: What the names of operators' figures begin with: so they never meet ours.
PREFIX = "qga_custom_"

#: Octets of a file that are read.
LONGEST_FILE = 64 << 10

_NAME = re.compile(rf"{PREFIX}[a-z0-9_]{{1,80}}\Z")
_LABEL = re.compile(r"[a-z_][a-z0-9_]{0,63}\Z")
_UNIT = re.compile(r"[a-z_]{0,32}\Z")
_COMMAND = re.compile(r"[a-z0-9_.-]{1,128}\Z")
_ELEMENTS = re.compile(r"\[\]|[^\[\].]+")
_KINDS = {"gauge": Kind.GAUGE, "counter": Kind.COUNTER}


def collector(table: Table, schema: Schema) -> Collector:
    """
    Read a collector.

    :param schema: tells what a command does.
    :raise ValueError: says what is wrong with it.
    """
    name = table.text("name")
    if not _NAME.match(name):
        raise table.wrong("name", f"{PREFIX} and up to 80 of a-z 0-9 _ are expected")
    kind = _KINDS.get(table.text("kind", "gauge"))
    if kind is None:
        raise table.wrong("kind", f"one of {', '.join(_KINDS)} is expected")
    if (kind is Kind.COUNTER) is not name.endswith("_total"):
        raise table.wrong("name", "that of a counter ends with _total, and no other does")
    unit = table.text("unit", "-").strip("-")
    if not _UNIT.match(unit):
        raise table.wrong("unit", "a word such as seconds or bytes is expected")
    words = table.text("help")
    scale = table.number("scale", 1e-15, 1e15) or 1.0
    period = table.number("period", 1, 86_400) or 60.0
    guests = table.guests()
    if table.has("file") is table.has("command"):
        raise table.wrong("file", "either a file or a command is expected")

    def figure(labels: tuple[str, ...]) -> Figure:
        for label in labels:
            if not _LABEL.match(label) or label in OURS:
                raise table.wrong("labels", f"{label!r} cannot be the name of one")
        return Figure(name=name, words=words, kind=kind, unit=unit, labels=labels)

    source = (
        _file(table, figure, scale) if table.has("file") else _command(table, figure, scale, schema)
    )
    table.end()
    return Collector(datum=Datum(name, period, (source,)), guests=guests)


def _file(table: Table, figure: Any, scale: float) -> File:
    path, pattern = table.text("file"), table.text("pattern")
    try:
        labels = Lines(figure(()), pattern).labels
    except ImportError:
        raise table.wrong("pattern", "this needs RE2: pip install 'txqga[collectors]'") from None
    except ValueError as why:
        raise table.wrong("pattern", str(why)) from why
    return File(path, Lines(figure(labels), pattern, scale), is_linux=False, longest=LONGEST_FILE)


def _command(table: Table, figure: Any, scale: float, schema: Schema) -> Command:
    name, arguments = table.text("command"), table.table("arguments")
    if not _COMMAND.match(name):
        raise table.wrong("command", "the name of a command is expected")
    if name in schema.commands:
        if command_class(schema, name, arguments) is not CommandClass.READ:
            raise table.wrong(
                "command",
                f"{name} may change the guest: only what reads can be asked again and again",
            )
        try:
            check(schema, schema.commands[name], arguments)
        except InvalidArguments as why:
            raise table.wrong("arguments", f"{name}: {why.desc}") from why
    elif "-get-" not in name:
        raise table.wrong(
            "command", f"{name} is not known here: only one with -get- in its name is taken to read"
        )
    labels = table.table("labels")
    return Command(
        name,
        Parts(
            figure(tuple(labels)),
            _path(table, "value", table.text("value")),
            _elements(table, table.text("each", ".")),
            tuple(_path(table, "labels", path) for path in labels.values()),
            scale,
        ),
        arguments,
    )


def _path(table: Table, key: str, said: Any) -> tuple[str, ...]:
    names = said.split(".") if isinstance(said, str) else [""]
    if not all(names) or any("[" in each for each in names):
        raise table.wrong(key, f"{said!r}: names are expected, one inside the other: usage.bytes")
    return tuple(names)


def _elements(table: Table, said: str) -> tuple[str, ...]:
    if said == ".":
        return ()
    found = tuple(_ELEMENTS.findall(said))
    if "".join(found) != said.replace(".", ""):
        raise table.wrong("each", f"{said!r}: a place such as disks[] or [].parts[] is expected")
    return found
