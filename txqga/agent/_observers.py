"""Where the agent's log events go: to its log, and a few of them to syslog."""

from collections.abc import Callable
from typing import Any

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent
from zope.interface import implementer

_NOTED = ("txqga.agent.families.", "txqga.agent.plugins.")


@implementer(ILogObserver)
class LogObserver:
    """
    Writes events as lines of the agent's log.

    :param line: takes level and text, as :meth:`txqga.agent._log.LogFile.line` does.
    :param verbose: events below errors too.
    """

    def __init__(self, line: Callable[[str, str], None], verbose: bool) -> None:
        self._line = line
        self._levels = set(LogLevel.iterconstants())
        if not verbose:
            self._levels = {LogLevel.error, LogLevel.critical}

    def __call__(self, event: LogEvent) -> None:
        level = _level(event)
        if level not in self._levels:
            return
        text = formatEvent(event)
        failure = event.get("log_failure")
        # The text of an event from Twisted's old log holds the traceback already.
        if failure is not None and "isError" not in event:
            text = f"{text}\n{failure.getTraceback()}"
        for line in text.splitlines():
            self._line(_word(level), line)


@implementer(ILogObserver)
class SyslogObserver:
    """
    Passes on what the command families did.

    They log what changes the guest, or fails. A guest's administrator finds it in syslog whatever
    ``-v`` says; a ping costs nothing here.

    :param send: takes a text, such as :func:`syslog.syslog`.
    """

    def __init__(self, send: Callable[[str], object]) -> None:
        self._send = send

    def __call__(self, event: LogEvent) -> None:
        namespace = event.get("log_namespace") or ""
        level = _level(event)
        if namespace.startswith(_NOTED) and level is not LogLevel.debug:
            self._send(f"{_word(level)}: {formatEvent(event)}")


def _level(event: LogEvent) -> Any:
    return event.get("log_level", LogLevel.info)


def _word(level: Any) -> str:
    """Return qemu-ga's word for a level."""
    return "warning" if level is LogLevel.warn else str(level.name)
