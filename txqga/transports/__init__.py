"""
What Twisted lacks to reach a guest: character devices, and sockets between host and guest.

Here is what opens them. There is no Twisted in it: an agent opens its channel before it imports
anything slow. Transports are in :mod:`txqga.transports.devices`, and what most programs want is
in :mod:`txqga.transports.endpoints`.
"""

from txqga.transports._opening import open_serial, open_virtio
from txqga.transports._vsock import ANY_CID, connecting_vsock, listening_vsock, parse_vsock

__all__ = [
    "ANY_CID",
    "connecting_vsock",
    "listening_vsock",
    "open_serial",
    "open_virtio",
    "parse_vsock",
]
