"""The agent on a reactor of its own, until that stops."""

import contextlib
import syslog
from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.error import ReactorNotRunning
from twisted.logger import ILogObserver, globalLogBeginner

from txqga import monotonic
from txqga._allocator import keep_freed_memory
from txqga.agent._log import LogFile
from txqga.agent._observers import LogObserver, SyslogObserver
from txqga.agent._prepare import Prepared
from txqga.agent.agent import Agent


def begin_logging(observers: Iterable[ILogObserver]) -> None:
    """Send all events to ``observers``, from now on."""
    syslog.openlog("txqga-agent", syslog.LOG_PID, syslog.LOG_USER)
    globalLogBeginner.beginLoggingTo(observers, redirectStandardIO=False)


def stop_reactor(reactor: Any) -> None:
    """Stop it, unless it stops already: two signals may come."""
    with contextlib.suppress(ReactorNotRunning):
        reactor.stop()


def run(
    reactor: Any,
    prepared: Prepared,
    log: LogFile,
    begin_logging: Callable[[Iterable[ILogObserver]], None] = begin_logging,
) -> int:
    """
    Serve on the channel until that is lost, or ``reactor`` is stopped by SIGTERM or SIGINT.

    :param reactor: one that no timer was set on yet.
    :return: the exit status: 1 if the channel could not be opened when it was last tried.
    """
    monotonic(reactor)
    keep_freed_memory()
    observers = [LogObserver(log.line, prepared.config.verbose), SyslogObserver(syslog.syslog)]
    begin_logging(observers)
    agent = Agent(reactor, prepared, lambda: stop_reactor(reactor))
    reactor.addSystemEventTrigger("before", "shutdown", agent.stop)
    agent.start()
    reactor.run()
    return 1 if agent.unreachable else 0
