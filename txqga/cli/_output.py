"""Answers, as people and programs read them."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from txqga.cli._shown import shown

if TYPE_CHECKING:
    from rich.console import Console

    from txqga.wire import JSON


class Output:
    """
    Where answers go. All text is escaped on its way: see :func:`shown`.

    :param json: as JSON, one value a line, instead of words.
    """

    def __init__(
        self,
        json: bool = False,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
    ) -> None:
        self.json = json
        self.stdout = sys.stdout if stdout is None else stdout
        self.stderr = sys.stderr if stderr is None else stderr
        self._console: Console | None = None

    @property
    def is_terminal(self) -> bool:
        """Whether people look at it, and colours and tables are of use."""
        return self.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    @property
    def console(self) -> "Console":
        """What draws on the terminal; give it :class:`rich.text.Text` of :func:`shown` text."""
        if self._console is None:
            from rich.console import Console

            self._console = Console(file=self.stdout, highlight=False, markup=False)
        return self._console

    def tell(self, value: "JSON", *lines: str) -> None:
        """
        Tell an answer.

        :param value: for programs.
        :param lines: the same for people.
        """
        if self.json:
            self.write(written(value))
        else:
            for line in lines:
                self.write(shown(line))

    def table(
        self, value: "JSON", heads: Sequence[str], rows: Iterable[Sequence[str]], empty: str = ""
    ) -> None:
        """
        Tell many answers of one kind: a table on a terminal, and else a line each, with tabs.

        :param empty: what to say on stderr where there are none.
        """
        if self.json:
            self.write(written(value))
            return
        lines = [[shown(cell) for cell in row] for row in rows]
        if not lines and empty:
            self.note(empty)
        elif self.is_terminal:
            self._draw(heads, lines)
        else:
            for line in lines:
                self.write("\t".join(line))

    def pairs(self, value: "JSON", pairs: Iterable[tuple[str, str]]) -> None:
        """Tell what has a name each: in two columns on a terminal, and else with tabs."""
        if self.json:
            self.write(written(value))
            return
        lines = [(shown(name), shown(told)) for name, told in pairs]
        width = max((len(name) for name, _ in lines), default=0)
        for name, told in lines:
            self.write(f"{name:<{width}}  {told}" if self.is_terminal else f"{name}\t{told}")

    def document(self, value: "JSON") -> None:
        """Tell JSON as it is: readable, or on one line with ``--json``."""
        self.write(written(value) if self.json else written(value, indent=2))

    def note(self, words: str) -> None:
        """Say on stderr what the answer does not: that something was done in a lesser way."""
        line = written({"note": words}) if self.json else f"txqga: {shown(words)}"
        self.stderr.write(f"{line}\n")
        self.stderr.flush()

    def hint(self, words: str) -> None:
        """Say on stderr what only people at a terminal care for."""
        if self.is_terminal and not self.json:
            self.note(words)

    def write(self, line: str) -> None:
        """Write a line that is fit for a terminal already."""
        self.stdout.write(f"{line}\n")
        self.stdout.flush()

    def _draw(self, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False)
        for head in heads:
            table.add_column(head.upper(), overflow="fold")
        for line in lines:
            table.add_row(*map(Text, line))
        self.console.print(table)


def written(value: "JSON", indent: int | None = None) -> str:
    """Write JSON in ASCII: everything else is escaped, and so is all that a terminal obeys."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=True, indent=indent, separators=separators)
    return text.replace("\x7f", "\\u007f")
