"""How the mux's control interface is reached: at a socket of this host, or over a network."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.web.client import Agent
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from txqga.cli._tls import policy_of, private, wrong
from txqga.cli._where import Where, endpoint_of

#: Seconds within which a connection over a network is there.
PATIENCE = 10.0

#: As the mux takes them.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{16,512}=*")


@frozen
class Line:
    """How the control interface is asked."""

    agent: Any  #: Twisted's, which sends requests
    root: str  #: what every address begins with, without a slash at its end
    token: str | None = field(default=None, repr=False)  #: says who asks
    is_local: bool = True  #: a socket of this host: the kernel says who asks


@implementer(IAgentEndpointFactory)
@frozen
class _There:
    """Every address is that of the control socket."""

    endpoint: IStreamClientEndpoint

    def endpointForURI(self, uri: object) -> IStreamClientEndpoint:
        return self.endpoint


def line_of(reactor: Any, where: Where) -> Line:
    """
    Prepare to ask the control interface; nothing is connected yet.

    :raise Complaint: it is no address, or the token or the authority cannot be read.
    """
    if where.is_url:
        return _over_network(reactor, where)
    try:
        endpoint = endpoint_of(reactor, where.control)
    except ValueError as why:
        wrong("--control", str(why))
    is_local = where.control.startswith(("/", "./", "../", "unix:"))
    token = None if is_local else _token(where)
    agent = Agent.usingEndpointFactory(reactor, _There(endpoint))
    return Line(agent, "http://localhost", token, is_local)


def _over_network(reactor: Any, where: Where) -> Line:
    try:
        url = urlsplit(where.control)
        sound = url.hostname and url.port != 0
    except ValueError as why:
        wrong("--control", f"{where.control!r} is no address: {why}")
    if not sound or url.username is not None or url.path not in ("", "/") or url.query:
        wrong("--control", f"{where.control!r} is no address like https://HOST:PORT")
    root = f"{url.scheme}://{url.netloc}"
    if url.scheme == "http":
        if where.ca is not None:
            wrong("--ca", "it is for https://, and --control is http://")
        if where.cert is not None:
            wrong("--cert", "it is for https://, and --control is http://")
        return Line(Agent(reactor, connectTimeout=PATIENCE), root, _token(where), False)
    agent = Agent(reactor, policy_of(where), connectTimeout=PATIENCE)
    return Line(agent, root, _token(where), False)


def _token(where: Where) -> str | None:
    """Find the token, if there is one."""
    if where.token_file is None:
        token, source = where.token, "TXQGA_TOKEN"
    else:
        token = private("--token-file", Path(where.token_file)).strip()
        source = f"--token-file: {where.token_file}"
    if token is not None and not _TOKEN.fullmatch(token):
        wrong(source, "it is no token: one has 16 to 512 of A-Z a-z 0-9 . _ ~ + / -")
    return token
