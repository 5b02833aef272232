"""txqga-get-meminfo: what the guest's memory is used for."""

import re
from collections.abc import Iterator

from txqga.agent.plugins import failing
from txqga.wire import JSON

FILE = "/proc/meminfo"

_LINE = re.compile(r"(\S+):\s+(\d+)( kB)?")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")


def txqga_get_meminfo() -> JSON:
    """Return a ``TxqgaMemInfo``."""
    with failing(f"Failed to read {FILE}"), open(FILE, encoding="ascii") as file:  # noqa: PTH123
        return dict(members(file.read()))


def members(said: str) -> Iterator[tuple[str, int]]:
    """Yield what the lines of the file say: names in the schema's spelling, octets or pages."""
    for line in said.splitlines():
        if match := _LINE.fullmatch(line):
            kernels, number, kibi = match.groups()
            name = "-".join(word for word in _WORDS.split(kernels) if word).lower()
            yield name, int(number) << 10 if kibi else int(number)
