"""The agent, whole: what ``txqga-agent``, the twistd plug-in and an embedding program start."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from twisted.internet.defer import Deferred
from twisted.logger import Logger, globalLogPublisher

from txqga.agent._channel import Channel
from txqga.agent._config import Config
from txqga.agent._dispatch import Dispatcher
from txqga.agent._family import Family, Result, Run
from txqga.agent._filter import CommandFilter
from txqga.agent._freezing import Freezing
from txqga.agent._frozen_file import FrozenFile, boot_id
from txqga.agent._holder import IReactorForHolder
from txqga.agent._listener import IReactorForListener
from txqga.agent._log import LogFile
from txqga.agent._observers import LogObserver
from txqga.agent._prepare import Prepared, prepare
from txqga.agent._server import Conversation
from txqga.agent._start import StartFailed
from txqga.agent._state import FIRST_HANDLE, StateFile
from txqga.agent._worker import Worker
from txqga.agent.families._about import About
from txqga.agent.families._clock import Clock
from txqga.agent.families._cpu import Cpu
from txqga.agent.families._digest import Digest
from txqga.agent.families._disk import Disk
from txqga.agent.families._exec import Exec
from txqga.agent.families._fence import Fence
from txqga.agent.families._files import Files
from txqga.agent.families._fsfreeze import Fsfreeze
from txqga.agent.families._host import Host
from txqga.agent.families._info import Info, Listed
from txqga.agent.families._memory import Memory
from txqga.agent.families._network import Network
from txqga.agent.families._paths import Paths
from txqga.agent.families._power import Power
from txqga.agent.families._ssh import Ssh
from txqga.agent.families._streamed_exec import StreamedExec
from txqga.agent.families._sync import Sync
from txqga.agent.families._users import Users
from txqga.agent.platform import Platform
from txqga.agent.platform.linux import Linux
from txqga.agent.plugins import Plugins, load_plugins
from txqga.schema import extended
from txqga.wire import JSON

__all__ = ["Agent", "StartFailed", "command_names", "log_to_file", "make_agent"]


class IReactorForAgent(IReactorForListener, IReactorForHolder):
    """What an :class:`Agent` asks of the reactor."""


class Agent:
    """
    Serves the commands on the channel.

    :param prepared: what :func:`make_agent` opens.
    :param ended: called when the channel is lost for good: a device, without ``retry_path``.
    :param platform: the operating system that it tells of; none: this process's.
    :param still: called with true before filesystems are frozen, and with false when they were
        thawed: in between nothing may be written to them. Log events go on being emitted.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorForAgent,
        prepared: Prepared,
        ended: Callable[[], object] = lambda: None,
        platform: Platform | None = None,
        still: Callable[[bool], object] = lambda frozen: None,
    ) -> None:
        config = prepared.config
        system = Linux() if platform is None else platform
        self._filter = CommandFilter(allowed=config.allow_rpcs, blocked=config.block_rpcs)
        self._told_still = still
        self._worker = Worker(reactor)
        plugins = load_plugins(config.plugins, extended())
        self._freezing = Freezing(reactor, config, prepared.frozen, system, self._still)
        self._families = make_families(
            reactor,
            config,
            prepared.state,
            self._listing,
            self._run,
            system,
            plugins,
            self._freezing,
        )
        self._dispatcher = Dispatcher(
            plugins.schema,
            self._families,
            self._filter,
            self._trace if config.verbose else None,
            self._worker,
        )
        answer = self._dispatcher.answer
        self._channel = Channel(
            reactor, config, prepared.channel, lambda over: Conversation(answer, over), ended
        )
        if self._freezing.is_frozen():
            self._still(True)

    @property
    def unreachable(self) -> bool:
        """Whether the channel could not be opened when that was last tried."""
        return self._channel.unreachable

    def start(self) -> None:
        """Serve clients, from now on."""
        self._channel.start()

    def stop(self) -> Deferred[None]:
        """
        Serve no client any more, and let go of what is held for them.

        :return: fires when no filesystem is frozen any more, as far as that can be had.
        """
        self._channel.stop()
        return self._freezing.freeze.end().addCallback(self._close)

    def _close(self, result: None) -> None:
        for family in self._families:
            family.close()
        self._worker.close()

    def _still(self, frozen: bool) -> None:
        """Filesystems are about to be frozen, or were thawed."""
        if frozen:
            self._dispatcher.enable(lambda command: command.allowed_while_frozen)
        else:
            self._dispatcher.enable(lambda command: self._filter.enables(command.name))
        self._told_still(frozen)

    def _listing(self) -> tuple[Listed, ...]:
        return self._dispatcher.listing

    def _run(self, name: str, arguments: Mapping[str, JSON]) -> Result | Deferred[Result]:
        return self._dispatcher.run(name, arguments)

    def _trace(self, name: str) -> None:
        self._log.debug("processing command {command}", command=name)


