"""The control interface as a service: it listens where it is told to."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

from attrs import frozen
from twisted.application.service import Service
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IListeningPort, IStreamServerEndpoint, IUNIXTransport
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.server import Site

from txqga.control._access import Access, read_tokens
from txqga.control._access_log import access_line
from txqga.control._api import Api
from txqga.control._body import BoundedRequest
from txqga.control._crowd import Crowd
from txqga.control._groups import Groups
from txqga.control._house import House, Served
from txqga.control._openapi import document
from txqga.control._paths import PATHS, SHAPES
from txqga.control._told import Told
from txqga.errors import CannotStart
from txqga.fsfreeze import Hook
from txqga.mux import Peer, peer, room, socket_path
from txqga.schema import Schema


class Refused(CannotStart):
    """It may not listen there as it was told to."""


@frozen(kw_only=True)
class ControlOptions:
    """Where the control interface is, and who may use it."""

    endpoint: str  #: server endpoint description, such as ``unix:/run/txqga/control.http:mode=600``
    tokens: Path | None = None  #: file of tokens, see :func:`read_tokens`
    hosts: tuple[str, ...] = ()  #: names by which this host may be addressed
    hook: Hook | None = None  #: a program that is run before a group is frozen, and after

    def access(self) -> Access:
        """
        Read who is known, and as what this server may be addressed.

        :raise Refused: everybody who reaches the endpoint could do everything.
        :raise ValueError: the file of tokens is wrong.
        :raise OSError: it cannot be read.
        """
        kind = private(self.endpoint).partition(":")[0]
        certificates = kind == "mtls"
        tokens = {} if self.tokens is None else read_tokens(self.tokens)
        if kind != "unix" and not (certificates or tokens):
            raise Refused(
                f"{self.endpoint!r} can be reached by everybody: name a file of tokens, or serve "
                "ssl: with caCertsDir=, or a unix: socket"
            )
        return Access(tokens=tokens, hosts=self.hosts, certificates=certificates)


def identify(transport: Any) -> Peer | None:
    """Tell who is at the other end of a UNIX socket; None for other transports."""
    return peer(transport) if IUNIXTransport.providedBy(transport) else None


class Control(Service):
    """
    Serves the control interface of a mux, while it runs.

    :param reactor: provides what the endpoint needs.
    :param told: knows the figures of guests; None: nobody asks for them.
    :raise Refused: everybody who reaches the endpoint could do everything.
    :raise ValueError: it is no endpoint, or the file of tokens is wrong.
    """

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        mux: Served,
        options: ControlOptions,
        schema: Schema,
        told: Told | None = None,
    ) -> None:
        access = options.access()
        self._where = options.endpoint
        self._endpoint = _endpoint(reactor, options.endpoint)
        self._house = House(reactor, mux, told=told)
        self._groups = Groups(reactor, self._house, options.hook)
        described = document(schema, PATHS, SHAPES)
        self._api = Api(self._house, self._groups, access, described, identify)
        resource = self._api.app.resource()
        self._site = Site(resource, requestFactory=BoundedRequest, logFormatter=access_line)
        self._site.displayTracebacks = False
        self._port: IListeningPort | None = None

    def adopt(self, access: Access, hook: Hook | None) -> None:
        """
        Take others for known from the next request on, and another hook for the next group.

        :param access: of :meth:`ControlOptions.access`, for the same endpoint.
        """
        self._api.reception.access = access
        self._groups.hook = hook

    def startService(self) -> None:
        """
        Listen.

        :raise CannotStart: that cannot be done; says why.
        """
        super().startService()  # type: ignore[no-untyped-call]
        self._groups.start()
        failures: list[Failure] = []
        path = socket_path(self._where)
        with nullcontext() if path is None else room(path.parent, [path]):
            self._endpoint.listen(Crowd(self._site)).addCallbacks(self._listens, failures.append)
        if failures:
            raise Refused(failures[0].getErrorMessage())

    def _listens(self, port: IListeningPort) -> None:
        self._port = port
        self._log.info("the control interface is served at {endpoint}", endpoint=self._where)

    def stopService(self) -> Deferred[None]:
        """Thaw the groups that are frozen, and let everybody go."""
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            await maybeDeferred(port.stopListening)
        await self._groups.close()
        self._house.close()


def private(endpoint: str) -> str:
    """
    Let only our own user connect to a UNIX socket, unless the endpoint says who else may; and to
    one of TLS that names authorities only whom they know.
    """
    if endpoint.startswith("ssl:") and ":caCertsDir=" in endpoint:
        return f"mtls:{endpoint.removeprefix('ssl:')}"
    if not endpoint.startswith("unix:"):
        return endpoint
    mode = "" if ":mode=" in endpoint else ":mode=600"
    # Twisted's lock names a process: after a kill that number may be another's, or our own
    return f"{endpoint}{mode}" if ":lockfile=" in endpoint else f"{endpoint}{mode}:lockfile=0"


def _endpoint(reactor: Any, description: str) -> IStreamServerEndpoint:
    try:
        made: IStreamServerEndpoint = serverFromString(reactor, private(description))
    except Exception as why:  # a parser may stumble over whatever it is told to read
        raise ValueError(f"{description!r} is no server endpoint: {why}") from why
    return made
