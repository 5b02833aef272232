"""The mux, asked over HTTP."""

import json
from typing import Any

from attrs import define
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectError
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.client import ResponseDone

from txqga.cli._complaint import Complaint
from txqga.cli._control import LONGEST, Control, Events
from txqga.cli._exits import Exit


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


class Web:
    """What asks, in place of Twisted's agent."""

    def __init__(self, answer: "Response | Exception") -> None:
        self.answer = answer
        self.asked: list[tuple[bytes, bytes]] = []

    def request(self, method: bytes, url: bytes, headers: Any, body: Any) -> "Deferred[Any]":
        self.asked.append((method, url))
        return fail(self.answer) if isinstance(self.answer, Exception) else succeed(self.answer)


class ControlTests(SynchronousTestCase):
    def control(self, answer: "Response | Exception") -> Control:
        self.web = Web(answer)
        return Control(MemoryReactorClock(), "/run/txqga/control.http", self.web)

    def complaint(self, answer: "Response | Exception") -> Complaint:
        asked = Deferred.fromCoroutine(self.control(answer).ask("GET", "guests"))
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

    def test_no_endpoint(self) -> None:
        """
        What is no endpoint is a mistake on the command line.
        """
        why = self.assertRaises(Complaint, Control, MemoryReactorClock(), "nonsense")
        self.assertEqual(why.exit, Exit.USAGE)

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

    def test_may_not_follow(self) -> None:
        """
        Whoever may not follow is told so.
        """
        told, following = self.follow(Response(403, b'{"code": "forbidden", "detail": "no"}'))
        self.assertEqual(told, [])
        self.failureResultOf(following, Complaint)


class EventsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[Any] = []
        self.events = Events(lambda kind, data: self.told.append((kind, data)))
        self.transport = StringTransport()
        self.events.makeConnection(self.transport)  # type: ignore[no-untyped-call]

    def test_cut(self) -> None:
        """
        However the octets are cut, events are whole.
        """
        for octet in b"event: a\ndata: [1]\n\n: beat\n\ndata: 2\n\n":
            self.events.dataReceived(bytes([octet]))
        self.assertEqual(self.told, [("a", [1]), ("message", 2)])

    def test_endless(self) -> None:
        """
        An event that does not end is not kept.
        """
        self.events.dataReceived(b"x" * (LONGEST + 1))
        self.assertTrue(self.transport.disconnecting)

    def test_cancelled(self) -> None:
        """
        Whoever follows no more closes the connection.
        """
        self.events.ended.cancel()
        self.failureResultOf(self.events.ended)
        self.assertTrue(self.transport.disconnecting)
        self.events.connectionLost(Failure(ResponseDone()))
