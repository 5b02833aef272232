"""
Who asks.

On a UNIX socket the kernel says who it is. On a network it is who has a token that we know, or a
certificate that our authority signed. A browser must not be made to ask in its user's name: what
comes from a page of another origin is refused, and so is a host name that is not ours.
"""

import hashlib
import hmac
import ipaddress
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen

from txqga.control._problem import Problem
from txqga.mux import Bearer, Caller, Peer, User

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{16,512}=*\Z")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z")


@frozen(kw_only=True)
class Principal:
    """Who asks."""

    name: str  #: for the log
    owner: User | Bearer  #: to whom handles belong that it makes
    who: Peer | Bearer  #: whose rights it has

    @property
    def caller(self) -> Caller:
        """Make who asks, as guests know it."""
        return Caller(self.name, self.owner, self.who)


@frozen(kw_only=True)
class Access:
    """Who is known here, and as what this server may be addressed."""

    tokens: Mapping[bytes, str] = field(factory=dict, repr=False)  #: names, by SHA-256 of the token
    hosts: Collection[str] = ()  #: names of this host, besides its numbers and ``localhost``
    certificates: bool = False  #: the connection is one of TLS, to which only ours are let

    def principal(self, transport: Any, authorization: str | None, peer: Peer | None) -> Principal:
        """
        Tell who asks.

        :param authorization: the header of that name.
        :param peer: who is at the other end of a UNIX socket.
        :raise Problem: nobody that is known.
        """
        if authorization is not None:
            return self._by_token(authorization)
        if peer is not None:
            name = f"uid {peer.uid} (pid {peer.pid})"
            return Principal(name=name, owner=User(peer.uid), who=peer)
        if self.certificates:
            name = _common_name(transport)
            return Principal(name=f"certificate {name}", owner=Bearer(name), who=Bearer(name))
        raise _who("say who asks: send the header Authorization: Bearer TOKEN")

    def check_host(self, host: str | None, is_local: bool) -> None:
        """
        Refuse a name that is not this server's: somebody has pointed their own name at us.

        :param is_local: the connection is one of a UNIX socket, which no browser reaches.
        """
        if is_local:
            return
        name = _name_in(f"//{host or ''}")
        if name == "localhost" or name in self.hosts or _is_number(name):
            return
        raise Problem("misdirected", f"this server is not called {name[:100]!r}")

    def check_origin(self, origin: str | None, host: str | None) -> None:
        """Refuse what a page of another site has made a browser ask."""
        if origin is not None and origin.partition("://")[2] != host:
            raise Problem("forbidden", "a page of another origin may not ask this")

    def _by_token(self, authorization: str) -> Principal:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise _who("the only scheme that is understood is Bearer")
        digest = hashlib.sha256(token.strip().encode()).digest()
        for known, name in self.tokens.items():
            if hmac.compare_digest(known, digest):
                return Principal(name=f"token {name}", owner=Bearer(name), who=Bearer(name))
        raise _who("this token is unknown")


def read_tokens(path: Path) -> dict[bytes, str]:
    """
    Read a file of tokens: a name and a token on each line; ``#`` begins a comment.

    :return: the names, by the SHA-256 of the tokens.
    :raise ValueError: says what is wrong with it, and on which line.
    :raise OSError: it cannot be read.
    """
    with path.open(encoding="utf-8") as file:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise ValueError(f"{path}: others can read it (mode {mode:04o}); chmod 600 it")
        lines = file.read().splitlines()
    found: dict[bytes, str] = {}
    for number, line in enumerate(lines, 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 2 or not _LABEL.match(words[0]) or not _TOKEN.match(words[1]):
            raise ValueError(
                f"{path}:{number}: not a name and a token: a token has 16 to 512 of "
                "A-Z a-z 0-9 . _ ~ + / -, such as `openssl rand -hex 32` makes"
            )
        digest = hashlib.sha256(words[1].encode()).digest()
        if digest in found:
            raise ValueError(f"{path}:{number}: {words[0]} has the token of {found[digest]}")
        found[digest] = words[0]
    return found


def _who(detail: str) -> Problem:
    return Problem("unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def _name_in(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _common_name(transport: Any) -> str:
    """Tell the name in the certificate of a TLS connection, which has been verified."""
    certificate = transport.getPeerCertificate()
    name = None if certificate is None else certificate.get_subject().commonName
    if not name or not _LABEL.match(name):
        raise _who("the certificate has no common name that could be a name here")
    return str(name)
