"""What a request says: its body, bounded while it comes and decoded when it is there."""

import re
from typing import Any, AnyStr

import orjson
from twisted.web.server import Request

from txqga.control._problem import Problem
from txqga.wire import JSON

#: Octets of a body: as much as QEMU's agent takes, for 48 MiB of a file in base64.
MOST = 64 << 20

#: How deeply a body may nest: as deeply as what is said at the sockets of guests.
DEPTH = 64

_JSON = re.compile(rb"\s*application/json\s*(;.*)?\Z", re.IGNORECASE)


class BoundedRequest(Request):
    """One whose body is not kept when it is longer than allowed, and whose headers are text."""

    too_long = False
    _octets = 0

    def getHeader(self, key: AnyStr) -> AnyStr | None:
        """Tell what a header says: whatever octets it has, as text they are characters."""
        if isinstance(key, bytes):
            return super().getHeader(key)
        value = super().getHeader(key.encode())
        return None if value is None else value.decode("latin-1")

    def gotLength(self, length: int | None) -> None:
        """Take nothing of what is said to be too long."""
        self.too_long = length is not None and length > MOST
        super().gotLength(0 if self.too_long else length)  # type: ignore[no-untyped-call]

    def handleContentChunk(self, data: bytes) -> None:
        """Take a piece, and no more of what has become too long."""
        self._octets += len(data)
        if self._octets > MOST:
            self.too_long = True
        if not self.too_long:
            super().handleContentChunk(data)  # type: ignore[no-untyped-call]


def arguments(request: Any) -> dict[str, JSON]:
    """
    Decode the body as an object; none at all is an empty one.

    :raise Problem: it is something else.
    """
    if getattr(request, "too_long", False):
        raise Problem("too-large", f"a body may have {MOST} octets")
    octets = request.content.read()
    if not octets:
        return {}
    kind = request.requestHeaders.getRawHeaders(b"content-type", [b""])[-1]
    if not _JSON.match(kind):
        raise Problem("unsupported-media-type", "send Content-Type: application/json")
    try:
        value = orjson.loads(octets)
    except orjson.JSONDecodeError as why:
        raise Problem("bad-request", f"the body is not JSON: {why}") from None
    if not isinstance(value, dict):
        raise Problem("bad-request", "the body must be a JSON object")
    return {name: whole(each) for name, each in value.items()}


def whole(value: JSON, depth: int = DEPTH) -> JSON:
    """
    Write 5.0 as 5: to JSON Schema both are the integer, to an agent the first one is none.

    :raise Problem: it nests deeper than that.
    """
    if not depth:
        raise Problem("bad-request", f"the body nests deeper than {DEPTH}")
    match value:
        case float() if value.is_integer() and abs(value) < 2**64:
            return int(value)
        case list():
            return [whole(each, depth - 1) for each in value]
        case dict():
            return {name: whole(each, depth - 1) for name, each in value.items()}
    return value
