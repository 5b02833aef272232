"""The verbs of ``txqga``, one a module; each is imported when it is asked for."""

from txqga.cli.verbs._all import VERBS

__all__ = ["VERBS"]
