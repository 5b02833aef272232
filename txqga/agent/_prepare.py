"""
What has to be in order before the agent serves: its options, its state, its channel.

Nothing here imports Twisted: an agent that cannot start says so at once.
"""

import socket

from attrs import frozen

from txqga.agent._config import Config
from txqga.agent._start import StartFailed
from txqga.agent._state import StateFile
from txqga.agent._unix import listening_socket

_LATER_METHODS = ("virtio-serial", "isa-serial", "vsock-listen")


@frozen
class Prepared:
    """What an agent that can start has."""

    config: Config
    state: StateFile
    listening: socket.socket


def prepare(config: Config) -> Prepared:
    """
    Open the state and the channel.

    :raise StartFailed: that cannot be done.
    """
    _refuse_later_options(config)
    return Prepared(config, StateFile.open(config.statedir), _channel(config))


def _refuse_later_options(config: Config) -> None:
    """An agent that was told to run a hook, and does not, would be worse than none."""
    later = {
        "daemonize": config.daemon,
        "fsfreeze-hook": config.fsfreeze_hook is not None,
        "retry-path": config.retry_path,
        f"method {config.method}": config.method in _LATER_METHODS,
    }
    for name, wanted in later.items():
        if wanted:
            raise StartFailed(f"{name}: not served yet by this version of txqga")


def _channel(config: Config) -> socket.socket:
    if config.method != "unix-listen" or not config.path:
        raise StartFailed(f"unsupported channel method/type: {config.method}")
    return listening_socket(config.path)
