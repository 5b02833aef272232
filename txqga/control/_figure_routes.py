"""What can be asked about the figures that were read in guests: it is told from memory."""

from typing import Any

from txqga.control._house import House
from txqga.control._problem import Problem
from txqga.control._routes import Reception, Route, answered

#: Points of each vital that one guest is told with, and each of all.
MOST, MOST_OF_ALL = 120, 60


class FigureRoutes:
    """What can be asked about figures."""

    def __init__(self, house: House, reception: Reception) -> None:
        self._house = house
        self._reception = reception
        self.routes = (
            Route("GET", "/v1/figures", self.glance),
            Route("GET", "/v1/guests/<guest>/figures", self.guest),
            Route("GET", "/v1/targets", self.targets),
        )

    def glance(self, request: Any) -> bytes:
        """Tell how all guests are that the asker may know of, at a glance."""
        who = self._reception.principal(request).who
        points = _points(request)
        told = self._house.told
        guests = {each.name: told.vitals(each.name, points) for each in self._house.seen(who)}
        return answered(request, {"polls": told.polls, "guests": guests})

    def guest(self, request: Any, guest: str) -> bytes:
        """Tell all figures of one guest."""
        found = self._house.guest(self._reception.principal(request).who, guest)
        told = self._house.told
        return answered(
            request,
            {
                "name": found.name,
                "polls": told.polls,
                "vitals": told.vitals(found.name, MOST),
                "figures": told.figures(found.name),
            },
        )

    def targets(self, request: Any) -> bytes:
        """List what Prometheus may scrape, one target for each guest that the asker may know of."""
        who = self._reception.principal(request).who
        host = request.getHeader("host") or "localhost"
        scheme = "https" if request.isSecure() else "http"
        told = [
            {
                "targets": [host],
                "labels": {
                    "__scheme__": scheme,
                    "__metrics_path__": "/metrics",
                    "__param_guest": each.name,
                    "instance": each.name,
                    **{
                        f"__meta_txqga_label_{name}": value
                        for name, value in self._house.told.labels(each.name).items()
                    },
                },
            }
            for each in self._house.seen(who)
        ]
        return answered(request, told)


def _points(request: Any) -> int:
    given = request.args.get(b"points")
    if given is None:
        return 1
    text = given[-1]
    if not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= MOST_OF_ALL:
        raise Problem("invalid-arguments", f"points: a number from 1 to {MOST_OF_ALL}")
    return int(text)
