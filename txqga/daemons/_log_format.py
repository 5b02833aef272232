"""
The log as text for people, or as a JSON object for each event; neither faster than it can be read.
"""

import json
import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from twisted.logger import (
    FileLogObserver,
    ILogObserver,
    LogEvent,
    eventAsText,
    formatEvent,
    formatEventAsClassicLogText,
)
from twisted.python.logfile import LogFile
from zope.interface import implementer

FORMATS = ("text", "json")

#: Events of one kind about one guest that are written at once; then one in so many seconds.
BURST, PAUSE = 100, 1.0

#: Kinds of events that are told apart; those not seen for longest are forgotten.
KINDS = 10_000

#: Characters of one value.
_LONGEST = 4000


def observer_for(
    twistd: Mapping[str, Any] | None, format: str, seconds: Callable[[], float]
) -> "Rationed | None":
    """
    Make what writes the log to where ``twistd`` was told to.

    :param twistd: its own options; None: there is no twistd.
    :return: None where twistd has to see to it: for syslog, and for a logger of one's own.
    """
    if twistd is None or twistd.get("syslog") or twistd.get("logger"):
        return None
    path = twistd.get("logfile")
    if path == "-" or (not path and twistd.get("nodaemon")):
        return observer(format, sys.stdout, seconds)
    return observer(format, LogFile.fromFullPath(path or "twistd.log"), seconds)


def observer(format: str, file: Any, seconds: Callable[[], float]) -> "Rationed":
    """Make what writes the log into a file, in one of :data:`FORMATS`."""
    write = formatEventAsClassicLogText if format == "text" else as_json
    return Rationed(FileLogObserver(file, write), seconds)


def as_json(event: LogEvent) -> str:
    """Write one event as a line: when, how bad, who says so, what, and the plain values in it."""
    when = datetime.fromtimestamp(event.get("log_time", 0.0), timezone.utc)
    level = event.get("log_level")
    line: dict[str, Any] = {
        "time": when.isoformat(timespec="milliseconds"),
        "level": "info" if level is None else level.name,
        "logger": event.get("log_namespace", ""),
        "message": formatEvent(event) or "",
    }
    if "log_failure" in event:
        line["message"] = eventAsText(event, includeTimestamp=False, includeSystem=False)
    for name, value in event.items():
        if name.startswith("log_") or name in line or not isinstance(name, str):
            continue
        if isinstance(value, (str, int, float, bool)):
            line[name] = value
    return json.dumps({name: _short(value) for name, value in line.items()}) + "\n"


def _short(value: Any) -> Any:
    return value[:_LONGEST] if isinstance(value, str) else value


@implementer(ILogObserver)
class Rationed:
    """
    Passes events on, but of one kind about one guest no more than can be read.

    What was left out is counted, and the next that is passed on says so.
    """

    def __init__(self, observer: Callable[[LogEvent], None], seconds: Callable[[], float]) -> None:
        self._observer = observer
        self._seconds = seconds
        self._kinds: OrderedDict[object, tuple[float, float, int]] = OrderedDict()

    def __call__(self, event: LogEvent) -> None:
        """Take an event."""
        kind = (event.get("log_namespace"), event.get("log_format"), str(event.get("guest")))
        now = self._seconds()
        left, counted, missed = self._kinds.pop(kind, (float(BURST), now, 0))
        left = min(float(BURST), left + (now - counted) / PAUSE)
        passes = left >= 1.0
        self._kinds[kind] = (left - 1.0, now, 0) if passes else (left, now, missed + 1)
        if len(self._kinds) > KINDS:
            self._kinds.popitem(last=False)
        if not passes:
            return
        if missed:
            words = f"{event.get('log_format') or ''} ({{missed}} like this were left out)"
            event = {**event, "log_format": words, "missed": missed}
        self._observer(event)
