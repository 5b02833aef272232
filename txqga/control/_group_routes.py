"""What can be asked of groups of guests that are frozen together."""

from typing import Any

from twisted.internet.defer import CancelledError

from txqga.control._body import arguments
from txqga.control._groups import Groups
from txqga.control._routes import Reception, Route, answered
from txqga.control._wanted import group_hold, renewal

_GROUPS, _GROUP = "/v1/freezes", "/v1/freezes/<freeze>"


class GroupRoutes:
    """What can be asked of groups of guests that are frozen together."""

    def __init__(self, groups: Groups, reception: Reception) -> None:
        self._groups = groups
        self._reception = reception
        self.routes = (
            Route("GET", _GROUPS, self.groups),
            Route("POST", _GROUPS, self.freeze),
            Route("GET", _GROUP, self.group),
            Route("PATCH", _GROUP, self.renew),
            Route("DELETE", _GROUP, self.thaw),
        )

    def groups(self, request: Any) -> bytes:
        """List the groups of guests that are frozen together."""
        held = self._groups.held(self._reception.principal(request).who)
        return answered(request, {"freezes": [self._groups.described(each) for each in held]})

    async def freeze(self, request: Any) -> bytes:
        """Freeze a group of guests, all or none; it is given up if the client goes meanwhile."""
        principal = self._reception.principal(request)
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
        return answered(request, self._groups.described(group))

    def group(self, request: Any, freeze: str) -> bytes:
        """Say how a group is, or how it ended."""
        found = self._groups.find(self._reception.principal(request).who, freeze)
        return answered(request, self._groups.described(found))

    async def renew(self, request: Any, freeze: str) -> bytes:
        """Begin the leases of a group anew."""
        principal = self._reception.principal(request)
        found = self._groups.find(principal.who, freeze)
        seconds = renewal(arguments(request))
        await self._groups.renew(principal.caller, principal.who, found, seconds)
        return answered(request, self._groups.described(found))

    async def thaw(self, request: Any, freeze: str) -> bytes:
        """Thaw a group."""
        principal = self._reception.principal(request)
        found = self._groups.find(principal.who, freeze)
        await self._groups.thaw(principal.caller, principal.who, found)
        return answered(request, self._groups.described(found))
