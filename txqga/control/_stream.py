"""One connection that follows events: server-sent events over HTTP."""

from collections.abc import Callable, Hashable
from typing import Any

from twisted.internet.interfaces import IPushProducer
from twisted.python.failure import Failure
from zope.interface import implementer

from txqga.control._feed import Feed, Follower


@implementer(IPushProducer)
class Stream:
    """Writes what happens to a request, until its client goes."""

    def __init__(
        self,
        request: Any,
        feed: Feed,
        sees: Callable[[str], bool],
        last: str | None,
        owner: Hashable = None,
    ) -> None:
        """
        :param owner: who asks.
        :param sees: tells of which guests the client may know.
        :param last: the header ``Last-Event-ID``.
        """
        self._request = request
        self._feed = feed
        self._last = last
        self._follower = Follower(request.write, self._cut_off, sees, request.loseConnection, owner)

    def start(self) -> None:
        """Answer, and go on answering."""
        request = self._request
        request.setHeader(b"content-type", b"text/event-stream")
        request.setHeader(b"cache-control", b"no-store")
        request.registerProducer(self, True)
        # the headers go out now, and whoever reads knows that it is heard
        request.write(b": follow\n\n")
        self._leave = self._feed.follow(self._follower, self._last)
        request.notifyFinish().addBoth(self._gone)

    def pauseProducing(self) -> None:
        """The client does not read at present."""
        self._follower.pause()

    def resumeProducing(self) -> None:
        """The client reads."""
        self._follower.resume()

    def stopProducing(self) -> None:
        """The client has gone, which :meth:`_gone` is told too."""

    def _cut_off(self) -> None:
        # one that does not read would never be through with what was written
        self._request.channel.transport.abortConnection()

    def _gone(self, why: Failure | None) -> None:
        self._leave()
