"""The console script: a verb is run, and what went wrong becomes words and an exit status."""

import sys
from collections.abc import Sequence
from typing import NoReturn

from txqga.cli._exits import Exit
from txqga.cli._standard import let_go, stand_in


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """
    Do what the command line says, and exit.

    :param argv: what follows the program's name; None: what this process was given.
    """
    stand_in()
    try:
        from txqga.cli._ending import status_of
        from txqga.cli._group import cli
    except ImportError as why:
        if why.name not in ("click", "rich"):
            raise
        sys.exit(f"txqga: there is no {why.name} here: pip install 'txqga[cli]'")
    except KeyboardInterrupt:  # as impatient as that
        sys.exit(Exit.INTERRUPTED)
    words = sys.argv[1:] if argv is None else list(argv)
    status = status_of(lambda: cli.main(words, prog_name="txqga", standalone_mode=False), words)
    let_go()
    sys.exit(status)
