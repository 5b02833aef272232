"""
The agent's log: one line for each event, in qemu-ga's form.

There is no Twisted in here, so that what goes wrong at start can be said before it is imported.
"""

import contextlib
import os
import re
import time

from txqga.agent._held_back import HeldBack
from txqga.agent._start import StartFailed

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LogFile:
    """A file, or standard error, to which lines are appended; each is written at once."""

    def __init__(self, descriptor: int = 2) -> None:
        self._descriptor = descriptor
        self._path: str | None = None  # that is still to be opened
        self._lines = HeldBack(self._write, _lost)

    @classmethod
    def open(cls, path: str | None, *, held: bool = False) -> "LogFile":
        """
        Open the file at ``path``, created if need be; ``None`` is standard error.

        It is not opened again when it is moved away, as qemu-ga does not.

        :param held: write nothing, and do not open it, before :meth:`resume`.
        :raise StartFailed: it cannot be opened.
        """
        log = cls()
        log._path = path
        if held:
            log.hold()
        else:
            log._open()
        return log

    def line(self, level: str, text: str) -> None:
        """
        Append one line.

        :param level: critical, error, warning, info or debug.
        :param text: may hold what the host sent: control characters in it are escaped.
        """
        self._lines(_line(level, text))

    def hold(self) -> None:
        """Write nothing from now on: filesystems are frozen."""
        self._lines.hold()

    def resume(self) -> None:
        """Write what was kept meanwhile; to standard error, if a file cannot be opened now."""
        try:
            self._open()
        except StartFailed as why:
            self.line("critical", why.desc)
        self._lines.resume()

    def _open(self) -> None:
        path, self._path = self._path, None
        if path is None:
            return
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOCTTY | os.O_CLOEXEC
        try:
            self._descriptor = os.open(path, flags, 0o666)
        except OSError as why:
            raise StartFailed(f"unable to open specified log file: {why.strerror}") from None

    def _write(self, line: bytes) -> None:
        # A full disk or a closed terminal must not stop the agent.
        with contextlib.suppress(OSError):
            os.write(self._descriptor, line)


def _line(level: str, text: str) -> bytes:
    text = _CONTROL.sub(lambda match: repr(match[0])[1:-1], text)
    return f"{time.time():.6f}: {level}: {text}\n".encode(errors="backslashreplace")


def _lost(count: int) -> bytes:
    return _line("warning", f"{count} lines before these were lost while filesystems were frozen")
