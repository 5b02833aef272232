"""
Batches as JSON by HTTP POST.

The body is gzip; ``Idempotency-Key`` is the batch's name, and the same when it is sent again;
``X-Txqga-Signature`` is ``sha256=`` and the HMAC of the body as it is sent.
"""

import gzip
import hashlib
import hmac
from email.utils import parsedate_to_datetime
from typing import Any

import treq
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from txqga.monitor.sinks._delivery import Outcome, Sent

#: Seconds that a platform may take.
PATIENCE = 30.0

#: Octets of an answer that are read.
MOST = 64 << 10

#: The batch itself is not what the platform takes.
_NEVER = frozenset({400, 413, 415, 422})

_REPEATED = 409


class Ignored(Protocol):
    """
    A body that says nothing that we need: read to its end, or until it is too much.

    :ivar over: fires when it is; cancelled, it ends the connection.
    """

    def __init__(self) -> None:
        self.over: Deferred[None] = Deferred(lambda _: self._end())
        self._octets = 0

    def dataReceived(self, data: bytes) -> None:
        """Read on, for a while."""
        self._octets += len(data)
        if self._octets > MOST:
            self._end()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """It is over, however it ended."""
        if not self.over.called:
            self.over.callback(None)

    def _end(self) -> None:
        if self.transport is not None:
            self.transport.loseConnection()


class Webhook:
    """
    Sends batches to a URL.

    :param client: what ``treq`` is, or alike.
    :param secret: signs; empty: nothing is signed.
    :param token: is told as ``Authorization: Bearer``; empty: nothing is told.
    """

    def __init__(
        self, reactor: Any, url: str, secret: bytes = b"", token: str = "", client: Any = treq
    ) -> None:
        self._reactor = reactor
        self._url = url
        self._secret = secret
        self._client = client
        self._headers = {"content-type": "application/json", "content-encoding": "gzip"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    def send(self, name: str, octets: bytes) -> Deferred[Sent]:
        """Send a batch; see :data:`txqga.monitor.sinks._delivery.Send`."""
        sent = Deferred.fromCoroutine(self._send(name, octets))
        return sent.addTimeout(PATIENCE, self._reactor)

    async def _send(self, name: str, octets: bytes) -> Sent:
        body = gzip.compress(octets, 5, mtime=0)
        headers = {**self._headers, "idempotency-key": name}
        if self._secret:
            digest = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
            headers["x-txqga-signature"] = f"sha256={digest}"
        response = await self._client.post(
            self._url,
            data=body,
            headers=headers,
            allow_redirects=False,
            reactor=self._reactor,
            persistent=False,
        )
        ignored = Ignored()
        response.deliverBody(ignored)
        await ignored.over
        return outcome_of(response.code, response.headers.getRawHeaders("retry-after"))


def outcome_of(status: int, retry_after: list[str] | None) -> Sent:
    """Say what an answer means."""
    if 200 <= status < 300 or status == _REPEATED:
        return Sent(Outcome.DONE)
    why = f"the platform answers with status {status}"
    if status in _NEVER:
        return Sent(Outcome.NEVER, why)
    return Sent(Outcome.AGAIN, why, _seconds(retry_after[-1]) if retry_after else None)


def _seconds(text: str) -> float | None:
    """Read ``Retry-After``, which is a number of seconds or a date."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    if date.tzinfo is None:
        return None
    return (date - date.now(date.tzinfo)).total_seconds()
