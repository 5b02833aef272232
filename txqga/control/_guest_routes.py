"""What can be asked of guests: how they are, to come and go, and any command of their agents."""

from typing import Any

from txqga.control._body import arguments
from txqga.control._house import House
from txqga.control._openapi import SYNCS
from txqga.control._problem import Problem
from txqga.control._routes import Reception, Route, answered
from txqga.errors import OutcomeUnknown
from txqga.mux import ADD, REMOVE, VM

_GUEST = "/v1/guests/<guest>"


class GuestRoutes:
    """What can be asked of guests."""

    def __init__(self, house: House, reception: Reception) -> None:
        self._house = house
        self._reception = reception
        self.routes = (
            Route("GET", "/v1/guests", self.guests),
            Route("GET", _GUEST, self.guest),
            Route("PUT", _GUEST, self.add),
            Route("DELETE", _GUEST, self.remove),
            Route("GET", f"{_GUEST}/doctor", self.doctor),
            Route("POST", f"{_GUEST}/commands/<command>", self.command),
        )

    def guests(self, request: Any) -> bytes:
        """List the guests that the asker may know of."""
        who = self._reception.principal(request).who
        listed = [self._house.describe(each) for each in self._house.seen(who)]
        return answered(request, {"guests": listed})

    def guest(self, request: Any, guest: str) -> bytes:
        """Describe one guest."""
        found = self._house.guest(self._reception.principal(request).who, guest)
        return answered(request, self._house.describe(found))

    async def doctor(self, request: Any, guest: str) -> bytes:
        """Say what keeps a guest from answering, and what to do."""
        self._house.guest(self._reception.principal(request).who, guest)
        findings = await self._house.examine(guest)
        return answered(request, {"name": guest, "findings": findings})

    def add(self, request: Any, guest: str) -> bytes:
        """Serve one more guest; once more for the same one changes nothing."""
        principal = self._reception.principal(request)
        self._house.check(principal.who, guest, ADD)
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
        return answered(request, {"name": vm.name, "channel": vm.channel})

    async def remove(self, request: Any, guest: str) -> bytes:
        """Serve a guest no more that was added."""
        self._house.check(self._reception.principal(request).who, guest, REMOVE)
        await self._house.remove(guest)
        request.setResponseCode(204)
        return b""

    async def command(self, request: Any, guest: str, command: str) -> bytes:
        """Run a command of the guest's agent, with the arguments in the body."""
        principal = self._reception.principal(request)
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
            return answered(request, {})
        return answered(request, {"return": value})
