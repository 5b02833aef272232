"""The agent on a reactor of its own, until that stops."""

import syslog
from collections.abc import Callable, Iterable
from typing import Any

from twisted.logger import ILogObserver, globalLogBeginner

from txqga import monotonic
from txqga.agent._log import LogFile
from txqga.agent._observers import LogObserver, SyslogObserver
from txqga.agent._prepare import Prepared
from txqga.agent.agent import Agent


def begin_logging(observers: Iterable[ILogObserver]) -> None:
    """Send all events to ``observers``, from now on."""
    syslog.openlog("txqga-agent", syslog.LOG_PID, syslog.LOG_USER)
    globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False)


def run(
    reactor: Any,
    prepared: Prepared,
    log: LogFile,
    begin_logging: Callable[[Iterable[ILogObserver]], None] = begin_logging,
) -> None:
    """
    Serve on the channel until ``reactor`` is stopped, which SIGTERM and SIGINT do.

    :param reactor: one that no timer was set on yet.
    """
    monotonic(reactor)
    observers = [LogObserver(log.line, prepared.config.verbose), SyslogObserver(syslog.syslog)]
    begin_logging(observers)
    agent = Agent(reactor, prepared)
    reactor.addSystemEventTrigger("before", "shutdown", agent.stop)
    agent.start()
    reactor.run()
