"""
Who is asked what over HTTP: a method and a path, and the function that answers.

Each concern of the interface has an object whose ``routes`` are a table; :class:`Api` joins them.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import orjson
from attrs import frozen
from twisted.internet.defer import Deferred

from txqga.control._access import Access, Principal
from txqga.control._house import House
from txqga.control._problem import Problem
from txqga.mux import Peer
from txqga.wire import JSON

#: What is answered: a body, now or later.
Answer: TypeAlias = bytes | Deferred[bytes] | Coroutine[Any, Any, bytes]


@frozen
class Route:
    """Something that can be asked."""

    method: str
    path: str  #: with names of its parts, as ``<guest>``: so they are given to ``answer``
    answer: Callable[..., Answer]  #: is given the request first


class Reception:
    """
    Finds out who asks, and whether they are let in at all.

    :param identify: tells who is at the other end of a UNIX socket; None for other transports.
    """

    def __init__(
        self, house: House, access: Access, identify: Callable[[Any], Peer | None]
    ) -> None:
        self._house = house
        self.access = access  #: who is known, and as what this may be addressed
        self._identify = identify

    def principal(self, request: Any) -> Principal:
        """
        Tell who asks.

        :raise Problem: nobody that may.
        """
        transport = request.channel.transport if request.channel is not None else None
        peer = self._identify(transport)
        host = request.getHeader("host")
        self.access.check_host(host, peer is not None)
        self.access.check_origin(request.getHeader("origin"), host)
        found = self.access.principal(transport, request.getHeader("authorization"), peer)
        why = self._house.refuses(found.who)
        if why is not None:
            raise Problem("forbidden", why)
        return found


def answered(request: Any, value: JSON, kind: str = "application/json") -> bytes:
    """Write the body of an answer, and say what it is."""
    request.setHeader(b"content-type", kind.encode())
    request.setHeader(b"cache-control", b"no-store")
    request.setHeader(b"x-content-type-options", b"nosniff")
    return orjson.dumps(value)
