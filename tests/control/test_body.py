"""A request's body."""

from io import BytesIO
from typing import Any

from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource
from twisted.web.server import Site
from twisted.web.test.requesthelper import DummyChannel, DummyRequest

from txqga.control import _body
from txqga.control._body import BoundedRequest, arguments
from txqga.control._problem import Problem


class ArgumentsTests(SynchronousTestCase):
    def of(self, octets: bytes, kind: bytes | None = b"application/json") -> dict[str, Any]:
        request: Any = DummyRequest([b""])
        request.content = BytesIO(octets)
        if kind is not None:
            request.requestHeaders.setRawHeaders(b"content-type", [kind])
        return arguments(request)

    def test_object(self) -> None:
        """
        A body is a JSON object, in whatever character set JSON has.
        """
        for kind in (b"application/json", b"Application/JSON; charset=utf-8"):
            self.assertEqual(self.of('{"a": "é"}'.encode(), kind), {"a": "é"})

    def test_whole(self) -> None:
        """
        A number without a fraction is an integer, however it is written.
        """
        found = self.of(b'{"a": 5.0, "b": [{"c": -2.0}], "d": 1.5, "e": 1e300, "f": true}')
        self.assertEqual(
            repr(found), "{'a': 5, 'b': [{'c': -2}], 'd': 1.5, 'e': 1e+300, 'f': True}"
        )

    def test_none(self) -> None:
        """
        No body is no arguments, and needs no type.
        """
        self.assertEqual(self.of(b"", None), {})

    def test_wrong(self) -> None:
        """
        What is no JSON object is refused, with what is wrong about it.
        """
        for octets, kind, code in (
            (b'{"a": \xff}', b"application/json", "bad-request"),
            (b"[1]", b"application/json", "bad-request"),
            (b"[" * 100_000, b"application/json", "bad-request"),
            (b'{"a": %b%b}' % (b"[" * 1000, b"]" * 1000), b"application/json", "bad-request"),
            (b'{"a": "\\ud800"}', b"application/json", "bad-request"),
            (b"{}", None, "unsupported-media-type"),
            (b"{}", b"application/jsonx", "unsupported-media-type"),
        ):
            why = self.assertRaises(Problem, self.of, octets, kind)
            self.assertEqual(why.code, code, octets[:20])


class Echo(Resource):
    """Tells how long the body is that was kept."""

    isLeaf = True

    def render_POST(self, request: Any) -> bytes:
        return b"%d %d" % (request.too_long, len(request.content.read()))


class BoundedRequestTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.patch(_body, "MOST", 10)

    def post(self, head: bytes, body: bytes) -> bytes:
        site = Site(Echo(), requestFactory=BoundedRequest)
        channel = site.buildProtocol(None)
        transport = StringTransport()
        assert channel is not None
        channel.makeConnection(transport)
        channel.dataReceived(b"POST / HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n%b" % (head, body))
        channel.connectionLost(None)
        said: bytes = transport.value().rpartition(b"\r\n\r\n")[2]
        return said

    def test_odd_header(self) -> None:
        """
        Octets of a header that are no text are characters all the same.
        """
        request = BoundedRequest(DummyChannel(), False)  # type: ignore[no-untyped-call]
        request.requestHeaders.setRawHeaders(b"origin", [b"\xff"])
        self.assertEqual(request.getHeader("origin"), "\xff")
        self.assertEqual(request.getHeader(b"origin"), b"\xff")
        self.assertIsNone(request.getHeader("host"))

    def test_short(self) -> None:
        """
        What is not too long is kept.
        """
        self.assertEqual(self.post(b"Content-Length: 10", b"x" * 10), b"0 10")

    def test_said_to_be_long(self) -> None:
        """
        What is said to be too long is let pass, and none of it is kept.
        """
        self.assertEqual(self.post(b"Content-Length: 11", b"x" * 11), b"1 0")

    def test_becomes_long(self) -> None:
        """
        What turns out to be too long is not kept.
        """
        body = b"6\r\nxxxxxx\r\n" * 3 + b"0\r\n\r\n"
        said = self.post(b"Transfer-Encoding: chunked", body)
        self.assertIn(b"1 6", said)
