"""
A command line read as GNU ``getopt_long`` reads it.

Neither ``usage.Options`` (which is Python's ``getopt``) nor ``argparse`` can be that command line:
an option with an optional argument (``-F[PATH]``), short options in one word (``-vD``), long ones
cut short (``--verb``), and words that are no option, which are passed over.
"""

import enum
from collections.abc import Iterator, Sequence

from attrs import define, frozen


class Takes(enum.Enum):
    """Whether an option has an argument."""

    NOTHING = 0
    ARGUMENT = 1
    MAYBE = 2  #: only in the same word: ``-FPATH``, ``--fsfreeze-hook=PATH``


@frozen
class Option:
    """An option: one letter, and the long name for it."""

    letter: str | None  #: None: it has only the name
    name: str
    takes: Takes = Takes.NOTHING

    @property
    def key(self) -> str:
        """What it is called once it is read: the letter, or else the name."""
        return self.letter or self.name


@define
class BadOption(Exception):
    """A word that is no option, or an option used wrongly; ``desc`` is getopt's text."""

    desc: str

    def __str__(self) -> str:
        return self.desc


def getopt_long(
    words: Sequence[str], options: Sequence[Option]
) -> Iterator[tuple[str, str | None]]:
    """
    Yield each option of the command line ``words``, in order: its key, and its argument.

    :raise BadOption: when iteration comes to the first word that is wrong.
    """
    letters = {option.letter: option for option in options if option.letter}
    rest = iter(words)
    for word in rest:
        if word == "--":
            return
        if word.startswith("--"):
            yield _long(word, rest, options)
        elif word.startswith("-"):
            yield from _cluster(word[1:], rest, letters)


def _long(word: str, rest: Iterator[str], options: Sequence[Option]) -> tuple[str, str | None]:
    name, equals, given = word[2:].partition("=")
    exact = [option for option in options if option.name == name]
    meant = exact or [option for option in options if option.name.startswith(name)]
    if not meant:
        raise BadOption(f"unrecognized option '{word}'")
    if len(meant) > 1:
        names = " ".join(f"'--{option.name}'" for option in meant)
        raise BadOption(f"option '{word}' is ambiguous; possibilities: {names}")
    [option] = meant
    if equals:
        if option.takes is Takes.NOTHING:
            raise BadOption(f"option '--{option.name}' doesn't allow an argument")
        return option.key, given
    if option.takes is not Takes.ARGUMENT:
        return option.key, None
    argument = next(rest, None)
    if argument is None:
        raise BadOption(f"option '--{option.name}' requires an argument")
    return option.key, argument


def _cluster(
    cluster: str, rest: Iterator[str], letters: dict[str, Option]
) -> Iterator[tuple[str, str | None]]:
    while cluster:
        letter, cluster = cluster[0], cluster[1:]
        option = letters.get(letter)
        if option is None:
            raise BadOption(f"invalid option -- '{letter}'")
        if option.takes is Takes.NOTHING:
            yield letter, None
            continue
        argument = cluster or None
        if argument is None and option.takes is Takes.ARGUMENT:
            argument = next(rest, None)
            if argument is None:
                raise BadOption(f"option requires an argument -- '{letter}'")
        yield letter, argument
        return
