"""The mux, asked over HTTP."""

import json
from typing import Any, TypeAlias

from attrs import define
from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    ConnectionLost,
    DNSLookupError,
)
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.client import RequestTransmissionFailed, ResponseDone, ResponseNeverReceived
from twisted.web.http_headers import Headers

from txqga.cli._complaint import Complaint
from txqga.cli._control import Control
from txqga.cli._exits import Exit
from txqga.cli._line import Line


@define
class Response:
    """What an agent of Twisted's answers with."""

    code: int
    octets: bytes
    phrase: bytes = b""

    def deliverBody(self, protocol: Any) -> None:
        protocol.makeConnection(StringTransport())
        protocol.dataReceived(self.octets)
        protocol.connectionLost(Failure(ResponseDone()))


Answer: TypeAlias = "Response | Exception | Deferred[Any]"


class Web:
    """What asks, in place of Twisted's agent."""

    def __init__(self, answer: "Answer") -> None:
        self.answer = answer
        self.asked: list[tuple[bytes, bytes]] = []
        self.headers = Headers()

    def request(self, method: bytes, url: bytes, headers: Any, body: Any) -> "Deferred[Any]":
        self.asked.append((method, url))
        self.headers = headers
        if isinstance(self.answer, Deferred):
            return self.answer
        return fail(self.answer) if isinstance(self.answer, Exception) else succeed(self.answer)


