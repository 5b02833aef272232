"""How many may be connected over HTTP at a time: who comes when there is no room is let go."""

from typing import Any

from twisted.internet.interfaces import IAddress, IProtocolNegotiationFactory
from twisted.logger import Logger
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from zope.interface import implementer

#: Connections at a time, of all and of one host on a network. One that asks nothing is ended after
#: a minute.
MOST, MOST_OF_HOST = 1024, 256


@implementer(IProtocolNegotiationFactory)
class Crowd(WrappingFactory):
    """
    Lets so many be connected at a time.

    :param factory: makes their protocols.
    """

    _log = Logger()
    noisy = False

    def __init__(self, factory: Any, most: int = MOST, most_of_host: int = MOST_OF_HOST) -> None:
        super().__init__(factory)  # type: ignore[no-untyped-call]
        self._most = most
        self._most_of_host = most_of_host
        self._hosts: dict[ProtocolWrapper, str] = {}
        self._is_full = False  #: and that was told

    def buildProtocol(  # type: ignore[override]  # None, as of any factory
        self, addr: IAddress | None
    ) -> ProtocolWrapper | None:
        """Make a protocol for who has connected; None: there is no room."""
        host = _host(addr)
        there = [*self._hosts.values()].count(host)
        if len(self._hosts) >= self._most or (host and there >= self._most_of_host):
            if not self._is_full:
                self._is_full = True
                self._log.warn(
                    "no room for {peer}: {all} are connected over HTTP, {there} of them from there",
                    peer=host or "one more",
                    all=len(self._hosts),
                    there=there,
                )
            return None
        self._is_full = False
        return super().buildProtocol(addr)

    def acceptableProtocols(self) -> list[bytes]:
        """
        Name what is spoken here: over TLS clients such as curl say what they speak, and where
        nothing of it is known they are refused.
        """
        found = IProtocolNegotiationFactory(self.wrappedFactory, None)
        return [] if found is None else [*found.acceptableProtocols()]

    def registerProtocol(self, p: ProtocolWrapper) -> None:
        """Count one who has come."""
        super().registerProtocol(p)  # type: ignore[no-untyped-call]
        self._hosts[p] = _host(p.getPeer())

    def unregisterProtocol(self, p: ProtocolWrapper) -> None:
        """Count one who has gone."""
        super().unregisterProtocol(p)  # type: ignore[no-untyped-call]
        del self._hosts[p]


def _host(addr: Any) -> str:
    """Name the host at the other end; empty: it is this one, at a UNIX socket."""
    return str(getattr(addr, "host", ""))
