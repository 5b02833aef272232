"""The agent's channel to the host, as long as the agent runs."""

import socket
from collections.abc import Callable

from twisted.internet.interfaces import IProtocol
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.agent._config import Config
from txqga.agent._listener import IReactorForListener, Listener
from txqga.agent._opening import Opened, open_channel
from txqga.agent._start import StartFailed
from txqga.transports.devices import Device, DeviceAddress, Edges, Reopening, Unopened

Serve = Callable[[Callable[[], None]], IProtocol]


class Channel:
    """
    Serves whoever is at its other end.

    A device that is hung up is opened again; one that was unplugged too, if ``config`` says so.
    A listening socket is never lost.

    :param opened: what is open already, None if it could not be opened yet.
    :param serve: makes the protocol for a client; calls what it is given when that is served.
    :param ended: called when the channel is lost for good.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: IReactorForListener,
        config: Config,
        opened: Opened | None,
        serve: Serve,
        ended: Callable[[], object],
        open_channel: Callable[[Config], Opened] = open_channel,
    ) -> None:
        self.unreachable = False  #: it could not be opened when it was last tried
        self._reactor = reactor
        self._config = config
        self._opened = opened
        self._serve = serve
        self._ended = ended
        self._open_channel = open_channel
        self._reopening = Reopening(
            reactor,
            open=self._open,
            serve=self._serve_opened,
            watcher=self,
            persistent=config.retry_path,
        )

    def start(self) -> None:
        """Serve, from now on."""
        self._reopening.start()

    def stop(self) -> None:
        """Serve nobody any more."""
        self._reopening.stop()

    def _open(self) -> socket.socket | Edges | Unopened:
        opened, self._opened = self._opened, None
        try:
            if opened is None:
                opened = self._open_channel(self._config)
            return Edges(opened) if isinstance(opened, int) else opened
        except StartFailed as why:
            return Unopened(why.desc)
        except OSError as why:
            return Unopened(f"error opening channel '{self._config.path}': {why.strerror}")

    def _serve_opened(
        self, opened: socket.socket | Edges, lost: Callable[[Failure], None]
    ) -> Callable[[], None]:
        if isinstance(opened, Edges):
            return self._serve_device(opened, lost)
        listener = Listener(self._reactor, opened, self._serve)
        listener.start()
        return listener.stop

    def _serve_device(self, edges: Edges, lost: Callable[[Failure], None]) -> Callable[[], None]:
        def over() -> None:
            # Only now: the next conversation must not begin while a command of this one runs.
            assert device.reason is not None
            lost(device.reason)

        address = DeviceAddress(self._config.path or "")
        device = Device(self._reactor, edges, self._serve(over), address)
        device.start()
        return device.abortConnection

    # What becomes of it, in qemu-ga's words.

    def opened(self) -> None:
        self.unreachable = False

    def failed(self, why: str) -> None:
        level = self._log.info if self.unreachable else self._log.critical
        level("{why}", why=why)
        self.unreachable = True

    def lost(self, why: str) -> None:
        self._log.warn("error reading channel: {why}", why=why)

    def waits(self) -> None:
        if self.unreachable:
            self._log.info("failed to initialize guest agent channel, will retry")
        else:
            self._log.warn("agent stopped unexpectedly, restarting...")
        self._log.warn("waiting for channel path...")

    def given_up(self) -> None:
        self._ended()
