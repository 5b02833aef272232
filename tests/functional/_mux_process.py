"""``twistd qga-mux`` as a process."""

import signal
import socket
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.functional._client import PATIENCE, Client, Gone, request
from tests.functional._oracle import AgentProcess
from tests.functional._process import Process

_TWISTD = "from twisted.scripts.twistd import run; run()"


class MuxProcess(Process):
    """
    A mux in front of these guests.

    :param guests: the socket of each guest's agent, by the guest's name.
    :param options: further ones for the command line.
    :param wait_for: it is ready when these guests are served; all of them by default.
    """

    def __init__(
        self, guests: Mapping[str, Path], *options: str, wait_for: Iterable[str] | None = None
    ) -> None:
        argv = [sys.executable, "-c", _TWISTD, "-n", "--pidfile=", "qga-mux"]
        super().__init__(argv)
        self.served = self.folder / "serve"
        self._wait_for = list(guests if wait_for is None else wait_for)
        self.argv += ["--serve", str(self.served), *options]
        for name, channel in guests.items():
            self.argv += ["--guest", f"{name}={channel}"]

    def socket(self, guest: str) -> Path:
        """Where the clients of a guest connect."""
        return self.served / f"{guest}.sock"

    def connect(self, guest: str, patience: float = PATIENCE) -> Client:
        """A new client of a guest."""
        return Client(self.socket(guest), patience)

    def listens(self, guest: str) -> bool:
        """Whether clients of a guest can connect: its socket is there a moment before."""
        try:
            self.connect(guest).close()
        except OSError:
            return False
        return True

    def ready(self) -> bool:
        """Whether the guests that matter are served."""
        return all(self.serves(guest) for guest in self._wait_for)

    def reload(self, said: str = "the configuration was read anew") -> None:
        """Let it read its files anew, and wait until it says so."""
        before = self.complaints().count(said)
        self.signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while self.complaints().count(said) == before:
            assert self.alive, self.complaints()
            assert time.monotonic() < deadline, self.complaints()
            time.sleep(0.005)

    def serves(self, guest: str) -> bool:
        """Whether the agent of this guest is ready: the mux answers a sync in its place."""
        try:
            with self.connect(guest) as client:
                return "return" in client.ask(request("guest-sync", {"id": 1}))
        except (OSError, Gone):
            return False


class AskedMux(MuxProcess):
    """One that is ready when it can be asked."""

    port: int

    def ready(self) -> bool:
        with socket.socket() as made:
            return made.connect_ex(("127.0.0.1", self.port)) == 0


class MuxedAgent:
    """An agent that its clients reach through a mux; both end with it."""

    def __init__(self, agent: AgentProcess) -> None:
        self._mux = MuxProcess({"guest": agent.socket})
        try:
            self._mux.start()
        except BaseException:
            self._mux.remove()
            raise

    def connect(self) -> Client:
        """A new client."""
        return self._mux.connect("guest")

    def remove(self) -> None:
        """End the mux."""
        self._mux.remove()
