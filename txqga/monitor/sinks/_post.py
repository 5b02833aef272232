"""
Batches by HTTP POST.

The body is JSON in gzip. ``Idempotency-Key`` is the batch's name, and the same when it is sent
again; ``X-Txqga-Signature`` is ``sha256=`` and the HMAC of the body as it is sent.
"""

import gzip
import hashlib
import hmac
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import treq
from attrs import frozen
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from txqga.monitor.sinks._bounded import bounded_agent
from txqga.monitor.sinks._delivery import Outcome, Sent

#: Seconds that a platform may take.
PATIENCE = 30.0

#: Octets of an answer's body that are read, and of all of it that may come.
MOST, MOST_OF_ALL = 64 << 10, 256 << 10


@frozen
class Answer:
    """What a platform answers."""

    status: int
    body: bytes = b""  #: as much of it as is read
    retry_after: float | None = None  #: seconds until it wants to be asked again; None: unsaid

    @property
    def words(self) -> str:
        """What it comes to, for people."""
        return f"the platform answers with status {self.status}"


class Body(Protocol):
    """
    A body, read to its end, or until it is too much.

    :ivar over: fires when it is; cancelled, it ends the connection.
    """

    def __init__(self) -> None:
        self.over: Deferred[None] = Deferred(lambda _: self._end())
        self.octets = b""

    def dataReceived(self, data: bytes) -> None:
        """Read on, for a while."""
        self.octets += data[: MOST + 1 - len(self.octets)]
        if len(self.octets) > MOST:
            self._end()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """It is over, however it ended."""
        if not self.over.called:
            self.over.callback(None)

    def _end(self) -> None:
        if self.transport is not None:
            self.transport.loseConnection()


class Post:
    """
    Sends batches to a URL.

    :param judge: says of an answer what became of the batch.
    :param client: what ``treq`` is, or alike.
    :param secret: signs; empty: nothing is signed.
    :param token: is told as ``Authorization: Bearer``; empty: nothing is told.
    """

    def __init__(
        self,
        reactor: Any,
        url: str,
        judge: Callable[[Answer], Sent],
        secret: bytes = b"",
        token: str = "",
        client: Any = treq,
    ) -> None:
        self._reactor = reactor
        self._agent = bounded_agent(reactor, MOST_OF_ALL)
        self._url = url
        self._judge = judge
        self._secret = secret
        self._client = client
        self._headers = {"content-type": "application/json", "content-encoding": "gzip"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    def send(self, name: str, octets: bytes) -> Deferred[Sent]:
        """Send a batch; see :data:`txqga.monitor.sinks._delivery.Send`."""
        sent = Deferred.fromCoroutine(self._send(name, octets))
        return sent.addTimeout(PATIENCE, self._reactor, _given_up)

    async def _send(self, name: str, octets: bytes) -> Sent:
        packed = gzip.compress(octets, 5, mtime=0)
        headers = {**self._headers, "idempotency-key": name}
        if self._secret:
            digest = hmac.new(self._secret, packed, hashlib.sha256).hexdigest()
            headers["x-txqga-signature"] = f"sha256={digest}"
        try:
            response = await self._client.post(
                self._url,
                data=packed,
                headers=headers,
                allow_redirects=False,
                agent=self._agent,
            )
        except ResponseFailed as why:
            words = why.reasons[0].getErrorMessage()[:200]
            return Sent(Outcome.AGAIN, f"the platform's answer is none: {words}")
        body = Body()
        response.deliverBody(body)
        await body.over
        asked = response.headers.getRawHeaders("retry-after")
        retry_after = _seconds(asked[-1]) if asked else None
        return self._judge(Answer(response.code, body.octets, retry_after))


def _given_up(sent: Sent | Failure, seconds: float) -> Sent:
    """Say what became of a batch whose platform has taken too long."""
    if isinstance(sent, Sent) and sent.outcome is not Outcome.AGAIN:
        return sent
    return Sent(Outcome.AGAIN, f"the platform has not answered for {seconds:g} s")


def _seconds(text: str) -> float | None:
    """Read ``Retry-After``, which is a number of seconds or a date."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if date.tzinfo is None:
        return None
    return (date - date.now(date.tzinfo)).total_seconds()
