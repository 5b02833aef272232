"""How the mux's control interface is reached: at a socket of this host, or over a network."""

import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.web.client import Agent
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from txqga.cli._complaint import Complaint
from txqga.cli._exits import Exit
from txqga.cli._where import Where, endpoint_of

#: Seconds within which a connection over a network is there.
PATIENCE = 10.0

#: As the mux takes them; the longest file that could hold one, in octets.
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{16,512}=*")
_LONGEST = 4096


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
        raise _wrong(f"--control: {why}") from why
    is_local = where.control.startswith(("/", "./", "../", "unix:"))
    token = None if is_local else _token(where)
    agent = Agent.usingEndpointFactory(reactor, _There(endpoint))
    return Line(agent, "http://localhost", token, is_local)


def _over_network(reactor: Any, where: Where) -> Line:
    try:
        url = urlsplit(where.control)
        sound = url.hostname and url.port != 0
    except ValueError as why:
        raise _wrong(f"--control: {where.control!r} is no address: {why}") from why
    if not sound or url.username is not None or url.path not in ("", "/") or url.query:
        words = f"--control: {where.control!r} is no address like https://HOST:PORT"
        raise _wrong(words)
    root = f"{url.scheme}://{url.netloc}"
    if url.scheme == "http":
        if where.ca is not None:
            raise _wrong("--ca: it is for https://, and --control is http://")
        return Line(Agent(reactor, connectTimeout=PATIENCE), root, _token(where), False)
    agent = Agent(reactor, _policy(where.ca), connectTimeout=PATIENCE)
    return Line(agent, root, _token(where), False)


def _policy(ca: str | None) -> Any:
    """Say whose certificates are believed: those of this host's authorities, or of one."""
    try:
        from twisted.internet.ssl import Certificate, trustRootFromCertificates
        from twisted.web.client import BrowserLikePolicyForHTTPS
    except ImportError as why:
        words = f"https:// needs what is not installed: pip install 'twisted[tls]' ({why})"
        raise Complaint("no-tls", words, Exit.USAGE) from why
    if ca is None:
        return BrowserLikePolicyForHTTPS()
    try:
        texts = re.findall(
            rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?",
            Path(ca).read_bytes(),
            re.DOTALL,
        )
        found = [Certificate.loadPEM(each) for each in texts]
    except OSError as why:
        raise _wrong(f"--ca: {why}") from why
    except Exception as why:  # whatever OpenSSL raises, it is of the file
        raise _wrong(f"--ca: {ca} holds no certificate that can be read: {why}") from why
    if not found:
        raise _wrong(f"--ca: {ca} holds no certificate")
    return BrowserLikePolicyForHTTPS(trustRoot=trustRootFromCertificates(found))


def _token(where: Where) -> str | None:
    """Find the token, if there is one."""
    if where.token_file is None:
        token, source = where.token, "TXQGA_TOKEN"
    else:
        token, source = _read(Path(where.token_file)), f"--token-file: {where.token_file}"
    if token is not None and not _TOKEN.fullmatch(token):
        raise _wrong(f"{source}: it is no token: one has 16 to 512 of A-Z a-z 0-9 . _ ~ + / -")
    return token


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            mode = stat.S_IMODE(path.stat().st_mode)
            text = file.read(_LONGEST)
    except (OSError, UnicodeDecodeError) as why:
        raise _wrong(f"--token-file: {why}") from why
    if mode & 0o077:
        words = f"others can read it (mode {mode:04o}); chmod 600 it"
        raise _wrong(f"--token-file: {path}: {words}")
    return text.strip()


def _wrong(words: str) -> Complaint:
    return Complaint("usage", words, Exit.USAGE)
