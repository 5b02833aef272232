"""How freezes are kept, as the mux's command line describes it."""

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen
from twisted.python import usage

from txqga.fsfreeze import Hook, Terms


def seconds(word: str) -> float:
    """
    Read a time that passes.

    :raise ValueError: it is none.
    """
    try:
        read = float(word)
    except ValueError:
        read = math.nan
    if not 0 < read < math.inf:
        raise ValueError(f"{word!r} is no number of seconds: more than 0 are expected")
    return read


@frozen
class Seconds:
    """
    Reads the seconds that an option says.

    :ivar option: its name, for complaints.
    """

    option: str

    def __call__(self, word: str) -> float:
        """
        Read a word.

        :raise UsageError: it is no time.
        """
        try:
            return seconds(word)
        except ValueError as why:
            raise usage.UsageError(f"--{self.option}: {why}") from why

    def or_none(self, word: str) -> float | None:
        """Read a word; 0 is none."""
        return None if re.fullmatch(r"0+(\.0*)?", word) else self(word)


#: The options that say so.
WORDS: list[list[Any]] = [
    [
        "state",
        None,
        None,
        "Write down in this folder which guests are frozen and until when, so that they are "
        "thawed in time also where this process is killed and started again. One mux has a "
        "folder at a time. Of use for as long as the host is up: it may be on a tmpfs.",
    ],
    [
        "freeze-lease",
        None,
        300.0,
        "Seconds that a guest stays frozen at most when nobody says how long.",
        Seconds("freeze-lease"),
    ],
    [
        "freeze-longest",
        None,
        3600.0,
        "Seconds that a guest may stay frozen at a time, whoever asks.",
        Seconds("freeze-longest"),
    ],
    [
        "freeze-hook",
        None,
        None,
        "Run this program before a group of guests is frozen over HTTP, with the word freeze, and "
        "with thaw once they are thawed; TXQGA_GUESTS has their names. Where it fails before, none "
        "is frozen. Taken anew at SIGHUP.",
    ],
    [
        "freeze-hook-limit",
        None,
        60.0,
        "Seconds that it may take each time; then it is killed with all that it has started, and "
        "the freeze fails. 0: as long as it likes.",
        Seconds("freeze-hook-limit").or_none,
    ],
]


def terms_of(options: Mapping[str, Any]) -> Terms:
    """
    Say for how long a guest may be frozen.

    :raise UsageError: the usual time is longer than the longest.
    """
    lease, longest = options["freeze-lease"], options["freeze-longest"]
    if lease > longest:
        raise usage.UsageError(
            f"--freeze-lease: {lease:g} s is longer than --freeze-longest allows"
        )
    return Terms(lease=lease, longest=longest)


def hook_of(options: Mapping[str, Any]) -> Hook | None:
    """Say what is run before a group of guests is frozen, and after."""
    path = options["freeze-hook"]
    return None if path is None else Hook([path], options["freeze-hook-limit"])


def check_hook(options: Mapping[str, Any]) -> None:
    """
    Complain of a hook that cannot be run.

    :raise UsageError: it cannot be.
    """
    hook = options["freeze-hook"]
    if hook is not None and not (Path(hook).is_file() and os.access(hook, os.X_OK)):
        raise usage.UsageError(f"--freeze-hook: {hook}: no program is there")
