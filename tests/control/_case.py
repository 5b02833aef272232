"""The control interface in memory: a client of HTTP, and a guest whose agent is the test."""

from collections.abc import Mapping
from typing import Any

import orjson
from attrs import define, field
from treq.testing import StubTreq
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.mux._session import ScriptedSession
from txqga.control._access import Access
from txqga.control._api import Api
from txqga.control._groups import Groups
from txqga.control._house import House
from txqga.control._openapi import document
from txqga.control._paths import PATHS, SHAPES
from txqga.mux import (
    VM,
    Authority,
    Events,
    Finding,
    Guest,
    HookBook,
    MemoryBook,
    Peer,
    Policy,
    Taken,
)
from txqga.schema import extended
from txqga.wire import JSON

ROOT = Peer(pid=7, uid=0, gid=0)


@define
class FakeMux:
    """As much of a mux as the interface asks for; the guests are real ones."""

    events: Events = field(factory=Events)
    guests: dict[str, Guest] = field(factory=dict)
    running: bool = True
    added: dict[str, VM] = field(factory=dict)
    hooks: HookBook = field(factory=MemoryBook)
    authority: Authority = field(
        factory=lambda: Authority(Clock(), Policy.default(0), extended()),
    )

    def add(self, vm: VM) -> None:
        if vm.name in self.guests:
            raise Taken(f"two guests are called {vm.name}")
        if vm.channel.startswith("carrier-pigeon"):
            raise ValueError(f"{vm.channel!r} is no client endpoint")
        self.added[vm.name] = vm

    async def examine(self, name: str) -> list[Finding]:
        return [Finding(code="busy", words="It is busy.", advice="Wait.", seconds=2.0)]

    def remove(self, name: str) -> Deferred[None]:
        del self.added[name]
        return succeed(None)


@define
class Asked:
    """A request, and what was answered so far."""

    status: int = 0  #: 0: not answered yet
    headers: Mapping[str, str] = field(factory=dict)
    octets: bytes = b""
    failure: Any = None
    sent: Any = None  #: cancel it to hang up

    @property
    def json(self) -> Any:
        return orjson.loads(self.octets)


class ControlCase(SynchronousTestCase):
    """One guest, ``db1``, that is ready."""

    access = Access()
    peer: Peer | None = ROOT

    def setUp(self) -> None:
        self.session = ScriptedSession()
        self.clock = self.session.clock
        self.mux = FakeMux()
        self.guest = Guest(self.clock, "db1", self.session, None, self.mux.events)
        self.mux.guests["db1"] = self.guest
        self.guest.start()
        self.session.ready()
        self.clock.advance(0)
        self.session.answer("thawed")
        self.clock.advance(0)
        self.session.asked.clear()
        self.house = House(self.clock, self.mux, lambda: 1_700_000_000.0 + self.clock.seconds())
        self.groups = Groups(self.clock, self.house)
        described = document(extended(), PATHS, SHAPES)
        self.api = Api(self.house, self.groups, self.access, described, lambda _: self.peer)
        self.http: Any = StubTreq(self.api.app.resource())  # type: ignore[no-untyped-call]

    def ask(
        self,
        method: str,
        path: str,
        body: JSON = None,
        octets: bytes | None = None,
        **headers: str,
    ) -> Asked:
        """Send a request; underscores in names of headers become hyphens."""
        if body is not None:
            octets = orjson.dumps(body)
            headers.setdefault("content_type", "application/json")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = Asked()
        url = f"http://localhost{path}"
        sent: Deferred[Any] = self.http.request(method, url, data=octets, headers=named)
        asked.sent = sent
        sent.addCallback(self._answered, asked).addErrback(self._failed, asked)
        self.pump()
        return asked

    def pump(self) -> None:
        """Let everything happen that is due."""
        for _ in range(3):
            self.clock.advance(0)
            self.http.flush()

    def _answered(self, response: Any, asked: Asked) -> None:
        asked.status = response.code
        asked.headers = {
            name.decode().lower(): values[-1].decode()
            for name, values in response.headers.getAllRawHeaders()
        }

        def more(octets: bytes) -> None:
            asked.octets += octets

        response.collect(more)

    def _failed(self, failure: Any, asked: Asked) -> None:
        asked.failure = failure
