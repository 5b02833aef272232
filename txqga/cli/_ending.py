"""How a verb ends: what it raised becomes words on stderr, and the exit status."""

import sys
from collections.abc import Callable, Sequence
from signal import SIGPIPE
from typing import Any, TextIO

import click

from txqga.cli._complaint import Complaint, complaint_of
from txqga.cli._exits import Exit, Interrupted
from txqga.cli._output import written
from txqga.cli._shown import shown


def status_of(work: Callable[[], Any], words: Sequence[str], stderr: TextIO | None = None) -> int:
    """
    Do the work, say on stderr what goes wrong, and give the exit status.

    :param words: of the command line: whether errors are told in JSON must be known of one that
        cannot be read, too.
    """
    stderr = sys.stderr if stderr is None else stderr
    json = "--json" in _before_dashes(words)
    try:
        status = work()
        return int(status) if isinstance(status, int) else Exit.GOOD
    except click.ClickException as why:
        if not json:
            why.show(stderr)
            return why.exit_code
        return _tell(Complaint("usage", why.format_message(), Exit.USAGE), json, stderr)
    except Interrupted as why:
        return why.status
    except BrokenPipeError:
        return Interrupted(SIGPIPE).status  # as if that had ended us
    except click.Abort:
        return Exit.INTERRUPTED
    except Exception as why:
        complaint = complaint_of(why)
        if complaint is None:
            raise
        return _tell(complaint, json, stderr)


def _tell(complaint: Complaint, json: bool, stderr: TextIO) -> int:
    line = written(complaint.document()) if json else f"txqga: {shown(complaint.words)}"
    stderr.write(f"{line}\n")
    return complaint.exit


def _before_dashes(words: Sequence[str]) -> Sequence[str]:
    return words[: words.index("--")] if "--" in words else words
