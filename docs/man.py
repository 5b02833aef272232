"""
Write the man pages of ``txqga``, and its page in the reference: ``python -m docs.man``.

Both say what the command's own help says. With ``--check`` nothing is written, and the exit status
tells whether all are current.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from pathlib import Path

import click
from attrs import frozen

from txqga import __version__
from txqga.cli._group import cli, sentence
from txqga.cli._verb import Asked, Verb

ROOT = Path(__file__).parents[1]
MAN = ROOT / "data" / "man"
REFERENCE = ROOT / "docs" / "reference" / "cli.rst"

HEAD = """\
.. Written by docs/man.py: type `make man` when the command has changed.

The command ``txqga``
=====================

How to begin with it is in :doc:`/howto/cli`. The same pages are there as man pages, ``man txqga``
and ``man txqga-call``.

"""

TAIL = """\
txqga.cli
---------

.. automodule:: txqga.cli
   :members:

.. automodule:: txqga.cli.verbs
   :members:
"""


#: What click says of a number's range, in words that differ by its version.
_RANGE = re.compile(r"\s*\[x[<>=\d.]+\]")


@frozen(kw_only=True)
class Page:
    """What there is to say of one command."""

    words: str  #: as they are typed, ``txqga ssh-key add``
    usage: str  #: what follows them
    paragraphs: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    examples: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()  #: verbs below it, and what each does
    statuses: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name of its man page."""
        return self.words.replace(" ", "-")

    @property
    def brief(self) -> str:
        """Its first sentence."""
        return sentence(self.paragraphs[0])


def pages() -> list[Page]:
    """Gather the pages of all commands, that of ``txqga`` itself first."""
    return list(
        _gather(cli, click.Context(cli, info_name="txqga", obj=Asked(), **cli.context_settings))
    )


def _gather(command: click.Command, ctx: click.Context) -> Iterator[Page]:
    below = []
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None, name
            below.append((name, found))
    records = [each.get_help_record(ctx) for each in command.get_params(ctx)]
    yield Page(
        words=ctx.command_path if ctx.parent is None else _typed(ctx),
        usage=" ".join(command.collect_usage_pieces(ctx)),
        paragraphs=tuple(_paragraphs(command.help or "")),
        options=tuple((each[0], _RANGE.sub("", each[1])) for each in records if each and each[1]),
        examples=tuple(command.examples if isinstance(command, Verb) else ()),
        parts=tuple((name, sentence(found.help or "")) for name, found in below),
        statuses=tuple(_statuses()) if ctx.parent is None else (),
    )
    for name, found in below:
        yield from _gather(found, click.Context(found, parent=ctx, info_name=name, obj=ctx.obj))


def _typed(ctx: click.Context) -> str:
    """Name a command without the arguments of those above it."""
    names = []
    at: click.Context | None = ctx
    while at is not None:
        names.append(at.info_name or "")
        at = at.parent
    return " ".join(reversed(names))


def _paragraphs(text: str) -> Iterator[str]:
    for each in cleandoc(text).split("\n\n"):
        yield " ".join(each.replace("\b", "").split())


def _statuses() -> Iterator[tuple[str, str]]:
    from txqga.cli._exits import MEANINGS

    yield from ((str(int(status)), words) for status, words in MEANINGS.items())


# -- man pages


def roff(page: Page) -> str:
    """Write a man page."""
    lines = [
        '.\\" Written by docs/man.py: type `make man` when the command has changed.',
        f'.TH "{page.name.upper()}" "1" "" "txqga {__version__}" "txqga"',
        ".SH NAME",
        f"{_roff(page.name)} \\- {_roff(page.brief)}",
        ".SH SYNOPSIS",
        f".B {_roff(page.words)}",
        _roff(page.usage),
        ".SH DESCRIPTION",
    ]
    for paragraph in page.paragraphs:
        lines += [".PP", _roff(paragraph)]
    lines += _listed("OPTIONS", page.options)
    lines += _listed("COMMANDS", page.parts)
    if page.examples:
        lines += [".SH EXAMPLES", ".nf", *map(_roff, page.examples), ".fi"]
    lines += _listed("EXIT STATUS", page.statuses)
    if page.words != "txqga":
        lines += [".SH SEE ALSO", ".BR txqga (1)"]
    return "\n".join(lines) + "\n"


def _listed(title: str, entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    if entries:
        yield f".SH {title}"
    for head, text in entries:
        yield from (".TP", f".B {_roff(head)}", _roff(text))


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


# -- the reference


def reference(every: Sequence[Page]) -> str:
    """Write the page of the reference."""
    lines = [HEAD]
    for page in every:
        title = page.words
        lines += [f".. _cli-{page.name}:", "", title, "-" * len(title), ""]
        lines += [".. code-block:: none", "", f"   {page.words} {page.usage}", ""]
        lines += [line for each in page.paragraphs for line in (_rst(each), "")]
        lines += [line for head, text in page.options for line in (f"``{head}``", _indented(text))]
        lines += [""] if page.options else []
        if page.examples:
            lines += ["Examples::", "", *(f"    {each}".rstrip() for each in page.examples), ""]
        if page.statuses:
            lines += [".. _cli-exit-status:", "", "Exit status:", ""]
            lines += [line for head, text in page.statuses for line in (head, _indented(text))]
            lines += [""]
    return "\n".join([*lines, TAIL])


def _indented(text: str) -> str:
    return f"    {_rst(text)}"


def _rst(text: str) -> str:
    return re.sub(r"(?<!`)([*|]|(?<=\w)_(?!\w))", r"\\\1", text)


# -- all of it


def written() -> dict[Path, str]:
    """Write all of them, by path."""
    every = pages()
    return {
        REFERENCE: reference(every),
        **{MAN / f"{page.name}.1": roff(page) for page in every},
    }


def stale() -> list[str]:
    """List what does not say what the command says, and man pages of what there is not."""
    wanted = written()
    wrong = [
        path.name
        for path, text in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    return wrong + [path.name for path in MAN.glob("*.1") if path not in wanted]


def main(words: Sequence[str]) -> int:
    """Write them, or check them."""
    if list(words) == ["--check"]:
        for name in (wrong := stale()):
            print(f"{name} is not current: make man", file=sys.stderr)
        return 1 if wrong else 0
    MAN.mkdir(exist_ok=True)
    wanted = written()
    for path in MAN.glob("*.1"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
