"""The line that the log has of each request."""

import time
from typing import Any

from twisted.web.http import combinedLogFormatter, datetimeToLogString
from twisted.web.iweb import IAccessLogFormatter
from zope.interface import provider


@provider(IAccessLogFormatter)
def access_line(timestamp: str, request: Any) -> str:
    """
    Write a line in the combined log format.

    :param timestamp: as the web server has it, which is by the reactor's clock: it tells how long
        this machine runs, and not what day it is, so it is not taken.
    """
    line: str = combinedLogFormatter(datetimeToLogString(time.time()), request)
    return line
