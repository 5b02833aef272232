"""Files that operators write, in TOML: read whole, and never more than they can be."""

import sys
from collections.abc import Callable
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
        if len(octets) > longest:
            raise ValueError(f"{path}: it has more than {longest} octets")
        read: dict[str, Any] = tomllib.loads(octets.decode())
        _refuse_nul(read, str(path))
    except OSError as why:
        raise ValueError(f"{path}: {why.strerror}") from why
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as why:
        raise ValueError(f"{path}: {why}") from why
    return read


def _refuse_nul(value: Any, where: str) -> None:
    """NUL ends a path wherever the system is told one, and nothing else here may have it."""
    if isinstance(value, str) and "\0" in value:
        raise ValueError(f"{where}: there is a NUL (\\u0000) in {value!r}")
    if isinstance(value, list):
        for number, each in enumerate(value):
            _refuse_nul(each, f"{where}[{number}]")
    if isinstance(value, dict):
        for key, each in value.items():
            _refuse_nul(key, where)
            _refuse_nul(each, f"{where}: {key}")
