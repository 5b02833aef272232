"""
What has to be in order before the agent serves: its options, its state, its channel.

Nothing here imports Twisted: an agent that cannot start says so at once.
"""

import os

from attrs import evolve, frozen

from txqga.agent._config import Config
from txqga.agent._opening import DEVICES, Opened, open_channel
from txqga.agent._start import ChannelFailed, StartFailed
from txqga.agent._state import StateFile


@frozen
class Prepared:
    """What an agent that can start has."""

    config: Config
    state: StateFile
    channel: Opened | None  #: None: it could not be opened yet, and will be tried again


def prepare(config: Config) -> Prepared:
    """
    Open the state and the channel.

    :raise StartFailed: that cannot be done.
    """
    if config.fsfreeze_hook is not None:
        # An agent that was told to run a hook, and does not, would be worse than none.
        raise StartFailed("fsfreeze-hook: not served yet by this version of txqga")
    config = _anchored(config)
    state = StateFile.open(config.statedir)
    try:
        return Prepared(config, state, open_channel(config))
    except ChannelFailed:
        if config.retry_path:
            return Prepared(config, state, None)
        raise


def _anchored(config: Config) -> Config:
    """Return one by which a daemon, which leaves its folder, finds its channel again."""
    again = config.retry_path or config.method in DEVICES
    if config.path and config.daemon and again and config.method != "vsock-listen":
        return evolve(config, path=os.path.abspath(config.path))  # noqa: PTH100
    return config
