"""
The command ``txqga``: guests, for people at a terminal, and for their scripts.

Each verb is a module of :mod:`txqga.cli.verbs`, and is imported when it is asked for. What they
share is here: where a guest is, how answers are shown, and what goes wrong as an exit status.
"""

from txqga.cli._exits import Exit
from txqga.cli._main import main

__all__ = ["Exit", "main"]
