"""
``twistd qga-agent``: the agent as a Twisted service.

It has the words of ``txqga-agent``. Logging, the working directory and the process itself are
twistd's: a log file named here gets what the agent's own would hold, besides twistd's log.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import Deferred
from twisted.python import usage

from txqga import monotonic
from txqga._allocator import keep_freed_memory
from txqga.agent.agent import Agent, StartFailed, command_names, log_to_file, make_agent
from txqga.agent.options import BadConfig, Config, Told, read
from txqga.agent.signals import ignore_for_ourselves_only

_PROGRAM = "twistd qga-agent"


class Options(usage.Options):
    """The command line; ``config`` is what it says."""

    config: Config

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """
        Read the words of ``txqga-agent``.

        :raise UsageError: they are wrong, or ask for what only twistd can do.
        :raise SystemExit: they asked for a text, which was printed.
        """
        words = sys.argv[1:] if options is None else options
        try:
            config = read(_PROGRAM, words, os.environ, _command_names)
        except BadConfig as why:
            raise usage.UsageError(why.desc) from None
        if isinstance(config, Told):
            sys.stdout.write(config.text)
            raise SystemExit(0)
        if config.daemon:
            raise usage.UsageError("twistd daemonizes itself: drop -n")
        self.config = config


def _command_names(config: Config) -> Sequence[str]:
    return command_names(_reactor(), config)


def _reactor() -> Any:
    from twisted.internet import reactor  # here only: whoever embeds txqga passes their own

    return reactor


class AgentService(Service):
    """Runs an agent as long as the service runs."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        self._agent.start()

    def stopService(self) -> Deferred[None]:
        super().stopService()  # type: ignore[no-untyped-call]
        return self._agent.stop()


def makeService(options: Options) -> AgentService:
    """
    Return the agent that ``options`` describe; its channel listens already.

    :raise SystemExit: it cannot be started; says why.
    """
    reactor = _reactor()
    monotonic(reactor)
    keep_freed_memory()
    ignore_for_ourselves_only()
    return make_service(reactor, options.config)


def make_service(reactor: Any, config: Config) -> AgentService:
    """Do the same on the reactor given."""
    try:
        still = log_to_file(config)
        return AgentService(make_agent(reactor, config, reactor.stop, still=still))
    except StartFailed as why:
        raise SystemExit("\n".join(why.texts)) from None
