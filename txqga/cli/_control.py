"""
The mux's control socket, as its client: HTTP over a UNIX socket.

Twisted's own client is enough for that, and there where the library is.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from attrs import frozen
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, FileBodyProducer, readBody
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory, IResponse
from zope.interface import implementer

from txqga.cli._complaint import Complaint, of_problem
from txqga.cli._exits import Exit
from txqga.cli._where import endpoint_of
from txqga.wire import JSON

#: The longest event that is taken, in octets.
LONGEST = 1 << 20


@implementer(IAgentEndpointFactory)
@frozen
class _There:
    """Every address is that of the control socket."""

    endpoint: IStreamClientEndpoint

    def endpointForURI(self, uri: object) -> IStreamClientEndpoint:
        return self.endpoint


class Control:
    """
    Asks a mux.

    :param where: the path of its control socket, or the description of an endpoint.
    :raise Complaint: it is no endpoint.
    """

    def __init__(self, reactor: Any, where: str, agent: Any = None) -> None:
        self.where = where
        try:
            endpoint = endpoint_of(reactor, where)
        except ValueError as why:
            raise Complaint("usage", f"--control: {why}", Exit.USAGE) from why
        there = _There(endpoint)
        self._agent = Agent.usingEndpointFactory(reactor, there) if agent is None else agent

    async def ask(self, method: str, *path: str, body: JSON = None) -> Any:
        """
        Ask, and read the answer.

        :param path: its parts, such as ``"guests", "db1", "freeze"``.
        :param body: JSON to send; None: nothing.
        :return: decoded JSON; None where there is none.
        :raise Complaint: the mux is not there, or says what is wrong.
        """
        response = await self._request(method, path, body)
        octets = await readBody(response)
        if not octets:
            return None
        try:
            value = json.loads(octets)
        except ValueError as why:
            raise of_problem(None) from why
        if response.code >= 400:
            raise of_problem(value)
        return value

    async def text(self, path: str) -> str:
        """
        Ask for what is no JSON, such as ``/metrics``.

        :raise Complaint: as for :meth:`ask`.
        """
        response = await self._request("GET", (), None, path)
        octets = await readBody(response)
        if response.code >= 400:
            raise of_problem(None)
        return octets.decode("utf-8", "replace")

    async def follow(
        self, told: Callable[[str, JSON], object], began: Callable[[], object] = lambda: None
    ) -> None:
        """
        Tell the mux's events until it ends, or this is cancelled.

        :param told: is given the kind of each and what it says.
        :param began: called when what happens from now on is told.
        :raise Complaint: as for :meth:`ask`, and when the mux goes.
        """
        response = await self._request("GET", ("events",), None)
        if response.code >= 400:
            raise of_problem(json.loads(await readBody(response)))
        began()
        events = Events(told)
        response.deliverBody(events)
        await events.ended
        raise Complaint("no-mux", "the mux has ended the connection", Exit.UNAVAILABLE)

    async def _request(
        self, method: str, path: tuple[str, ...], body: JSON, root: str = "/v1/"
    ) -> IResponse:
        url = f"http://localhost{root}" + "/".join(quote(each, safe="") for each in path)
        headers = Headers({"User-Agent": ["txqga"]})
        producer = None
        if body is not None:
            from io import BytesIO

            headers.addRawHeader("Content-Type", "application/json")
            producer = FileBodyProducer(BytesIO(json.dumps(body).encode()))
        try:
            response: IResponse = await self._agent.request(
                method.encode(), url.encode(), headers, producer
            )
        except ConnectError as why:
            raise absent(self.where, why) from why
        return response


def absent(where: str, why: ConnectError) -> Complaint:
    """Say that there is no control socket."""
    forbidden = why.osError in (1, 13)  # EPERM, EACCES
    words = f"there is no control interface of a mux at {where}"
    if forbidden:
        words = f"permission denied: this user may not use the control interface at {where}"
        return Complaint("forbidden", words, Exit.FORBIDDEN)
    advice = "start it with --http unix:PATH, or say --control PATH"
    return Complaint("no-mux", f"{words}: {advice}", Exit.UNAVAILABLE)


class Events(Protocol):
    """
    Reads ``text/event-stream``.

    :param told: is given the kind of each event and what it says.
    """

    def __init__(self, told: Callable[[str, JSON], object]) -> None:
        self.ended: Deferred[None] = Deferred(lambda _: self._stop())
        self._told = told
        self._rest = b""

    def dataReceived(self, data: bytes) -> None:
        """Take what came."""
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            self._read(block)
        if len(self._rest) > LONGEST:
            self._stop()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There are no more."""
        if not self.ended.called:
            self.ended.callback(None)

    def _read(self, block: bytes) -> None:
        fields = dict(
            line.split(b": ", 1)
            for line in block.split(b"\n")
            if b": " in line and line[:1] != b":"
        )
        if b"data" in fields:
            kind = fields.get(b"event", b"message").decode("utf-8", "replace")
            self._told(kind, json.loads(fields[b"data"]))

    def _stop(self) -> None:
        if self.transport is not None:
            self.transport.loseConnection()
