"""Guests of this host's mux as a page: ``python guests_over_http.py unix:/tmp/page``."""

import json
import sys

from klein import Klein
from twisted.internet import endpoints, reactor
from twisted.web.server import Site

from txqga import Guest, monotonic
from txqga.errors import AgentUnavailable, CommandFailed, Misfit, OutcomeUnknown
from txqga.schema import unstructure


class Guests:
    """A guest is connected to when somebody asks for it first."""

    app = Klein()

    def __init__(self, reactor, folder):
        self._reactor = reactor
        self._folder = folder
        self._guests = {}

    @app.route("/<name>")
    async def system(self, request, name):
        guest = self._guests.get(name)
        if guest is None:
            guest = Guest.at_mux(self._reactor, name, folder=self._folder)
            self._guests[name] = guest
        try:
            await guest.wait_ready(10)
        except AgentUnavailable:
            self._forget(name, guest)  # names that nobody has are asked for too
            raise
        request.setHeader("Content-Type", "application/json")
        return json.dumps(unstructure(await guest.get_osinfo()))

    def _forget(self, name, guest):
        if self._guests.get(name) is guest:
            del self._guests[name]
            guest.close()

    @app.handle_errors(ValueError)
    def no_name(self, request, failure):
        request.setResponseCode(404)
        return failure.getErrorMessage()

    @app.handle_errors(AgentUnavailable, OutcomeUnknown)
    def no_answer(self, request, failure):
        request.setResponseCode(504)
        return failure.getErrorMessage()

    @app.handle_errors(CommandFailed, Misfit)
    def refused(self, request, failure):
        request.setResponseCode(502)
        return failure.getErrorMessage()


monotonic(reactor)
where, folder = sys.argv[1], sys.argv[2] if sys.argv[2:] else "/run/txqga"
site = Site(Guests(reactor, folder).app.resource())
endpoints.serverFromString(reactor, where).listen(site)
reactor.run()
