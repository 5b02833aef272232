"""The ways to run a program."""

from enum import Enum


class Way(str, Enum):
    """How a program is followed."""

    #: by ``txqga-exec``: streams in both directions, signals to all that belongs to it
    STREAMED = "streamed"
    #: by ``guest-exec``, its output written to files of the guest that are read as they grow
    FOLLOWED = "followed"
    #: by ``guest-exec``, its output told at its end: 16 MiB of each stream at most
    WHOLE = "whole"