def make_agent(
    reactor: IReactorForAgent,
    config: Config,
    ended: Callable[[], object] = lambda: None,
    platform: Platform | None = None,
    still: Callable[[bool], object] = lambda frozen: None,
) -> Agent:
    """
    Return an agent whose channel is open already, and that serves once it is started.

    :param ended: called when the channel is lost for good.
    :param platform: the operating system that it tells of; none: this process's.
    :param still: see :class:`Agent`.
    :raise StartFailed: it cannot be started as ``config`` says.
    """
    return Agent(reactor, prepare(config), ended, platform, still)


def log_to_file(config: Config) -> Callable[[bool], None]:
    """
    Send what this process logs to the file that ``config`` names too, in the agent's form.

    :return: for :class:`Agent`: it holds back what would be written.
    :raise StartFailed: it cannot be opened.
    """
    if config.logfile is None:
        return lambda frozen: None
    held = FrozenFile(config.statedir, boot_id()).is_frozen()
    log = LogFile.open(config.logfile, held=held)
    globalLogPublisher.addObserver(LogObserver(log.line, config.verbose))
    return lambda frozen: log.hold() if frozen else log.resume()


def make_families(
    reactor: IReactorForAgent,
    config: Config,
    state: StateFile,
    listing: Callable[[], tuple[Listed, ...]],
    run: Run,
    platform: Platform | None = None,
    plugins: Plugins | None = None,
    freezing: Freezing | None = None,
) -> Sequence[Family]:
    """
    Return every family of commands that this version serves, and the plug-ins.

    :param run: runs any of them by its name.
    :param platform: the operating system that is told of; none: this process's.
    :param freezing: what holds its filesystems still; none: one of which nothing outlives the
        agent, and which leaves other commands as they are.
    """
    system = Linux() if platform is None else platform
    added = Plugins(schema=extended()) if plugins is None else plugins
    if freezing is None:
        freezing = Freezing(reactor, config, None, system, lambda frozen: None)
    files = Files(state.next_handle, freezing.is_frozen)
    return (
        Sync(),
        Info(listing, config.version),
        About(added.names),
        Clock(system),
        Host(system),
        Power(system),
        files,
        Digest(files.written),
        Paths(),
        Exec(reactor),
        StreamedExec(reactor, reactor),
        Cpu(system),
        Memory(system),
        Network(system),
        Disk(system),
        Users(system),
        Ssh(system),
        Fence(run),
        Fsfreeze(freezing.freeze, freezing.is_frozen),
        added,
    )


def command_names(reactor: IReactorForAgent, config: Config) -> Sequence[str]:
    """Return the names of all commands that an agent so told serves, in the schema's order."""
    plugins = load_plugins(config.plugins, extended())
    state = StateFile(Path(os.devnull), FIRST_HANDLE)
    families = make_families(reactor, config, state, tuple, _run_nothing, plugins=plugins)
    served = {name for family in families for name in family.commands()}
    return [name for name in plugins.schema.commands if name in served]


def _run_nothing(name: str, arguments: Mapping[str, JSON]) -> Result:
    return None
