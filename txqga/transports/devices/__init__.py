"""Character devices as Twisted transports, and what opens them again when they have gone."""

from txqga.transports.devices._device import Device, DeviceAddress, IReactorForTransport
from txqga.transports.devices._edges import Edges
from txqga.transports.devices._reopen import PAUSE, Reopening, Unopened, Watcher

__all__ = [
    "PAUSE",
    "Device",
    "DeviceAddress",
    "Edges",
    "IReactorForTransport",
    "Reopening",
    "Unopened",
    "Watcher",
]
