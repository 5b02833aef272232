"""
``txqga-agent``: the agent as a process of its own, which is what a guest's init system starts.

There is no ``twistd`` and no search for plug-ins: both write files, and an agent started while
the root filesystem is frozen would wait for the very thaw that it should perform. What is slow to
import comes last, so that a socket listens at once and what is wrong is said at once; but a device
is opened when all is imported, for its host is told of that, and libvirt asks without delay.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from types import FrameType
from typing import Any

from txqga.agent._daemon import daemon
from txqga.agent._frozen_file import FrozenFile, boot_id
from txqga.agent._lean import without_tls
from txqga.agent._log import LogFile
from txqga.agent._opening import DEVICES
from txqga.agent._prepare import Prepared, prepare
from txqga.agent._start import StartFailed
from txqga.agent.options import BadConfig, Config, Told, read
from txqga.agent.signals import ignore_for_ourselves_only


def main(argv: Sequence[str]) -> int:
    """
    Run the agent until it is told to stop by SIGTERM or SIGINT.

    :param argv: the program's name, and its words.
    :return: the exit status: 0 for a clean end, or when the channel was lost; 1 for anything that
        failed at start, or if the channel is still being tried when the agent is told to stop.
    """
    _fill_standard_streams()
    log = LogFile()
    try:
        config = read(argv[0], argv[1:], os.environ, _command_names)
    except BadConfig as why:
        if why.hint:
            sys.stderr.write(f"{why.desc}\n")
            _say(why.hint)
        else:
            log.line("critical", why.desc)
        return 1
    if isinstance(config, Told):
        _say(config.text)
        return 0
    files = FrozenFile(config.statedir, boot_id())
    # An earlier agent was killed: nothing may be written before the filesystems are thawed.
    frozen = files.is_frozen()
    try:
        log = LogFile.open(config.logfile, held=frozen)
        ignore_for_ourselves_only()
        told = _heed_signals(to_exit=not frozen)
        if config.method in DEVICES and not config.inherited:
            _import_what_serves()
        prepared = prepare(config, files)
        with _background(config, later=frozen) as write_pidfile:
            return _serve(prepared, log, told, write_pidfile)
    except StartFailed as why:
        if frozen:
            log = LogFile()
        for text in why.texts:
            log.line("critical", text)
        return 1


def _fill_standard_streams() -> None:
    """Whoever starts us with standard error closed must not find the log in a client's socket."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def _heed_signals(*, to_exit: bool) -> list[int]:
    """
    Let SIGTERM and SIGINT be a clean end from before there is a channel.

    Where there is a reactor they stop that one, as its own handlers do once it runs.

    :param to_exit: end at once; else that has to wait until filesystems can be thawed.
    :return: those that came and have to wait.
    """
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if to_exit:
            sys.exit(0)
        told.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return told


def _background(
    config: Config, *, later: bool
) -> AbstractContextManager[Callable[[], None] | None]:
    if config.daemon:
        return daemon(config.pidfile, later=later)
    return contextlib.nullcontext()


def _serve(
    prepared: Prepared,
    log: LogFile,
    told: Sequence[int],
    write_pidfile: Callable[[], None] | None,
) -> int:
    reactor = _reactor()
    with without_tls():
        from txqga.agent._running import run, stop_reactor

    def stop(number: int, frame: FrameType | None) -> None:
        reactor.callFromThread(stop_reactor, reactor)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if told:
        reactor.callWhenRunning(stop_reactor, reactor)
    return run(reactor, prepared, log, write_pidfile)


def _import_what_serves() -> None:
    """Import what :func:`_serve` needs, and make no reactor: that comes after a daemon's fork."""
    with without_tls():
        import_module("twisted.internet.default")
        import_module("txqga.agent._running")


def _command_names(config: Config) -> Sequence[str]:
    reactor = _reactor()
    with without_tls():
        from txqga.agent.agent import command_names
    return command_names(reactor, config)


def _reactor() -> Any:
    with without_tls():
        from twisted.internet import reactor
    return reactor


def _say(text: str) -> None:
    # As octets: a path need not be text.
    sys.stdout.buffer.write(os.fsencode(text))
    sys.stdout.flush()
