"""
Endpoints for what Twisted lacks: character devices, and sockets between host and guest.

They have names for ``clientFromString`` and ``serverFromString`` too:

``vsock:CID:PORT``
    A socket between host and guest. A client may say how many seconds it waits
    (``vsock:3:1024:timeout=5``), a server how many clients may (``backlog=50``). A server that
    listens as whatever the host calls it has the CID 4294967295.

``virtio:PATH``, ``serial:PATH``
    A character device: a virtio-serial port, or a serial line, which is made raw, with 38400 baud.
    A server opens it again when it has gone; with ``retry=5`` it starts although there is no
    device yet, and tries every so many seconds.

``mtls:PORT:privateKey=FILE:certKey=FILE:caCertsDir=FOLDER``
    A server of TLS that lets only those in who have a certificate of an authority whose own is in
    a file ``*.pem`` of that folder. ``extraCertChain``, ``interface`` and ``backlog`` are as in
    Twisted's ``ssl:``.
"""

from txqga.transports.endpoints._device_client import DeviceClientEndpoint
from txqga.transports.endpoints._device_server import DeviceServerEndpoint
from txqga.transports.endpoints._parsers import DeviceParser, VsockParser
from txqga.transports.endpoints._tls_server import MutualTlsParser
from txqga.transports.endpoints._vsock_client import VsockClientEndpoint
from txqga.transports.endpoints._vsock_connection import VsockAddress
from txqga.transports.endpoints._vsock_server import VsockServerEndpoint

__all__ = [
    "DeviceClientEndpoint",
    "DeviceParser",
    "DeviceServerEndpoint",
    "MutualTlsParser",
    "VsockAddress",
    "VsockClientEndpoint",
    "VsockParser",
    "VsockServerEndpoint",
]
