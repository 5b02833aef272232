"""What can be asked of the mux itself: how it is, what it offers, what happens."""

from functools import partial
from typing import Any

import orjson
from twisted.internet.defer import Deferred

from txqga.control._exposition import exposition
from txqga.control._house import House
from txqga.control._metrics import MuxCollector
from txqga.control._problem import Problem
from txqga.control._routes import Reception, Route, answered
from txqga.control._stream import Stream
from txqga.wire import JSON


class AboutRoutes:
    """What can be asked of the mux itself."""

    def __init__(self, house: House, reception: Reception, document: JSON) -> None:
        self._house = house
        self._reception = reception
        self._document = orjson.dumps(document)
        self.routes = (
            Route("GET", "/v1/health", self.health),
            Route("GET", "/v1/ready", self.ready),
            Route("GET", "/v1/openapi.json", self.openapi),
            Route("GET", "/v1/me", self.me),
            Route("GET", "/v1/events", self.events),
            Route("GET", "/metrics", self.metrics),
        )

    def health(self, request: Any) -> bytes:
        """Say that this process runs."""
        return answered(request, {"status": "ok"})

    def ready(self, request: Any) -> bytes:
        """Say whether guests are served, and nothing of them: nobody has said who asks."""
        if not self._house.is_ready:
            raise Problem("not-ready", "the mux is stopping, or has not started yet")
        return answered(request, {"status": "ready"})

    def openapi(self, request: Any) -> bytes:
        """Describe all this."""
        request.setHeader(b"content-type", b"application/json")
        return self._document

    def me(self, request: Any) -> bytes:
        """Say who asks, and what they may do: what a page need not offer is known beforehand."""
        principal = self._reception.principal(request)
        told = {"name": principal.name, **self._house.rights(principal.who)}
        return answered(request, told)

    def events(self, request: Any) -> Deferred[bytes]:
        """Tell what happens from now on, as server-sent events."""
        principal = self._reception.principal(request)
        sees = partial(self._house.sees, principal.who)
        if not self._house.feed.has_room(principal.owner):
            raise Problem("busy", "as many follow as may", headers={"Retry-After": "10"})
        last = request.getHeader("last-event-id")
        Stream(request, self._house.feed, sees, last, principal.owner).start()
        return Deferred()  # it ends when the client goes

    def metrics(self, request: Any) -> Deferred[bytes]:
        """Tell the figures of guests that the asker may know of, or of those that are named."""
        who = self._reception.principal(request).who
        accept = request.getHeader("accept") or ""
        guests = self._house.seen(who)
        if wanted := request.args.get(b"guest"):
            names = {each.decode(errors="replace") for each in wanted}
            guests = [each for each in guests if each.name in names]
        families = MuxCollector(self._house, guests).collect()

        async def tell() -> bytes:
            kind, text = await exposition(families, accept, self._house.turn)
            request.setHeader(b"content-type", kind.encode())
            return text

        return Deferred.fromCoroutine(tell())
