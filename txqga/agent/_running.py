"""The agent on a reactor of its own, until that stops."""

import contextlib
import syslog
from collections.abc import Callable, Iterable
from typing import Any

from twisted.internet.error import ReactorNotRunning
from twisted.logger import ILogObserver, globalLogBeginner

from txqga import monotonic
from txqga._allocator import keep_freed_memory
from txqga.agent._held_back import HeldBack
from txqga.agent._log import LogFile
from txqga.agent._observers import LogObserver, SyslogObserver
from txqga.agent._prepare import Prepared
from txqga.agent._start import StartFailed
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
    thawed: Callable[[], None] | None = None,
    begin_logging: Callable[[Iterable[ILogObserver]], None] = begin_logging,
) -> int:
    """
    Serve on the channel until that is lost, or ``reactor`` is stopped by SIGTERM or SIGINT.

    :param reactor: one that no timer was set on yet.
    :param thawed: called when filesystems are thawed that were frozen from the beginning.
    :return: the exit status: 1 if the channel could not be opened when it was last tried.
    """
    monotonic(reactor)
    keep_freed_memory()
    syslog_lines: HeldBack[str] = HeldBack(lambda text: syslog.syslog(text), _lost)
    observers = [LogObserver(log.line, prepared.config.verbose), SyslogObserver(syslog_lines)]
    begin_logging(observers)

    def still(frozen: bool) -> None:
        if frozen:
            log.hold()
            syslog_lines.hold()
        else:
            log.resume()
            syslog_lines.resume()
            _write_late(thawed, log)

    if prepared.frozen is not None and prepared.frozen.is_frozen():
        still(True)  # before anything is said
    agent = Agent(reactor, prepared, lambda: stop_reactor(reactor), still=still)
    reactor.addSystemEventTrigger("before", "shutdown", agent.stop)
    agent.start()
    reactor.run()
    return 1 if agent.unreachable else 0


def _write_late(write: Callable[[], None] | None, log: LogFile) -> None:
    """Write the pidfile, unless that was done when the agent started."""
    try:
        if write is not None:
            write()
    except StartFailed as why:
        log.line("critical", why.desc)


def _lost(count: int) -> str:
    return f"warning: {count} lines before these were lost while filesystems were frozen"
