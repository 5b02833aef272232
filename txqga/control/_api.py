"""All that can be asked over HTTP, joined; and how it is told what went wrong."""

from collections.abc import Callable
from typing import Any

from klein import Klein
from twisted.logger import Logger
from twisted.python.failure import Failure
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from txqga.control._about_routes import AboutRoutes
from txqga.control._access import Access
from txqga.control._figure_routes import FigureRoutes
from txqga.control._freeze_routes import FreezeRoutes
from txqga.control._group_routes import GroupRoutes
from txqga.control._groups import Groups
from txqga.control._guest_routes import GuestRoutes
from txqga.control._house import House
from txqga.control._page_routes import PageRoutes
from txqga.control._problem import CONTENT_TYPE, Problem, problem_of
from txqga.control._routes import Answer, Reception, Route, answered
from txqga.mux import Peer
from txqga.wire import JSON


class Api:
    """
    The control interface of one mux.

    :param document: describes all of it.
    :param identify: tells who is at the other end of a UNIX socket; None for other transports.
    """

    _log = Logger()

    def __init__(
        self,
        house: House,
        groups: Groups,
        access: Access,
        document: JSON,
        identify: Callable[[Any], Peer | None],
    ) -> None:
        self.reception = reception = Reception(house, access, identify)
        self.app = Klein()
        for each in (
            AboutRoutes(house, reception, document),
            GuestRoutes(house, reception),
            FigureRoutes(house, reception),
            FreezeRoutes(house, reception),
            GroupRoutes(groups, reception),
            PageRoutes(),
        ):
            for route in each.routes:
                self._serve(route)

        @self.app.handle_errors(Exception)
        def failed(request: Any, failure: Failure) -> bytes:
            return self._failed(request, failure)

    def _serve(self, route: Route) -> None:
        # of each route its own: what is registered is given an attribute, which no method takes
        def answer(request: Any, **parts: str) -> Answer:
            return route.answer(request, **parts)

        name = f"{route.method} {route.path}"
        self.app.route(route.path, methods=[route.method], endpoint=name)(answer)

    def _failed(self, request: Any, failure: Failure) -> bytes:
        """Say what went wrong."""
        problem = problem_of(failure.value) or _of_http(failure.value)
        if problem is None:
            self._log.failure("{method} {path}", failure, method=request.method, path=request.path)
            problem = Problem("internal-error", "a mistake of this program; see its log")
        request.setResponseCode(problem.status)
        for name, value in problem.headers.items():
            request.setHeader(name.encode(), value.encode())
        return answered(request, problem.document(), CONTENT_TYPE)


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
