"""A mux in a program of our own, whose patience can be chosen."""

import sys
from pathlib import Path

from tests.functional._mux_process import MuxProcess
from tests.functional._process import Process

_PROGRAM = """
import sys
from pathlib import Path
from twisted.internet import reactor
from twisted.logger import globalLogBeginner, textFileLogObserver
import txqga
from txqga.mux import VM, Caps, GuestOptions, Mux, MuxOptions
from txqga.session import SessionOptions

folder, cap, *guests = sys.argv[1:]
txqga.monotonic(reactor)
globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stderr)])
options = MuxOptions(
    guest=GuestOptions(caps=Caps(other=float(cap))),
    session=SessionOptions(sync_timeout=float(cap), retry_max=0.5),
)
mux = Mux(reactor, [VM.parse(guest) for guest in guests], Path(folder), options)
mux.startService()
reactor.addSystemEventTrigger("before", "shutdown", mux.stopService)
reactor.run()
"""


class EmbeddedMux(MuxProcess):
    """
    A mux in a program of our own.

    :param cap: seconds that the agent has for one command, or for a sync.
    """

    def __init__(self, guests: dict[str, Path], cap: float) -> None:
        Process.__init__(self, [sys.executable, "-c", _PROGRAM])
        self.served = self.folder / "serve"
        self._wait_for = list(guests)
        self.argv += [str(self.served), str(cap)]
        self.argv += [f"{name}={socket}" for name, socket in guests.items()]
