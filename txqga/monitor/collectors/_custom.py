"""
What an operator wants to be read: lines of a file that fit an expression, or parts of a reply.

Each is a value, so that what has not changed is known to be the same.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

from attrs import define, frozen

from txqga.monitor._draft import Draft
from txqga.monitor._said import MOST, member, number
from txqga.monitor._sample import Figure
from txqga.monitor._source import Answer
from txqga.wire import JSON

#: Characters of a line that is looked at.
LONGEST_LINE = 4096

#: The group of an expression that is the value.
VALUE = "value"


@define(frozen=True, slots=False)
class Lines:
    """
    Reads each line of a text that fits an expression.

    The text is the guest's to write, so what looks for the expression takes time in proportion to
    it, whatever both are: RE2.

    :raise ValueError: RE2 says that it is none.
    """

    figure: Figure
    pattern: str  #: has a group ``value``, and one for each of the figure's labels
    scale: float = 1.0

    def __attrs_post_init__(self) -> None:
        if VALUE not in self._compiled.groupindex:
            raise ValueError("it has no group (?P<value>...)")

    @cached_property
    def _compiled(self) -> Any:
        import re2  # for those who have such a collector

        options = re2.Options()
        options.log_errors = False
        try:
            return re2.compile(self.pattern, options)
        except re2.error as why:
            said = why.args[0]
            raise ValueError(said.decode() if isinstance(said, bytes) else str(said)) from why

    @property
    def labels(self) -> tuple[str, ...]:
        """The groups that are labels, in the order in which they stand."""
        index: Mapping[str, int] = self._compiled.groupindex
        return tuple(each for each in sorted(index, key=index.__getitem__) if each != VALUE)

    def __call__(self, answer: Answer, draft: Draft) -> None:
        """Read a text."""
        for line in str(answer.said).splitlines()[:MOST]:
            if len(line) > LONGEST_LINE:
                draft.nonsense += 1  # and of a part of it another figure could be read
                continue
            found = self._compiled.search(line)
            if found is not None:
                labels = [found[each] or "" for each in self.figure.labels]
                value = number(found[VALUE] or "")
                _add(draft, self.figure, value, labels, self.scale)


@frozen
class Parts:
    """Reads parts of a reply: of the whole of it, or of each of some elements."""

    figure: Figure
    value: tuple[str, ...]  #: names, one inside the other
    each: tuple[str, ...] = ()  #: where elements are; ``[]`` is each element of a list
    labels: tuple[tuple[str, ...], ...] = ()  #: in the order of the figure's
    scale: float = 1.0

    def __call__(self, answer: Answer, draft: Draft) -> None:
        """Read a reply."""
        for element in islice(_elements(answer.said, self.each), MOST):
            value = member(element, *self.value)
            if isinstance(value, bool):
                value = int(value)
            if value is not None:
                labels = [_label(member(element, *path)) for path in self.labels]
                _add(draft, self.figure, value, labels, self.scale)


def _add(draft: Draft, figure: Figure, value: object, labels: list[str], scale: float) -> None:
    # what is no number is for the draft to count
    draft.add(figure, "" if value is None else value, *labels, scale=scale)


def _elements(said: JSON, path: tuple[str, ...]) -> Iterator[JSON]:
    """Yield each element; None where there should be some, so that it counts: they may be many."""
    if not path:
        yield said
    elif path[0] != "[]":
        yield from _elements(member(said, path[0]), path[1:])
    elif isinstance(said, list) and said:
        for each in said:
            yield from _elements(each, path[1:])
    else:
        yield None


def _label(said: JSON) -> str:
    """Make a label of what was said; what was not said is empty."""
    if isinstance(said, bool):
        return "true" if said else "false"
    return str(said) if isinstance(said, str | int | float) else ""
