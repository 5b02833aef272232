"""
The mux's control interface, as its client: HTTP.

Twisted's own client is enough for that, and there where the library is.
"""

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    ConnectionClosed,
    DNSLookupError,
)
from twisted.internet.interfaces import IReactorTime
from twisted.web.client import (
    FileBodyProducer,
    PartialDownloadError,
    RequestTransmissionFailed,
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

T = TypeVar("T")

#: Seconds until a mux that says nothing of how things are is given up. What it does may take long.
PATIENCE = 30.0

#: What OpenSSL says when the other side is not content with our certificate, or with none.
_UNKNOWN = re.compile(r"alert (?:certificate|bad certificate|unknown ca|handshake failure)")

#: How it fails that nothing is answered.
_NO_ANSWER = (
    *(ConnectError, ConnectingCancelledError, DNSLookupError, ConnectionClosed),
    *(ResponseFailed, RequestTransmissionFailed, PartialDownloadError),
)


class Control:
    """
    Asks a mux.

    :param where: its address, for people.
    :param timeout: seconds that each answer may take; None: what is usual.
    """

    def __init__(
        self, where: str, line: Line, clock: IReactorTime, timeout: float | None = None
    ) -> None:
        self.where = where
        self._line = line
        self._clock = clock
        self._timeout = timeout
        self._last: str | None = None  #: the number of the last event that was told

    async def ask(self, method: str, *path: str, body: JSON = None) -> Any:
        """
        Ask, and read the answer.

        :param path: its parts, such as ``"guests", "db1", "freeze"``.
        :param body: JSON to send; None: nothing.
        :return: decoded JSON; None where there is none.
        :raise Complaint: the mux is not there, or says what is wrong.
        """
        response, octets = await self._answer(method, path, body)
        if not octets:
            return None
        value = _read(octets)
        if response.code >= 400:
            raise self._refused(value)
        return value

    async def text(self, path: str) -> str:
        """
        Ask for what is no JSON, such as ``/metrics``.

        :raise Complaint: as for :meth:`ask`.
        """
        response, octets = await self._answer("GET", (), None, path)
        if response.code >= 400:
            raise of_problem(None)
        return octets.decode("utf-8", "replace")

    async def follow(
        self, told: Callable[[str, JSON], object], began: Callable[[], object] = lambda: None
    ) -> None:
        """
        Tell the mux's events until it ends, or this is cancelled; the next time, from there on.

        :param told: is given the kind of each and what it says.
        :param began: called when what happens from now on is told.
        :raise Complaint: as for :meth:`ask`, and when the mux goes.
        """
        more = {} if self._last is None else {"Last-Event-ID": self._last}
        request = self._request("GET", ("events",), None, **more)
        response = await self._awaited(request, self._timeout or PATIENCE, "GET")
        if response.code >= 400:
            octets = await self._awaited(readBody(response), PATIENCE, "GET")
            raise self._refused(_read(octets))
        began()
        events = Events(told, self._clock)
        response.deliverBody(events)
        try:
            await events.ended
        finally:
            self._last = events.last or self._last
        raise Complaint("no-mux", "the mux has ended the connection", Exit.UNAVAILABLE)

    async def _answer(
        self, method: str, path: tuple[str, ...], body: JSON, root: str = "/v1/"
    ) -> tuple[IResponse, bytes]:
        limit = self._timeout
        if limit is None and method == "GET":
            limit = PATIENCE
        response = await self._awaited(self._request(method, path, body, root), limit, method)
        return response, await self._awaited(readBody(response), limit, method)

    def _request(
        self,
        method: str,
        path: tuple[str, ...],
        body: JSON,
        root: str = "/v1/",
        **more: str,
    ) -> "Deferred[IResponse]":
        url = f"{self._line.root}{root}" + "/".join(quote(each, safe="") for each in path)
        headers = Headers({"User-Agent": ["txqga"], **{k: [v] for k, v in more.items()}})
        if self._line.token is not None:
            headers.addRawHeader("Authorization", f"Bearer {self._line.token}")
        producer = None
        if body is not None:
            from io import BytesIO

            headers.addRawHeader("Content-Type", "application/json")
            producer = FileBodyProducer(BytesIO(json.dumps(body).encode()))
        asked: Deferred[IResponse] = self._line.agent.request(
            method.encode(), url.encode(), headers, producer
        )
        return asked

    async def _awaited(self, coming: "Deferred[T]", limit: float | None, method: str) -> T:
        """Wait for what comes over the line, for so many seconds at most."""

        def out_of_time(result: object, seconds: float) -> T:
            words = f"the control interface at {self.where} has not answered in {seconds:g} s"
            if method == "GET":
                raise Complaint("mux-unreachable", words, Exit.UNAVAILABLE)
            raise Complaint(
                "outcome-unknown", f"{words}: it may be done all the same", Exit.UNKNOWN
            )

        if limit is not None:
            coming.addTimeout(limit, self._clock, out_of_time)
        try:
            return await coming
        except _NO_ANSWER as why:
            if _is_given_up(why):
                raise CancelledError from why
            raise self._absent(why) from why

    def _refused(self, told: object) -> Complaint:
        found = of_problem(told)
        if found.code == "unauthenticated" and self._line.token is None:
            found.words = f"{self.where} wants to know who asks: say --token-file FILE"
        return found

    def _absent(self, why: Exception) -> Complaint:
        if self._line.is_local and isinstance(why, ConnectError):
            return absent(self.where, why)
        return unreachable(self.where, why)


def _read(octets: bytes) -> Any:
    try:
        return json.loads(octets)
    except ValueError as why:
        raise of_problem(None) from why


def _is_given_up(why: Exception) -> bool:
    """Tell whether it is who asked that wants no answer any more."""
    reasons = getattr(why, "reasons", None) or ()
    return isinstance(why, ConnectingCancelledError) or any(
        each.check(CancelledError, ConnectingCancelledError) for each in reasons
    )


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
    if _UNKNOWN.search(words):
        text = f"{where} wants to know who asks: say --cert FILE, a certificate of whom it trusts"
        return Complaint("unauthenticated", f"{text} ({words})", Exit.FORBIDDEN)
    advice = ": say --ca FILE if its authority is none that this host knows" if tls else ""
    text = f"the control interface at {where} does not answer: {words}{advice}"
    return Complaint("mux-unreachable", text, Exit.UNAVAILABLE)


def _words(why: Exception) -> str:
    if isinstance(why.args[0] if why.args else None, list):  # OpenSSL's: library, function, reason
        return ", ".join(str(each[-1]) for each in why.args[0]) or type(why).__name__
    return (str(why) or type(why).__name__).rstrip(".")
