"""What can be asked of one guest's freeze."""

from typing import Any

from txqga.control._body import arguments
from txqga.control._groups import FREEZE, RENEW, THAW
from txqga.control._house import House
from txqga.control._routes import Reception, Route, answered
from txqga.control._wanted import hold, named, renewal

_FREEZE = "/v1/guests/<guest>/freeze"


class FreezeRoutes:
    """What can be asked of one guest's freeze."""

    def __init__(self, house: House, reception: Reception) -> None:
        self._house = house
        self._reception = reception
        self.routes = (
            Route("GET", _FREEZE, self.frozen),
            Route("POST", _FREEZE, self.freeze),
            Route("PATCH", _FREEZE, self.renew),
            Route("DELETE", _FREEZE, self.thaw),
        )

    def frozen(self, request: Any, guest: str) -> bytes:
        """Say whether a guest is frozen, for whom, and until when."""
        found = self._house.guest(self._reception.principal(request).who, guest)
        return answered(request, self._house.freeze(found))

    async def freeze(self, request: Any, guest: str) -> bytes:
        """Freeze a guest; whatever becomes of the client, the lease ends it."""
        principal = self._reception.principal(request)
        found = self._house.guest(principal.who, guest, FREEZE)
        wanted = hold(arguments(request))
        freezer = found.freezing.freezer(
            named(principal.name, wanted.owner),
            wanted.seconds,
            wanted.mountpoints,
            lambda: principal.caller,
        )
        count = await freezer.freeze()
        return answered(request, {"filesystems": count, **self._house.freeze(found)})

    async def renew(self, request: Any, guest: str) -> bytes:
        """Begin a guest's lease anew."""
        principal = self._reception.principal(request)
        found = self._house.guest(principal.who, guest, RENEW)
        seconds = renewal(arguments(request))
        given = {} if seconds is None else {"seconds": seconds}
        await found.ask(principal.caller, RENEW, given)
        return answered(request, self._house.freeze(found))

    async def thaw(self, request: Any, guest: str) -> bytes:
        """Thaw a guest."""
        principal = self._reception.principal(request)
        found = self._house.guest(principal.who, guest, THAW)
        thawed = await found.ask(principal.caller, THAW, {})
        count = thawed if type(thawed) is int else 0
        return answered(request, {"filesystems": count, **self._house.freeze(found)})
