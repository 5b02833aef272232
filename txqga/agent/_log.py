"""
The agent's log: one line for each event, in qemu-ga's form.

There is no Twisted in here, so that what goes wrong at start can be said before it is imported.
"""

import contextlib
import os
import re
import time

from txqga.agent._start import StartFailed

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LogFile:
    """A file, or standard error, to which lines are appended; each is written at once."""

    def __init__(self, descriptor: int = 2) -> None:
        self._descriptor = descriptor

    @classmethod
    def open(cls, path: str | None) -> "LogFile":
        """
        Open the file at ``path``, created if need be; ``None`` is standard error.

        It is not opened again when it is moved away, as qemu-ga does not.

        :raise StartFailed: it cannot be opened.
        """
        if path is None:
            return cls()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOCTTY | os.O_CLOEXEC
        try:
            return cls(os.open(path, flags, 0o666))
        except OSError as why:
            raise StartFailed(f"unable to open specified log file: {why.strerror}") from None

    def line(self, level: str, text: str) -> None:
        """
        Append one line.

        :param level: critical, error, warning, info or debug.
        :param text: may hold what the host sent: control characters in it are escaped.
        """
        text = _CONTROL.sub(lambda match: repr(match[0])[1:-1], text)
        line = f"{time.time():.6f}: {level}: {text}\n".encode(errors="backslashreplace")
        # A full disk or a closed terminal must not stop the agent.
        with contextlib.suppress(OSError):
            os.write(self._descriptor, line)
