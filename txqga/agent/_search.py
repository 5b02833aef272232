"""Where a program may be: the search of GLib, by which ``qemu-ga`` starts programs."""

import os
from collections.abc import Iterator, Sequence

#: The search path where there is none.
_DEFAULT = b"/bin:/usr/bin:."


def candidates(name: bytes, env: Sequence[bytes] | None) -> Iterator[bytes]:
    """
    Yield the paths at which a program is to be tried, in order; none for the empty name.

    A name with a slash is the path itself. Another one is looked for along the first ``PATH`` in
    ``env``; if there is none, along the agent's own; if there is none either, along ``/bin``,
    ``/usr/bin`` and the working directory.

    :param env: the program's variables, ``NAME=value`` each; None if it inherits the agent's.
    """
    if b"/" in name:
        yield name
    elif name:
        for folder in _search_path(env).split(b":"):
            yield (folder or b".") + b"/" + name  # an empty one is the working directory


def _search_path(env: Sequence[bytes] | None) -> bytes:
    for entry in env or ():
        if entry.startswith(b"PATH="):
            return entry[len(b"PATH=") :]
    return os.environb.get(b"PATH", _DEFAULT)
