"""System errors as replies."""

from collections.abc import Iterator
from contextlib import contextmanager

from txqga.errors import CommandFailed


@contextmanager
def failing(what: str) -> Iterator[None]:
    """
    Let a system error end the command with ``<what>: <text of errno>``.

    The text is English because no agent sets a locale for messages.
    """
    try:
        yield
    except OSError as why:
        raise CommandFailed(f"{what}: {why.strerror}") from why
