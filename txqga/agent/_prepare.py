"""
What has to be in order before the agent serves: its options, its state, its channel.

Nothing here imports Twisted: an agent that cannot start says so at once.
"""

import os

from attrs import evolve, frozen

from txqga.agent._config import Config
from txqga.agent._frozen_file import FrozenFile, boot_id
from txqga.agent._opening import DEVICES, Opened, open_channel
from txqga.agent._start import ChannelFailed
from txqga.agent._state import StateFile


@frozen
class Prepared:
    """What an agent that can start has."""

    config: Config
    state: StateFile
    channel: Opened | None  #: None: it could not be opened yet, and will be tried again
    frozen: FrozenFile | None = None  #: None: no freeze outlives the agent


def prepare(config: Config, frozen: FrozenFile | None = None) -> Prepared:
    """
    Open the state and the channel.

    :param frozen: the file that remembers a freeze, if it was looked at already.
    :raise StartFailed: that cannot be done.
    """
    config = _anchored(config)
    if frozen is None:
        frozen = FrozenFile(config.statedir, boot_id())
    state = StateFile.open(config.statedir, frozen=frozen.is_frozen())
    try:
        return Prepared(config, state, open_channel(config), frozen)
    except ChannelFailed:
        if config.retry_path:
            return Prepared(config, state, None, frozen)
        raise


def _anchored(config: Config) -> Config:
    """Return one by which a daemon, which leaves its folder, finds its channel again."""
    again = config.retry_path or config.method in DEVICES
    if config.path and config.daemon and again and config.method != "vsock-listen":
        return evolve(config, path=os.path.abspath(config.path))  # noqa: PTH100
    return config
