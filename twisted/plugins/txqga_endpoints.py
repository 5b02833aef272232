"""Names for ``clientFromString`` and ``serverFromString``."""

from txqga.transports import open_serial, open_virtio
from txqga.transports.endpoints import DeviceParser, MutualTlsParser, VsockParser

vsock = VsockParser()
mtls = MutualTlsParser()
virtio = DeviceParser("virtio", open_virtio)
serial = DeviceParser("serial", open_serial)
