"""Files that operators write, in TOML: read whole, and never more than they can be."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Octets of a file that is read; what is longer is something else.
LONGEST = 1 << 20


def read_toml(
    path: Path, longest: int = LONGEST, check: Callable[[int], object] = lambda descriptor: None
) -> dict[str, Any]:
    """
    Read a file.

    :param longest: octets that it may have.
    :param check: is given the descriptor before anything is read; what it raises comes out.
    :raise ValueError: it cannot be read; names the file, and says why.
    """
    try:
        with path.open("rb") as file:
            check(file.fileno())
            octets = file.read(longest + 1)
    except OSError as why:
        raise ValueError(f"{path}: {why.strerror}") from why
    if len(octets) > longest:
        raise ValueError(f"{path}: it has more than {longest} octets")
    try:
        read: dict[str, Any] = tomllib.loads(octets.decode())
        wrong = next(_faults(read, str(path)), None)
    except RecursionError as why:
        raise ValueError(f"{path}: too much is nested") from why
    except ValueError as why:  # no UTF-8, no TOML, or an integer of thousands of digits
        raise ValueError(f"{path}: {why}") from why
    if wrong is not None:
        raise ValueError(wrong)
    return read


def _faults(value: Any, where: str) -> Iterator[str]:
    """
    Say what TOML's grammar lets through, and nothing here may have.

    NUL ends a path wherever the system is told one; an integer has 64 bits, as TOML itself says.
    """
    if isinstance(value, str) and "\0" in value:
        yield f"{where}: there is a NUL (\\u0000) in {value!r}"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        yield f"{where}: the integer has more than 64 bits"
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _faults(each, f"{where}[{number}]")
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _faults(key, where)
            yield from _faults(each, f"{where}: {key}")
