"""``twistd qga-mux`` as a process."""

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.functional._client import PATIENCE, Client, Gone, request
from tests.functional._process import Process

_TWISTD = "from twisted.scripts.twistd import run; run()"


class MuxProcess(Process):
    """
    A mux in front of these guests; it is ready when all their agents are.

    :param guests: the socket of each guest's agent, by the guest's name.
    :param options: further ones for the command line.
    """

    def __init__(self, guests: Mapping[str, Path], *options: str) -> None:
        argv = [sys.executable, "-c", _TWISTD, "-n", "--pidfile=", "qga-mux"]
        super().__init__(argv)
        self.served = self.folder / "serve"
        self._guests = dict(guests)
        self.argv += ["--serve", str(self.served), *options]
        for name, socket in guests.items():
            self.argv += ["--guest", f"{name}={socket}"]

    def socket(self, guest: str) -> Path:
        """Where the clients of a guest connect."""
        return self.served / f"{guest}.sock"

    def connect(self, guest: str, patience: float = PATIENCE) -> Client:
        """A new client of a guest."""
        return Client(self.socket(guest), patience)

    def ready(self) -> bool:
        """Whether every guest's agent is."""
        return all(self.serves(guest) for guest in self._guests)

    def serves(self, guest: str) -> bool:
        """Whether a new client of this guest is served by its agent."""
        try:
            with self.connect(guest) as client:
                return "return" in client.ask(request("guest-ping"))
        except (OSError, Gone):
            return False
