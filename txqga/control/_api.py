"""What can be asked over HTTP, path by path."""

from collections.abc import Callable
from typing import Any

import orjson
from klein import Klein
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from txqga.control._access import Access, Principal
from txqga.control._body import arguments
from txqga.control._house import House
from txqga.control._metrics import Exposition
from txqga.control._openapi import SYNCS
from txqga.control._problem import CONTENT_TYPE, Problem, problem_of
from txqga.control._stream import Stream
from txqga.errors import OutcomeUnknown
from txqga.mux import VM, Caller, Peer
from txqga.wire import JSON

Answer = Deferred[bytes]


class Api:
    """
    The control interface of one mux.

    :param identify: tells who is at the other end of a UNIX socket; None for other transports.
    """

    _log = Logger()
    app = Klein()

    def __init__(
        self,
        house: House,
        access: Access,
        document: JSON,
        identify: Callable[[Any], Peer | None],
    ) -> None:
        self._house = house
        self._access = access
        self._document = orjson.dumps(document)
        self._identify = identify
        self._exposition = Exposition(house)

    # -- how it is

    @app.route("/v1/health", methods=["GET"])
    def health(self, request: Any) -> bytes:
        """Say that this process runs."""
        return self._json(request, {"status": "ok"})

    @app.route("/v1/ready", methods=["GET"])
    def ready(self, request: Any) -> bytes:
        """Say whether guests are served."""
        if not self._house.is_ready:
            raise Problem("not-ready", "the mux is stopping, or has not started yet")
        return self._json(request, {"status": "ready", "guests": len(self._house.guests)})

    @app.route("/v1/openapi.json", methods=["GET"])
    def openapi(self, request: Any) -> bytes:
        """Describe all this."""
        request.setHeader(b"content-type", b"application/json")
        return self._document

    @app.route("/metrics", methods=["GET"])
    def metrics(self, request: Any) -> bytes:
        """Tell the mux's own figures, as Prometheus reads them."""
        self._principal(request)
        kind, text = self._exposition.render(request.getHeader("accept") or "")
        request.setHeader(b"content-type", kind.encode())
        return text

    # -- guests

    @app.route("/v1/guests", methods=["GET"])
    def guests(self, request: Any) -> bytes:
        """List all guests."""
        self._principal(request)
        listed = [self._house.describe(each) for each in self._house.guests.values()]
        return self._json(request, {"guests": listed})

    @app.route("/v1/guests/<guest>", methods=["GET"])
    def guest(self, request: Any, guest: str) -> bytes:
        """Describe one guest."""
        self._principal(request)
        return self._json(request, self._house.describe(self._house.guest(guest)))

    @app.route("/v1/guests/<guest>/doctor", methods=["GET"])
    async def doctor(self, request: Any, guest: str) -> bytes:
        """Say what keeps a guest from answering, and what to do."""
        self._principal(request)
        findings = await self._house.examine(guest)
        return self._json(request, {"name": guest, "findings": findings})

    @app.route("/v1/guests/<guest>", methods=["PUT"])
    def add(self, request: Any, guest: str) -> bytes:
        """Serve one more guest; once more for the same one changes nothing."""
        principal = self._principal(request)
        self._house.check(principal.who, guest, "mux-add-guest")
        given = arguments(request)
        channel = given.get("channel")
        if not isinstance(channel, str) or len(given) != 1:
            raise Problem("invalid-arguments", 'the body is {"channel": ENDPOINT}')
        try:
            vm = VM.parse(f"{guest}={channel}")
        except ValueError as why:
            raise Problem("invalid-arguments", str(why)) from None
        if self._house.add(vm):
            request.setResponseCode(201)
        return self._json(request, {"name": vm.name, "channel": vm.channel})

    @app.route("/v1/guests/<guest>", methods=["DELETE"])
    async def remove(self, request: Any, guest: str) -> bytes:
        """Serve a guest no more that was added."""
        self._house.check(self._principal(request).who, guest, "mux-remove-guest")
        await self._house.remove(guest)
        request.setResponseCode(204)
        return b""

    @app.route("/v1/guests/<guest>/commands/<command>", methods=["POST"])
    async def command(self, request: Any, guest: str, command: str) -> bytes:
        """Run a command of the guest's agent, with the arguments in the body."""
        principal = self._principal(request)
        found = self._house.guest(guest)
        if command in SYNCS:
            raise Problem("no-such-command", "nothing has to be synchronised over HTTP")
        given = arguments(request)
        wrong = found.fault(command, given)
        if wrong is not None:
            raise wrong
        caller = Caller(principal.name, principal.owner, principal.who)
        try:
            octets = request.content.tell()
            value = await found.ask(caller, command, given, octets)
        except OutcomeUnknown:
            if not found.is_silent(command, given):
                raise
            request.setResponseCode(202)
            return self._json(request, {})
        return self._json(request, {"return": value})

    # -- what happens

    @app.route("/v1/events", methods=["GET"])
    def events(self, request: Any) -> Any:
        """Tell what happens from now on, as server-sent events."""
        self._principal(request)
        if not self._house.feed.has_room:
            raise Problem("busy", "as many follow as may", headers={"Retry-After": "10"})
        last = request.getHeader("last-event-id")
        Stream(request, self._house.feed, last).start()
        return Deferred()  # it ends when the client goes

    # -- inside

    def _principal(self, request: Any) -> Principal:
        transport = request.channel.transport if request.channel is not None else None
        peer = self._identify(transport)
        host = request.getHeader("host")
        self._access.check_host(host, peer is not None)
        self._access.check_origin(request.getHeader("origin"), host)
        return self._access.principal(transport, request.getHeader("authorization"), peer)

    @app.handle_errors(Exception)
    def failed(self, request: Any, failure: Failure) -> bytes:
        """Say what went wrong."""
        problem = problem_of(failure.value) or _of_http(failure.value)
        if problem is None:
            self._log.failure("{method} {path}", failure, method=request.method, path=request.path)
            problem = Problem("internal-error", "a mistake of this program; see its log")
        request.setResponseCode(problem.status)
        for name, value in problem.headers.items():
            request.setHeader(name.encode(), value.encode())
        return self._json(request, problem.document(), CONTENT_TYPE)

    def _json(self, request: Any, value: JSON, kind: str = "application/json") -> bytes:
        request.setHeader(b"content-type", kind.encode())
        request.setHeader(b"cache-control", b"no-store")
        request.setHeader(b"x-content-type-options", b"nosniff")
        return orjson.dumps(value)


def _of_http(why: BaseException | None) -> Problem | None:
    """Say in our form what the router says of a path."""
    match why:
        case MethodNotAllowed(valid_methods=methods):
            allowed = ", ".join(sorted(methods or ()))
            detail = f"only {allowed} is allowed here"
            return Problem("method-not-allowed", detail, headers={"Allow": allowed})
        case NotFound():
            return Problem("no-such-resource", "there is nothing here; see /v1/openapi.json")
        case HTTPException():
            return Problem("bad-request", why.description or why.name)
    return None
