r"""
Patterns for the names of guests and commands, and for the values of arguments.

``*`` and ``?`` stop at a ``/`` and at a ``\``, and ``**`` does not: guests with Windows part their
paths with either. What climbs up a path with ``..`` fits no pattern but ``**``: it would fit the
beginning of one, and name something else.

Texts come from those whom the patterns are to hold, so the time that a pattern takes is in
proportion to the text, whatever both are: all its places are followed at once, each a bit.
"""

import re
from collections.abc import Iterable

from attrs import field, frozen

_ANYTHING = "**"
_BETWEEN = "/\\"  #: parts of a path
_TOKENS = re.compile(r"\*+|\?|[^*?]")
_UP = re.compile(r"(?:\A|[/\\])\.\.[. ]*(?:[/\\]|\Z)")  # Windows drops dots and spaces at an end


class _Pattern:
    """One pattern with wildcards."""

    def __init__(self, word: str) -> None:
        self._steps: dict[str, int] = {}  #: places that a character leads on from
        self._any = 0  #: places that any character leads on from, but one between parts
        self._stays = 0  #: places at which any character stays
        self._stays_in_part = 0  #: places at which any character stays, but one between parts
        tokens = _TOKENS.findall(word)
        for place, token in enumerate(tokens):
            bit = 1 << place
            if token == "?":
                self._any |= bit
            elif token == "*":
                self._stays_in_part |= bit
            elif token.startswith("*"):
                self._stays |= bit
            else:
                self._steps[token] = self._steps.get(token, 0) | bit
        self._end = 1 << len(tokens)

    def fits(self, text: str) -> bool:
        skipped = self._stays | self._stays_in_part
        places = 1 | (1 & skipped) << 1
        for character in text:
            on, stay = self._steps.get(character, 0), self._stays
            if character not in _BETWEEN:
                on |= self._any
                stay |= self._stays_in_part
            places = (places & on) << 1 | places & stay
            places |= (places & skipped) << 1  # no two wildcards of that kind are neighbours
            if not places:
                return False
        return bool(places & self._end)


@frozen
class Patterns:
    """Several patterns, of which one has to fit the whole of a text."""

    words: tuple[str, ...]
    _plain: frozenset[str] = field(init=False, eq=False, repr=False)
    _wild: tuple[_Pattern, ...] = field(init=False, eq=False, repr=False)

    @_plain.default
    def _find_plain(self) -> frozenset[str]:
        return frozenset(word for word in self.words if not _is_wild(word))

    @_wild.default
    def _find_wild(self) -> tuple[_Pattern, ...]:
        return tuple(_Pattern(word) for word in self.words if _is_wild(word))

    def fit(self, text: str) -> bool:
        """Tell whether one of them fits."""
        if _ANYTHING in self.words or text in self._plain:
            return True
        return any(each.fits(text) for each in self._wild) and not _UP.search(text)


def _is_wild(word: str) -> bool:
    return "*" in word or "?" in word


#: Fits whatever there is.
EVERYTHING = Patterns((_ANYTHING,))


def patterns(words: Iterable[str]) -> Patterns:
    """Make patterns of several words; one that fits everything makes the others idle."""
    words = tuple(words)
    return EVERYTHING if _ANYTHING in words else Patterns(words)


def names(words: Iterable[str]) -> Patterns:
    """Make patterns of names, which have no parts: ``*`` is all of them."""
    return patterns(_ANYTHING if word == "*" else word for word in words)
