"""Labels that an operator gives to guests: which names are free."""

import re
from collections.abc import Mapping
from typing import Any

from txqga.monitor._figures import figures

#: Labels by which the mux and Prometheus tell guests and series apart.
OURS = frozenset({"vm", "vm_name", "host", "le", "quantile", "job", "instance"})

#: Labels that a figure may have itself.
TAKEN = OURS.union(
    {"datum", "sink", "state", "kind", "command", "outcome", "lane"},
    *(figure.labels for figure in figures()),
)

#: Characters of a label's value.
LONGEST = 256

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}\Z")


def fault(labels: Mapping[str, Any]) -> str | None:
    """Say what is wrong with labels; None: nothing."""
    for name, value in labels.items():
        if not _NAME.match(name) or name.startswith("__"):
            return f"{name!r} is no name of a label"
        if name in TAKEN:
            return f"{name}: the mux says that itself"
        if not isinstance(value, str) or len(value) > LONGEST:
            return f"{name}: a string of up to {LONGEST} is expected"
    return None
