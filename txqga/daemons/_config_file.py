"""
A file that says what a command line says.

Each key is an option's long name. A value is the option's; an array gives the option once for each
of its elements; a table gives it once for each of its keys, as ``KEY=VALUE``; ``true`` is an option
that takes no value. So whatever is said in either place is read by the same code::

    serve = "/run/txqga"
    watch = ["/run/qga/{name}.sock"]

    [guest]
    db1 = "/run/other/db1.sock"
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from twisted.python import usage

from txqga.mux import read_toml

#: What only a command line can say.
_NOT_HERE = {"config", "help", "version"}

#: Octets of a file that is read; what is longer is something else.
_LONGEST = 16 << 20


def words_of(path: Path, make: Callable[[], usage.Options]) -> list[str]:
    """
    Read a file as the words of a command line.

    :param make: makes options that take each of the words, by itself too.
    :raise UsageError: names the file and the key, and says what is wrong with it.
    """
    try:
        table = read_toml(path, _LONGEST)
    except ValueError as why:
        raise usage.UsageError(str(why)) from why
    takes_value = {name.rstrip("="): name.endswith("=") for name in make().longOpt}
    known = sorted(takes_value.keys() - _NOT_HERE)
    words: list[tuple[str, str]] = []
    for key, value in table.items():
        if key not in known:
            raise usage.UsageError(
                f"{path}: {key}: there is no such key; there are {', '.join(known)}"
            )
        for where, word in _words(key, value, takes_value[key]):
            if word is None:
                raise usage.UsageError(f"{path}: {where}: {_allowed(takes_value[key])}")
            words.append((where, word))
    try:
        make().parseOptions([word for _, word in words])
    except usage.UsageError as why:
        raise usage.UsageError(f"{path}: {_blame(words, make)}{why}") from why
    return [word for _, word in words]


def _blame(words: list[tuple[str, str]], make: Callable[[], usage.Options]) -> str:
    """Say which word is wrong: all of them are read much faster together than one by one."""
    for where, word in words:
        try:
            make().parseOptions([word])
        except usage.UsageError:
            return f"{where}: "
    return ""


def _words(key: str, value: Any, takes_value: bool) -> Iterator[tuple[str, str | None]]:
    """Where each word comes from, and the word; None where the value cannot be one."""
    if not takes_value:
        if value is not False:
            yield key, f"--{key}" if value is True else None
    elif isinstance(value, dict):
        for name, each in value.items():
            text = _text(each)
            yield f"{key}.{name}", None if text is None else f"--{key}={name}={text}"
    elif isinstance(value, list):
        for number, each in enumerate(value):
            text = _text(each)
            yield f"{key}[{number}]", None if text is None else f"--{key}={text}"
    else:
        text = _text(value)
        yield key, None if text is None else f"--{key}={text}"


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return None


def _allowed(takes_value: bool) -> str:
    if takes_value:
        return "a string or a number is allowed, an array of them, or a table of them"
    return "true or false is allowed"
