"""Character devices as Twisted transports, and what opens them again when they have gone."""

from txqga.transports.devices._device import Device, DeviceAddress, IReactorForDevice
from txqga.transports.devices._edges import Edges
from txqga.transports.devices._reopen import Reopening, Unopened, Watcher

__all__ = [
    "Device",
    "DeviceAddress",
    "Edges",
    "IReactorForDevice",
    "Reopening",
    "Unopened",
    "Watcher",
]
