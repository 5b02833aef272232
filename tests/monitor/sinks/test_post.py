"""Batches by HTTP POST."""

import gzip
import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

from treq.testing import StubTreq
from twisted.internet.defer import fail
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.client import ResponseFailed
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from txqga.monitor.sinks._delivery import Outcome, Sent
from txqga.monitor.sinks._post import MOST, PATIENCE, Answer, Body, Post


class Platform(Resource):
    """Takes batches."""

    isLeaf = True

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.status = 204
        self.retry_after = "9"
        self.headers: dict[str, str] = {}
        self.body = b""

    def render_POST(self, request: Any) -> Any:
        self.headers = {
            name.decode().lower(): values[0].decode()
            for name, values in request.requestHeaders.getAllRawHeaders()
        }
        self.body = request.content.read()
        if not self.status:
            return NOT_DONE_YET
        request.setResponseCode(self.status)
        request.setHeader(b"retry-after", self.retry_after.encode())
        return b"ignored"


def judge(answer: Answer) -> Sent:
    """Say what was answered."""
    outcome = Outcome.DONE if answer.status == 204 else Outcome.AGAIN
    return Sent(outcome, answer.body.decode(), answer.retry_after)


class PostTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.platform = Platform()
        self.client = Client(self.platform)

    def send(self, **options: Any) -> Any:
        post = Post(self.clock, "http://acme.example/in", judge, client=self.client, **options)
        sending = post.send("life-7", b'{"a": 1}')
        self.client.stub.flush()
        return sending

    def test_sent(self) -> None:
        """
        What arrives is the batch, its name, and a signature of just those octets.
        """
        sent = self.send(secret=b"geheim", token="abc")
        self.assertIs(self.successResultOf(sent).outcome, Outcome.DONE)
        headers = self.platform.headers
        self.assertEqual(gzip.decompress(self.platform.body), b'{"a": 1}')
        self.assertEqual(headers["content-encoding"], "gzip")
        self.assertEqual(headers["content-type"], "application/json")
        self.assertEqual(headers["idempotency-key"], "life-7")
        self.assertEqual(headers["authorization"], "Bearer abc")
        digest = hmac.new(b"geheim", self.platform.body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["x-txqga-signature"], f"sha256={digest}")

    def test_nothing_to_say(self) -> None:
        """
        Without secrets nothing is signed, and nobody is named.
        """
        self.successResultOf(self.send())
        self.assertNotIn("x-txqga-signature", self.platform.headers)
        self.assertNotIn("authorization", self.platform.headers)

    def test_busy(self) -> None:
        """
        A platform that is busy says for how long.
        """
        self.platform.status = 503
        sent = self.successResultOf(self.send())
        self.assertEqual(sent, Sent(Outcome.AGAIN, "ignored", 9.0))

    def test_retry_after(self) -> None:
        """
        A number of seconds is understood, a date, and nonsense is not.
        """
        self.platform.status = 429
        soon = datetime.now(timezone.utc) + timedelta(seconds=100)
        self.platform.retry_after = format_datetime(soon, usegmt=True)
        wait = self.successResultOf(self.send()).wait
        assert wait is not None
        self.assertTrue(0 < wait <= 100, wait)
        for text, seconds in (
            ("7", 7.0),
            ("soon", None),
            ("-1", None),
            ("", None),
            ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
            ("Mon, 01 Jan 2026 00:00:00 +99999999999999", None),
        ):
            self.platform.retry_after = text
            self.assertEqual(self.successResultOf(self.send()).wait, seconds, text)

    def test_date_that_is_none(self) -> None:
        """
        A batch that is taken is taken, whatever date is said beside.
        """
        self.platform.retry_after = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"
        self.assertIs(self.successResultOf(self.send()).outcome, Outcome.DONE)

    def test_no_answer(self) -> None:
        """
        What is no answer is told in words, not in Python's.
        """
        why = ResponseFailed([Failure(ConnectionDone("it was closed"))])
        self.client.broken = why
        self.assertEqual(
            self.successResultOf(self.send()),
            Sent(Outcome.AGAIN, f"the platform's answer is none: {why.reasons[0].value}"),
        )

    def test_silent(self) -> None:
        """
        One that does not answer is given up.
        """
        self.platform.status = 0
        sending = self.send()
        self.assertNoResult(sending)
        self.clock.advance(PATIENCE)
        self.assertEqual(
            self.successResultOf(sending),
            Sent(Outcome.AGAIN, "the platform has not answered for 30 s"),
        )


class Client:
    """What treq is, for one server in memory."""

    def __init__(self, platform: Platform) -> None:
        self.broken: Exception | None = None
        self.stub: Any = StubTreq(platform)  # type: ignore[no-untyped-call]

    def post(self, url: str, **options: Any) -> Any:
        if self.broken is not None:
            return fail(self.broken)
        del options["agent"]  # of a real one
        return self.stub.post(url, **options)


class BodyTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.transport = StringTransport()
        self.body = Body()
        self.body.makeConnection(self.transport)  # type: ignore[no-untyped-call]

    def test_ends(self) -> None:
        """
        A body is read to its end.
        """
        self.body.dataReceived(b"thank you")
        self.assertNoResult(self.body.over)
        self.body.connectionLost(Failure(ConnectionDone()))
        self.successResultOf(self.body.over)
        self.assertEqual(self.body.octets, b"thank you")
        self.assertFalse(self.transport.disconnecting)

    def test_endless(self) -> None:
        """
        One without an end is not.
        """
        for _ in range(17):
            self.body.dataReceived(bytes(4096))
        self.assertTrue(self.transport.disconnecting)
        self.assertEqual(len(self.body.octets), MOST + 1)

    def test_given_up(self) -> None:
        """
        Who does not wait for the end any more ends it.
        """
        self.body.over.cancel()
        self.failureResultOf(self.body.over)
        self.assertTrue(self.transport.disconnecting)
        self.body.connectionLost(Failure(ConnectionDone()))
