"""A QEMU in memory, as far as its monitor is asked."""

import json
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from zope.interface import implementer

GREETING = {"QMP": {"version": {"qemu": {"major": 10}}, "capabilities": ["oob"]}}


class Wire(StringTransport):
    """A transport that tells the test what was written, and its protocol that it was aborted."""

    def __init__(self, wrote: Callable[[bytes], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.wrote = wrote
        self.aborted = False

    def write(self, data: bytes) -> None:
        super().write(data)  # type: ignore[no-untyped-call]
        self.wrote(data)

    def abortConnection(self) -> None:
        super().abortConnection()  # type: ignore[no-untyped-call]
        self.aborted = True


@implementer(IStreamClientEndpoint)
class Qemu:
    """
    A QEMU in memory; it answers when :meth:`flush` is called.

    It is an endpoint. One client at a time is served: others are neither greeted nor answered.
    """

    def __init__(self, path: str = "/run/qga/db1.sock") -> None:
        self.status = "running"
        self.open = True
        self.unreachable: Exception | None = None
        self.busy = False  #: with another client
        self.refused: set[str] = set()
        self.asked: list[str] = []
        self.path = path
        self.wires: list[Wire] = []
        self._protocol: IProtocol | None = None
        self._requests: list[dict[str, Any]] = []
        self._said: list[bytes] = []

    # -- the endpoint

    def connect(self, factory: IProtocolFactory) -> Deferred[IProtocol]:
        if self.unreachable is not None:
            return fail(self.unreachable)
        protocol = factory.buildProtocol(None)  # type: ignore[arg-type]
        assert protocol is not None
        wire = Wire(self._wrote)
        self.wires.append(wire)
        self._requests.clear()
        self._said.clear()
        self._protocol = protocol
        protocol.makeConnection(wire)
        if not self.busy:
            self.say(GREETING)
        return succeed(protocol)

    # -- the script

    def say(self, message: object) -> None:
        """Say something; octets as they are."""
        octets = message if isinstance(message, bytes) else json.dumps(message).encode() + b"\r\n"
        self._said.append(octets)

    def event(self, name: str, **data: object) -> None:
        self.say({"event": name, "data": data, "timestamp": {"seconds": 1, "microseconds": 2}})

    def flush(self) -> None:
        """Answer what was asked, and hand over what was said."""
        while self._said or self._requests:
            while self._requests:
                self._answer(self._requests.pop(0))
            said, self._said = self._said, []
            if self._protocol is not None and not self.wires[-1].aborted:
                self._protocol.dataReceived(b"".join(said))

    def end(self) -> None:
        """Close the connection, as a QEMU that ends."""
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            protocol.connectionLost(Failure(ConnectionDone()))

    # -- inside

    def _wrote(self, data: bytes) -> None:
        if not self.busy:
            self._requests += [json.loads(line) for line in data.splitlines()]

    def _answer(self, request: dict[str, Any]) -> None:
        command = request["execute"]
        self.asked.append(command)
        reply: dict[str, object]
        if command in self.refused:
            reply = {"error": {"class": "CommandNotFound", "desc": "no such command"}}
        else:
            reply = {"return": self._value(command)}
        self.say({**reply, "id": request["id"]})

    def _value(self, command: str) -> object:
        if command == "query-status":
            return {"status": self.status, "running": self.status == "running"}
        if command == "query-chardev":
            return [
                {"label": "x", "frontend-open": True, "filename": "pty:/dev/pts/0"},
                {
                    "label": "qga0",
                    "frontend-open": self.open,
                    "filename": f"unix:{self.path},server=on",
                },
            ]
        return {}