class ControlTests(SynchronousTestCase):
    timeout: float | None = None  # what --timeout says

    def setUp(self) -> None:
        self.clock = Clock()

    def control(self, answer: "Answer") -> Control:
        self.web = Web(answer)
        line = Line(self.web, "http://localhost")
        return Control("/run/txqga/control.http", line, self.clock, self.timeout)

    def remote(self, answer: "Answer", token: str | None = None) -> Control:
        self.web = Web(answer)
        line = Line(self.web, "https://mux.example:8443", token, is_local=False)
        return Control("https://mux.example:8443", line, self.clock, self.timeout)

    def complaint(
        self, answer: "Response | Exception", control: Control | None = None
    ) -> Complaint:
        control = self.control(answer) if control is None else control
        asked = Deferred.fromCoroutine(control.ask("GET", "guests"))
        why = self.failureResultOf(asked, Complaint).value
        assert isinstance(why, Complaint)
        return why

    def test_asks(self) -> None:
        """
        What is asked is a path below that of the version; no name leads out of it.
        """
        control = self.control(Response(200, b'{"a": 1}'))
        asked = control.ask("POST", "guests", "../x y", "freeze", body={"seconds": 7})
        self.assertEqual(self.successResultOf(Deferred.fromCoroutine(asked)), {"a": 1})
        self.assertEqual(
            self.web.asked, [(b"POST", b"http://localhost/v1/guests/..%2Fx%20y/freeze")]
        )

    def test_text(self) -> None:
        """
        What is no JSON is text, and stands beside the versions.
        """
        control = self.control(Response(200, b"up 1"))
        told = Deferred.fromCoroutine(control.text("/metrics"))
        self.assertEqual(self.successResultOf(told), "up 1")
        self.assertEqual(self.web.asked, [(b"GET", b"http://localhost/metrics")])
        refused = Deferred.fromCoroutine(self.control(Response(403, b"no")).text("/metrics"))
        self.failureResultOf(refused, Complaint)

    def test_nothing(self) -> None:
        """
        An answer may be empty.
        """
        asked = self.control(Response(204, b"")).ask("DELETE", "guests", "db1")
        self.assertIs(self.successResultOf(Deferred.fromCoroutine(asked)), None)

    def test_problems(self) -> None:
        """
        What the mux refuses is told with its own words; what makes no sense is told, too.
        """
        octets = json.dumps({"code": "forbidden", "detail": "you may not"}).encode()
        why = self.complaint(Response(403, octets))
        self.assertEqual((why.words, why.exit), ("you may not", Exit.FORBIDDEN))
        self.assertEqual(self.complaint(Response(200, b"<html>")).code, "bad-answer")

    def test_absent(self) -> None:
        """
        Where there is no mux, it is said what to do.
        """
        why = self.complaint(ConnectError(2))
        self.assertEqual((why.code, why.exit), ("no-mux", Exit.UNAVAILABLE))
        self.assertIn("--control", why.words)
        self.assertEqual(self.complaint(ConnectError(13)).exit, Exit.FORBIDDEN)

    def test_token(self) -> None:
        """
        Over a network who asks is said by a token.
        """
        asked = self.remote(Response(200, b"1"), "0123456789abcdef").ask("GET", "guests")
        self.assertEqual(self.successResultOf(Deferred.fromCoroutine(asked)), 1)
        self.assertEqual(self.web.asked, [(b"GET", b"https://mux.example:8443/v1/guests")])
        told = self.web.headers.getRawHeaders("authorization")
        self.assertEqual(told, ["Bearer 0123456789abcdef"])

    def test_no_token(self) -> None:
        """
        Whoever has said no token is told how; who has one, what the mux says of it.
        """
        octets = json.dumps({"code": "unauthenticated", "detail": "unknown"}).encode()
        why = self.complaint(Response(401, b""), self.remote(Response(401, octets)))
        self.assertEqual(why.exit, Exit.FORBIDDEN)
        self.assertIn("--token-file", why.words)
        wrong = self.remote(Response(401, octets), "0123456789abcdef")
        self.assertEqual(self.complaint(Response(401, b""), wrong).words, "unknown")

    def test_unreachable(self) -> None:
        """
        What a network does not answer is told with its reason, and nothing else is tried.
        """
        for reason, said in (
            (ConnectError(111), "111"),
            (DNSLookupError("no such host"), "no such host"),
            (ResponseNeverReceived([Failure(ConnectionLost("gone"))]), "gone"),
        ):
            why = self.complaint(reason, self.remote(reason))
            self.assertEqual((why.code, why.exit), ("mux-unreachable", Exit.UNAVAILABLE))
            self.assertIn(said, why.words)
            self.assertNotIn("--ca", why.words)

    def test_unknown(self) -> None:
        """
        Where who asks is told by certificates, whoever has none is told what to say.
        """
        error = Exception([("SSL routines", "", "tlsv13 alert certificate required")])
        reason = ResponseNeverReceived([Failure(error)])
        why = self.complaint(reason, self.remote(reason))
        self.assertEqual((why.code, why.exit), ("unauthenticated", Exit.FORBIDDEN))
        self.assertIn("--cert FILE", why.words)

    def test_broken_off(self) -> None:
        """
        A mux that ends in the middle of an answer is told as one that does not answer.
        """
        reason = ResponseNeverReceived([Failure(ConnectionLost("gone"))])
        self.assertEqual(self.complaint(reason).code, "mux-unreachable")

    def silent(self, why: Exception | None = None) -> "Deferred[Any]":
        """A mux that does not answer; who does not wait for it any more is told why."""

        def cancel(waiting: "Deferred[Any]") -> None:
            if why is not None:
                waiting.errback(why)

        return Deferred(cancel)

    def test_silent(self) -> None:
        """
        A mux that does not answer is given up; what it was to do it may have done.
        """
        given_up = ResponseNeverReceived([Failure(CancelledError())])
        for method, seconds, status in (("GET", 30, Exit.UNAVAILABLE), ("POST", 5, Exit.UNKNOWN)):
            self.timeout = None if method == "GET" else seconds
            control = self.control(self.silent(given_up))
            asked = Deferred.fromCoroutine(control.ask(method, "guests"))
            self.clock.advance(seconds - 0.1)
            self.assertNoResult(asked)
            self.clock.advance(0.1)
            why = self.failureResultOf(asked, Complaint).value
            self.assertEqual(getattr(why, "exit", None), status)
            self.assertIn(f"in {seconds} s", str(why))

    def test_takes_long(self) -> None:
        """
        What a mux does may take as long as it takes, unless it was said how long.
        """
        asked = Deferred.fromCoroutine(self.control(self.silent()).ask("POST", "freezes"))
        self.clock.advance(3600)
        self.assertNoResult(asked)
        asked.cancel()
        self.failureResultOf(asked, CancelledError)

    def test_given_up(self) -> None:
        """
        Who types Ctrl-C while the mux is connected to, or asked, is told of no other reason.
        """
        for why in (
            ConnectingCancelledError(None),
            ResponseNeverReceived([Failure(CancelledError())]),
            RequestTransmissionFailed([Failure(ConnectingCancelledError(None))]),
        ):
            asked = Deferred.fromCoroutine(self.control(self.silent(why)).ask("GET", "guests"))
            asked.cancel()
            self.failureResultOf(asked, CancelledError)

    def follow(self, answer: Response) -> "tuple[list[Any], Deferred[None]]":
        told: list[Any] = []

        def tell(kind: str, data: Any) -> None:
            told.append((kind, data))

        following = self.control(answer).follow(tell, lambda: told.append("began"))
        return told, Deferred.fromCoroutine(following)

    def test_follows(self) -> None:
        """
        Events are told as they come, until the mux ends.
        """
        octets = b': follow\n\nid: 1\nevent: guest-state\ndata: {"guest":"db1"}\n\n'
        told, following = self.follow(Response(200, octets))
        self.assertEqual(told, ["began", ("guest-state", {"guest": "db1"})])
        self.failureResultOf(following, Complaint)

    def test_follows_again(self) -> None:
        """
        Who follows a second time is told what happened meanwhile.
        """
        octets = b'id: a-7\nevent: guest-state\ndata: {"guest":"db1"}\n\n'
        control = self.control(Response(200, octets))
        last = []
        for _ in range(2):
            following = Deferred.fromCoroutine(control.follow(lambda kind, data: None))
            self.failureResultOf(following, Complaint)
            last.append(self.web.headers.getRawHeaders("Last-Event-ID"))
        self.assertEqual(last, [None, ["a-7"]])

    def test_may_not_follow(self) -> None:
        """
        Whoever may not follow is told so.
        """
        for octets in (b'{"code": "forbidden", "detail": "no"}', b"<html>"):
            told, following = self.follow(Response(403, octets))
            self.assertEqual(told, [])
            self.failureResultOf(following, Complaint)
