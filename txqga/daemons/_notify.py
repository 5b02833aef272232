"""
Telling systemd how the service is: ``sd_notify(3)``, a line or two to a socket that it names.
"""

import os
import socket
import time
from collections.abc import Callable, MutableMapping

from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.logger import Logger


class Supervisor:
    """
    Who started this service and wants to know how it is; nobody, where no variable names one.

    :param environment: what it said about itself, which is taken out: programs that this service
        starts are none of its business.
    :param pid: of this process.
    :param send: sends a datagram to the socket of that path.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        environment: MutableMapping[str, str],
        pid: int,
        send: "Callable[[str, bytes], None] | None" = None,
    ) -> None:
        self._send = send or _send
        self._path = environment.pop("NOTIFY_SOCKET", "")
        self._failed = False
        self._period = _period(environment, pid)
        self._watchdog = LoopingCall(self._tell, "WATCHDOG=1")
        self._watchdog.clock = clock

    def ready(self, status: str) -> None:
        """The service does what it is for."""
        self._tell(f"READY=1\nSTATUS={status}")
        if self._path and self._period and not self._watchdog.running:
            self._watchdog.start(self._period)

    def reloading(self) -> None:
        """The configuration is being read; :meth:`ready` ends that."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """The service is about to end; it is watched no more, but by the limit for that."""
        self._tell("STOPPING=1")
        if self._watchdog.running:
            self._watchdog.stop()

    def _tell(self, words: str) -> None:
        if not self._path:
            return
        try:
            self._send(self._path, words.encode())
        except OSError as why:
            if not self._failed:
                self._log.warn("systemd is not told how the service is: {why}", why=str(why))
            self._failed = True


def _period(environment: MutableMapping[str, str], pid: int) -> float:
    """Seconds between signs of life, half of what systemd allows; 0: it does not watch."""
    usec, whom = environment.pop("WATCHDOG_USEC", ""), environment.pop("WATCHDOG_PID", "")
    if not usec.isdecimal() or whom not in ("", str(pid)):
        return 0.0
    return int(usec) / 2e6


def _send(path: str, octets: bytes) -> None:
    # an @ stands for the NUL of a name that is in no folder
    address = b"\0" + os.fsencode(path[1:]) if path.startswith("@") else os.fsencode(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
        sender.sendto(octets, address)
