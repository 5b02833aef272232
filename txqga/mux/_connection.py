"""
One client that is served: its conversation, and the pace at which it is read.

What it holds of our memory is bounded: a request of 64 MiB that is being read or waits for its
turn, decoded; 128 KiB behind it; answers that it has not read, of 64 MiB and one more.
"""

from collections.abc import Callable
from functools import partial

from twisted.internet.interfaces import IReactorTime, ITransport
from twisted.logger import Logger

from txqga.mux._callers import Caller
from txqga.mux._conversation import Conversation, Line
from txqga.mux._guest import Guest
from txqga.mux._hangup import Lookout
from txqga.mux._outbox import Outbox


class Connection:
    """One client that is served."""

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        guest: Guest,
        caller: Caller,
        transport: ITransport,
        has_hung_up: Callable[[], bool],
    ) -> None:
        """
        :param has_hung_up: tells a client that only says no more from one that has gone.
        """
        self._guest = guest
        self._caller = caller
        self._transport = transport
        self._has_hung_up = has_hung_up
        self._lookout = Lookout(clock, has_hung_up, self.drop)
        self._pauses: set[str] = set()  #: why nothing is read at present
        outbox = Outbox(transport, partial(self._pause, "unsent"), self._overflow)
        transport.registerProducer(outbox, True)  # type: ignore[attr-defined]
        self._conversation = Conversation(
            clock,
            guest,
            caller,
            Line(write=outbox.write, close=outbox.close, pause=partial(self._pause, "unread")),
        )

    def receive(self, data: bytes) -> None:
        """Take what the client said."""
        self._conversation.receive(data)

    def ended(self) -> None:
        """The client will say no more; it is answered as long as it listens."""
        self._pauses.add("ended")
        if self._has_hung_up():
            self.drop()
        else:
            self._lookout.start()
            self._conversation.end()

    def finish(self) -> None:
        """Hear the client no more, and end when what it said has been answered."""
        self._pauses.add("ended")
        self._transport.pauseProducing()  # type: ignore[attr-defined]
        self._conversation.end()

    def lost(self) -> None:
        """The client has gone."""
        self._lookout.stop()
        self._conversation.stop()
        self._guest.leave(self._caller)

    def drop(self) -> None:
        """End the connection, whatever is under way."""
        self._transport.abortConnection()  # type: ignore[attr-defined]

    def _overflow(self, octets: int) -> None:
        self._log.warn(
            "{guest}: {client} is cut off: it has left {octets} octets of answers unread",
            guest=self._guest.name,
            client=self._caller.name,
            octets=octets,
        )
        self.drop()

    def _pause(self, why: str, pause: bool) -> None:
        if pause:
            self._pauses.add(why)
            self._lookout.start()
            self._transport.pauseProducing()  # type: ignore[attr-defined]
        else:
            self._pauses.discard(why)
            if not self._pauses:
                self._lookout.stop()
                self._transport.resumeProducing()  # type: ignore[attr-defined]
