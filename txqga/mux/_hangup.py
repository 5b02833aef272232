"""
Telling a client that will say no more from one that has gone.

``echo ... | socat - UNIX:db1.sock`` ends its writing side and waits for the answer: its end of
file looks like that of a client that was killed. The kernel knows which it was. Where nothing is
read, behind the end of file or because there is enough to do already, Twisted does not look, so we
look now and then.
"""

import select
from collections.abc import Callable

from twisted.internet.interfaces import IReactorTime, ITransport
from twisted.internet.task import LoopingCall

#: Seconds between looks.
PERIOD = 1.0


def has_hung_up(transport: ITransport) -> bool:
    """Whether the other end of a UNIX socket is closed altogether, not only for writing."""
    poll = select.poll()
    poll.register(transport.fileno(), select.POLLIN)  # type: ignore[attr-defined]
    return any(events & select.POLLHUP for _, events in poll.poll(0))


class Lookout:
    """Looks now and then whether somebody has gone."""

    def __init__(
        self, clock: IReactorTime, has_gone: Callable[[], bool], gone: Callable[[], None]
    ) -> None:
        self._has_gone = has_gone
        self._gone = gone
        self._looking = LoopingCall(self._look)
        self._looking.clock = clock

    def start(self) -> None:
        """Look from now on, again and again."""
        if not self._looking.running:
            self._looking.start(PERIOD, now=False)

    def stop(self) -> None:
        """Look no more."""
        if self._looking.running:
            self._looking.stop()

    def _look(self) -> None:
        if self._has_gone():
            self.stop()
            self._gone()
