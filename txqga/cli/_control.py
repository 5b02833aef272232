"""
The mux's control interface, as its client: HTTP.

Twisted's own client is enough for that, and there where the library is.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError
from twisted.web.client import (
    FileBodyProducer,
    PartialDownloadError,
    ResponseFailed,
    readBody,
)
from twisted.web.http_headers import Headers
from twisted.web.iweb import IResponse

from txqga.cli._complaint import Complaint, of_problem
from txqga.cli._event_stream import Events
from txqga.cli._exits import Exit
from txqga.cli._line import Line
from txqga.wire import JSON


class Control:
    """
    Asks a mux.

    :param where: its address, for people.
    """

    def __init__(self, where: str, line: Line) -> None:
        self.where = where
        self._line = line

    async def ask(self, method: str, *path: str, body: JSON = None) -> Any:
        """
        Ask, and read the answer.

        :param path: its parts, such as ``"guests", "db1", "freeze"``.
        :param body: JSON to send; None: nothing.
        :return: decoded JSON; None where there is none.
        :raise Complaint: the mux is not there, or says what is wrong.
        """
        response = await self._request(method, path, body)
        octets = await self._body(response)
        if not octets:
            return None
        try:
            value = json.loads(octets)
        except ValueError as why:
            raise of_problem(None) from why
        if response.code >= 400:
            raise self._refused(value)
        return value

    async def text(self, path: str) -> str:
        """
        Ask for what is no JSON, such as ``/metrics``.

        :raise Complaint: as for :meth:`ask`.
        """
        response = await self._request("GET", (), None, path)
        octets = await self._body(response)
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
            raise self._refused(json.loads(await self._body(response)))
        began()
        events = Events(told)
        response.deliverBody(events)
        await events.ended
        raise Complaint("no-mux", "the mux has ended the connection", Exit.UNAVAILABLE)

    async def _request(
        self, method: str, path: tuple[str, ...], body: JSON, root: str = "/v1/"
    ) -> IResponse:
        url = f"{self._line.root}{root}" + "/".join(quote(each, safe="") for each in path)
        headers = Headers({"User-Agent": ["txqga"]})
        if self._line.token is not None:
            headers.addRawHeader("Authorization", f"Bearer {self._line.token}")
        producer = None
        if body is not None:
            from io import BytesIO

            headers.addRawHeader("Content-Type", "application/json")
            producer = FileBodyProducer(BytesIO(json.dumps(body).encode()))
        try:
            response: IResponse = await self._line.agent.request(
                method.encode(), url.encode(), headers, producer
            )
        except (ConnectError, DNSLookupError, ResponseFailed) as why:
            raise self._absent(why) from why
        return response

    def _refused(self, told: object) -> Complaint:
        found = of_problem(told)
        if found.code == "unauthenticated" and self._line.token is None:
            found.words = f"{self.where} wants to know who asks: say --token-file FILE"
        return found

    async def _body(self, response: IResponse) -> bytes:
        try:
            return await readBody(response)
        except (ResponseFailed, PartialDownloadError, ConnectionClosed) as why:
            raise self._absent(why) from why

    def _absent(self, why: Exception) -> Complaint:
        if self._line.is_local and isinstance(why, ConnectError):
            return absent(self.where, why)
        return unreachable(self.where, why)


def absent(where: str, why: ConnectError) -> Complaint:
    """Say that there is no control socket."""
    forbidden = why.osError in (1, 13)  # EPERM, EACCES
    words = f"there is no control interface of a mux at {where}"
    if forbidden:
        words = f"permission denied: this user may not use the control interface at {where}"
        return Complaint("forbidden", words, Exit.FORBIDDEN)
    advice = "start it with --http unix:PATH, or say --control PATH"
    return Complaint("no-mux", f"{words}: {advice}", Exit.UNAVAILABLE)


def unreachable(where: str, why: Exception) -> Complaint:
    """Say why there is no answer from a network."""
    failed = getattr(why, "reasons", None)
    reasons = [each.value for each in failed or []] or [why]
    tls = [each for each in reasons if type(each).__module__.startswith(("OpenSSL", "service_id"))]
    words = "; ".join(dict.fromkeys(_words(each) for each in tls or reasons))
    advice = ": say --ca FILE if its authority is none that this host knows" if tls else ""
    text = f"the control interface at {where} does not answer: {words}{advice}"
    return Complaint("mux-unreachable", text, Exit.UNAVAILABLE)


def _words(why: Exception) -> str:
    if isinstance(why.args[0] if why.args else None, list):  # OpenSSL's: library, function, reason
        return ", ".join(str(each[-1]) for each in why.args[0]) or type(why).__name__
    return (str(why) or type(why).__name__).rstrip(".")
