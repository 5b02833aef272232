"""What is to be run."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from attrs import Attribute, field, frozen
from attrs.validators import and_, gt, instance_of, lt, optional


def _one_string(instance: object, attribute: "Attribute[Any]", value: str) -> None:
    if "\0" in value:
        raise ValueError(f"{attribute.name} has a NUL in it")


def _strings(instance: object, attribute: "Attribute[Any]", value: Sequence[str]) -> None:
    for each in value:
        _one_string(instance, attribute, each)


def _words(args: Sequence[str]) -> tuple[str, ...]:
    if isinstance(args, str | bytes):
        raise TypeError("the arguments are a list of strings, not one string")
    return tuple(args)


def _lines(env: Mapping[str, str] | None) -> tuple[str, ...] | None:
    return None if env is None else tuple(f"{name}={value}" for name, value in env.items())


def _more(added: Mapping[str, str] | None) -> tuple[str, ...]:
    return _lines(added) or ()


@frozen(kw_only=True)
class Program:
    """A program of the guest, and how it is to be run."""

    path: str = field(validator=_one_string)  #: without a slash: looked for in PATH
    args: tuple[str, ...] = field(default=(), converter=_words, validator=_strings)
    #: its whole environment, as ``NAME=value``; None: that of the agent
    env: tuple[str, ...] | None = field(
        default=None, converter=_lines, validator=optional(_strings)
    )
    #: variables, as ``NAME=value``, beside those of the agent
    added: tuple[str, ...] = field(default=None, converter=_more, validator=_strings)
    cwd: str | None = field(default=None, validator=optional(_one_string))  #: None: the agent's
    #: given to it at once, as its standard input
    input: bytes = field(default=b"", validator=instance_of((bytes, bytearray, memoryview)))
    stdin: bool = False  #: whether more is written to it while it runs
    merge: bool = False  #: whether standard error is joined to standard output
    time_out: float | None = field(  #: seconds
        default=None, validator=optional(and_(gt(0), lt(inf)))
    )
    key: str | None = None  #: a name of the caller's choice
    detached: bool = False  #: whether it is meant to outlive the caller

    def __attrs_post_init__(self) -> None:
        if self.added and self.env is not None:
            raise ValueError("what is added is part of the whole environment: give that alone")
