"""Memory, of which QEMU's agent has no command."""

import re

from txqga.monitor._draft import Draft
from txqga.monitor._figures import MEMORY
from txqga.monitor._said import lines, member, number
from txqga.wire import JSON

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")

#: The schema's spelling of the kernel's names.
_SPELLED = {"-".join(_WORDS.split(name)).lower(): figure for name, figure in MEMORY.items()}


def meminfo(said: JSON, draft: Draft) -> None:
    """Read ``txqga-get-meminfo``."""
    for name, figure in _SPELLED.items():
        draft.add(figure, member(said, name))


def meminfo_file(text: str, draft: Draft) -> None:
    """Read ``/proc/meminfo``."""
    for words in lines(text):
        figure = MEMORY.get(words[0].removesuffix(":"))
        if figure is not None and words[2:] == ["kB"]:
            draft.add(figure, number(words[1]), scale=1024.0)
