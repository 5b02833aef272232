"""How freezes are kept, as the mux's command line describes it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twisted.python import usage

from txqga.fsfreeze import Hook, Terms


def seconds(word: str) -> float:
    """Read a time that passes."""
    read = float(word)
    if not 0 < read < float("inf"):
        raise ValueError("more than 0 is expected")
    return read


def seconds_or_none(word: str) -> float | None:
    """Read a time that passes; 0 is none."""
    return None if float(word) == 0 else seconds(word)


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
        seconds,
    ],
    [
        "freeze-longest",
        None,
        3600.0,
        "Seconds that a guest may stay frozen at a time, whoever asks.",
        seconds,
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
        seconds_or_none,
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
