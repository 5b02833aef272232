"""The console script: a verb is run, and what went wrong becomes words and an exit status."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """
    Do what the command line says, and exit.

    :param argv: what follows the program's name; None: what this process was given.
    """
    try:
        from txqga.cli._group import cli
    except ImportError as why:
        if why.name not in ("click", "rich"):
            raise
        sys.exit(f"txqga: there is no {why.name} here: pip install 'txqga[cli]'")
    from txqga.cli._ending import status_of

    words = sys.argv[1:] if argv is None else list(argv)
    status = status_of(lambda: cli.main(words, prog_name="txqga", standalone_mode=False), words)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # what reads has gone; the interpreter would complain of that at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)
