"""The agent on a reactor of its own, until that stops."""

import syslog
from typing import Any

from twisted.logger import globalLogBeginner

from txqga import monotonic
from txqga.agent._log import LogFile
from txqga.agent._observers import LogObserver, SyslogObserver
from txqga.agent._prepare import Prepared
from txqga.agent.agent import Agent


def run(reactor: Any, prepared: Prepared, log: LogFile) -> None:
    """
    Serve on the channel until ``reactor`` is stopped.

    Signals are somebody else's: the reactor is told to leave them alone.
    """
    monotonic(reactor)
    syslog.openlog("txqga-agent", syslog.LOG_PID, syslog.LOG_USER)
    globalLogBeginner.beginLoggingTo(
        [LogObserver(log.line, prepared.config.verbose), SyslogObserver(syslog.syslog)],
        redirectStandardIO=False,
    )
    agent = Agent(reactor, prepared)
    reactor.addSystemEventTrigger("before", "shutdown", agent.stop)
    agent.start()
    reactor.run(installSignalHandlers=False)
