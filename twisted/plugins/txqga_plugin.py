"""Names for ``twistd``: it imports no more than this before it knows what to start."""

from twisted.application.service import ServiceMaker

agent = ServiceMaker(
    "txqga agent",
    "txqga.daemons.agent",
    "The QEMU guest agent, for the inside of a virtual machine.",
    "qga-agent",
)
mux = ServiceMaker(
    "txqga mux",
    "txqga.daemons.mux",
    "Share the guest agents of a host's virtual machines among any number of clients.",
    "qga-mux",
)
