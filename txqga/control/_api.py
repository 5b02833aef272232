"""What can be asked over HTTP, path by path."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from klein import Klein
from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from txqga.control._access import Access, Principal
from txqga.control._body import arguments
from txqga.control._groups import FREEZE, RENEW, THAW, Groups
from txqga.control._house import House
from txqga.control._metrics import MuxCollector, exposition
from txqga.control._openapi import SYNCS
from txqga.control._problem import CONTENT_TYPE, Problem, problem_of
from txqga.control._stream import Stream
from txqga.control._wanted import group_hold, hold, renewal
from txqga.errors import OutcomeUnknown
from txqga.mux import VM, Peer
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
        groups: Groups,
        access: Access,
        document: JSON,
        identify: Callable[[Any], Peer | None],
    ) -> None:
        self._house = house
        self._groups = groups
        self._access = access
        self._document = orjson.dumps(document)
        self._identify = identify

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
        """Tell the mux's own figures about guests that the asker may know of."""
        who = self._principal(request).who
        accept = request.getHeader("accept") or ""
        kind, text = exposition(MuxCollector(self._house, self._house.seen(who)), accept)
        request.setHeader(b"content-type", kind.encode())
        return text

    # -- guests

    @app.route("/v1/guests", methods=["GET"])
    def guests(self, request: Any) -> bytes:
        """List the guests that the asker may know of."""
        who = self._principal(request).who
        listed = [self._house.describe(each) for each in self._house.seen(who)]
        return self._json(request, {"guests": listed})

    @app.route("/v1/guests/<guest>", methods=["GET"])
    def guest(self, request: Any, guest: str) -> bytes:
        """Describe one guest."""
        found = self._house.guest(self._principal(request).who, guest)
        return self._json(request, self._house.describe(found))

    @app.route("/v1/guests/<guest>/doctor", methods=["GET"])
    async def doctor(self, request: Any, guest: str) -> bytes:
        """Say what keeps a guest from answering, and what to do."""
        self._house.guest(self._principal(request).who, guest)
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
        found = self._house.guest(principal.who, guest, command)
        if command in SYNCS:
            raise Problem("no-such-command", "nothing has to be synchronised over HTTP")
        given = arguments(request)
        wrong = found.fault(command, given)
        if wrong is not None:
            raise wrong
        try:
            octets = request.content.tell()
            value = await found.ask(principal.caller, command, given, octets)
        except OutcomeUnknown:
            if not found.is_silent(command, given):
                raise
            request.setResponseCode(202)
            return self._json(request, {})
        return self._json(request, {"return": value})

    # -- freezes

    @app.route("/v1/guests/<guest>/freeze", methods=["GET"])
    def frozen(self, request: Any, guest: str) -> bytes:
        """Say whether a guest is frozen, for whom, and until when."""
        found = self._house.guest(self._principal(request).who, guest)
        return self._json(request, self._house.freeze(found))

    @app.route("/v1/guests/<guest>/freeze", methods=["POST"])
    async def freeze(self, request: Any, guest: str) -> bytes:
        """Freeze a guest; whatever becomes of the client, the lease ends it."""
        principal = self._principal(request)
        found = self._house.guest(principal.who, guest, FREEZE)
        wanted = hold(arguments(request))
        freezer = found.freezing.freezer(
            principal.name, wanted.seconds, wanted.mountpoints, lambda: principal.caller
        )
        count = await freezer.freeze()
        return self._json(request, {"filesystems": count, **self._house.freeze(found)})

    @app.route("/v1/guests/<guest>/freeze", methods=["PATCH"])
    async def renew(self, request: Any, guest: str) -> bytes:
        """Begin a guest's lease anew."""
        principal = self._principal(request)
        found = self._house.guest(principal.who, guest, RENEW)
        seconds = renewal(arguments(request))
        given = {} if seconds is None else {"seconds": seconds}
        await found.ask(principal.caller, RENEW, given)
        return self._json(request, self._house.freeze(found))

    @app.route("/v1/guests/<guest>/freeze", methods=["DELETE"])
    async def thaw(self, request: Any, guest: str) -> bytes:
        """Thaw a guest."""
        principal = self._principal(request)
        found = self._house.guest(principal.who, guest, THAW)
        thawed = await found.ask(principal.caller, THAW, {})
        count = thawed if type(thawed) is int else 0
        return self._json(request, {"filesystems": count, **self._house.freeze(found)})

    @app.route("/v1/freezes", methods=["GET"])
    def groups(self, request: Any) -> bytes:
        """List the groups of guests that are frozen together."""
        held = self._groups.held(self._principal(request).who)
        return self._json(request, {"freezes": [self._groups.described(each) for each in held]})

    @app.route("/v1/freezes", methods=["POST"])
    async def freeze_group(self, request: Any) -> bytes:
        """Freeze a group of guests, all or none; it is given up if the client goes meanwhile."""
        principal = self._principal(request)
        wanted = group_hold(arguments(request))
        group = self._groups.begin(principal.caller, principal.who, wanted)
        try:
            await group.settled()
        except CancelledError:
            group.thaw(principal.caller)
            raise
        if (problem := group.problem()) is not None:
            raise problem
        request.setResponseCode(201)
        request.setHeader(b"location", f"/v1/freezes/{group.id}".encode())
        return self._json(request, self._groups.described(group))

    @app.route("/v1/freezes/<freeze>", methods=["GET"])
    def group(self, request: Any, freeze: str) -> bytes:
        """Say how a group is, or how it ended."""
        found = self._groups.find(self._principal(request).who, freeze)
        return self._json(request, self._groups.described(found))

    @app.route("/v1/freezes/<freeze>", methods=["PATCH"])
    async def renew_group(self, request: Any, freeze: str) -> bytes:
        """Begin the leases of a group anew."""
        principal = self._principal(request)
        found = self._groups.find(principal.who, freeze)
        seconds = renewal(arguments(request))
        await self._groups.renew(principal.caller, principal.who, found, seconds)
        return self._json(request, self._groups.described(found))

    @app.route("/v1/freezes/<freeze>", methods=["DELETE"])
    async def thaw_group(self, request: Any, freeze: str) -> bytes:
        """Thaw a group."""
        principal = self._principal(request)
        found = self._groups.find(principal.who, freeze)
        await self._groups.thaw(principal.caller, principal.who, found)
        return self._json(request, self._groups.described(found))

    # -- what happens

    @app.route("/v1/events", methods=["GET"])
    def events(self, request: Any) -> Any:
        """Tell what happens from now on, as server-sent events."""
        sees = partial(self._house.sees, self._principal(request).who)
        if not self._house.feed.has_room:
            raise Problem("busy", "as many follow as may", headers={"Retry-After": "10"})
        last = request.getHeader("last-event-id")
        Stream(request, self._house.feed, sees, last).start()
        return Deferred()  # it ends when the client goes

    # -- inside

    def _principal(self, request: Any) -> Principal:
        transport = request.channel.transport if request.channel is not None else None
        peer = self._identify(transport)
        host = request.getHeader("host")
        self._access.check_host(host, peer is not None)
        self._access.check_origin(request.getHeader("origin"), host)
        found = self._access.principal(transport, request.getHeader("authorization"), peer)
        why = self._house.refuses(found.who)
        if why is not None:
            raise Problem("forbidden", why)
        return found

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
