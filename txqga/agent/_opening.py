"""
Opening the agent's channel to the host.

Nothing here imports Twisted: a channel that cannot be opened is told at once.
"""

import socket
from collections.abc import Callable
from typing import TypeAlias

from txqga.agent._activation import inherited_socket
from txqga.agent._config import Config
from txqga.agent._start import NO_CHANNEL, NO_METHOD, ChannelFailed, StartFailed
from txqga.agent._unix import listening_socket
from txqga.transports import listening_vsock, open_serial, open_virtio, parse_vsock

Opened: TypeAlias = socket.socket | int  #: a listening socket, or a device's descriptor

#: methods whose channel is a character device
DEVICES: dict[str, Callable[[str], int]] = {
    "virtio-serial": open_virtio,
    "isa-serial": open_serial,
}


def open_channel(config: Config) -> Opened:
    """
    Open what ``config`` names.

    :return: nothing of it blocks.
    :raise ChannelFailed: that cannot be done now; later it may be.
    :raise StartFailed: that will never be done.
    """
    path = config.path or ""
    if config.inherited:
        return inherited_socket()
    if config.method in DEVICES:
        try:
            return DEVICES[config.method](path)
        except OSError as why:
            raise ChannelFailed(f"error opening channel '{path}': {why.strerror}") from None
    if config.method == "unix-listen":
        return listening_socket(path)
    if config.method == "vsock-listen":
        return _vsock(path)
    raise StartFailed(f"unsupported channel method/type: {config.method}", NO_METHOD)


def _vsock(address: str) -> socket.socket:
    try:
        cid, port = parse_vsock(address)
    except ValueError as why:
        raise StartFailed(str(why), NO_CHANNEL) from None
    try:
        return listening_vsock(cid, port)
    except OSError as why:
        raise ChannelFailed(f"Failed to bind socket: {why.strerror}") from None
