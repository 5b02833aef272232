"""A table of a TOML file, taken apart: what is wrong is told with where it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from txqga.monitor._labels import fault
from txqga.mux import EVERYTHING, Patterns, patterns


class Table:
    """A table of which each key is asked for, and none is left in the end."""

    def __init__(self, said: Mapping[str, Any], where: str) -> None:
        """:param where: what it is called in complaints."""
        self._said = dict(said)
        self._where = where
        self._known: list[str] = []

    def wrong(self, key: str, words: str) -> ValueError:
        """Make the complaint about a key."""
        return ValueError(f"{self._where}: {key}: {words}")

    def has(self, key: str) -> bool:
        """Tell whether a key is there."""
        return key in self._said

    def take(self, key: str) -> Any:
        """Give what a key says; None: nothing."""
        self._known.append(key)
        return self._said.pop(key, None)

    def end(self) -> None:
        """
        Complain of keys that nobody has asked for.

        :raise ValueError: there are such.
        """
        for key in self._said:
            raise self.wrong(key, f"there is no such key; there are {', '.join(self._known)}")

    def tables(self, key: str) -> Iterator["Table"]:
        """Give each table of an array of them."""
        found = self.take(key)
        if not isinstance(found, list | None):
            raise self.wrong(key, f"write [[{key}]] for each")
        for number, each in enumerate(found or [], 1):
            if not isinstance(each, dict):
                raise self.wrong(key, f"write [[{key}]] for each")
            yield Table(each, f"{self._where}: {key} {number}")

    def table(self, key: str) -> Mapping[str, Any]:
        """Give a table; an empty one, where there is none."""
        found = self.take(key)
        if found is not None and not isinstance(found, dict):
            raise self.wrong(key, "a table is expected")
        return found or {}

    def text(self, key: str, usual: str | None = None) -> str:
        """Give a text that is not empty, or ``usual``; None: there has to be one."""
        found = self.take(key)
        if found is None and usual is not None:
            return usual
        if not isinstance(found, str) or not found:
            raise self.wrong(key, "a text is expected")
        return found

    def number(self, key: str, least: float, most: float) -> float | None:
        """Give a number from ``least`` to ``most``; None: there is none."""
        found = self.take(key)
        if found is None:
            return None
        is_number = isinstance(found, int | float) and not isinstance(found, bool)
        if not is_number or not least <= found <= most:
            raise self.wrong(key, f"a number from {least:g} to {most:g} is expected")
        return float(found)

    def labels(self) -> Mapping[str, str]:
        """Give labels for guests."""
        found = self.table("labels")
        wrong = fault(found)
        if wrong is not None:
            raise self.wrong("labels", wrong)
        return found

    def guests(self) -> Patterns:
        """Give names of guests, or patterns of them; all, where none are named."""
        found = self.take("guests")
        if found is None:
            return EVERYTHING
        is_list = isinstance(found, list) and bool(found)
        if not is_list or not all(isinstance(each, str) and each for each in found):
            raise self.wrong("guests", "an array of names, or patterns such as db*, is expected")
        return patterns(found)
