"""
Batches on their way to a platform: one at a time, in order, again and again until it has them.

A platform that is down is asked more and more rarely, at moments that differ from host to host; one
that says when it wants to be asked again is asked then.
"""

from collections.abc import Callable
from enum import Enum
from random import Random

from attrs import frozen
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.monitor.sinks._spool import Spool

#: Seconds of the longest pause of our own, and of the longest that a platform may ask for; and of
#: the shortest, after which one that says "at once" is asked again.
LONGEST, LONGEST_ASKED, LEAST_ASKED = 300.0, 3600.0, 1.0

#: Seconds in which it is told once that a platform takes a part of what it gets.
RARELY = 3600.0


class Outcome(Enum):
    """What became of a batch."""

    DONE = "done"  #: the platform has it
    AGAIN = "again"  #: it may be taken later
    NEVER = "never"  #: it will never be taken as it is


@frozen
class Sent:
    """What a platform said."""

    outcome: Outcome
    why: str = ""  #: for people
    wait: float | None = None  #: seconds after which it wants to be asked again
    lost: int = 0  #: samples of the batch that it has not taken, and never will


#: Sends a named batch; a failure is an AGAIN.
Send = Callable[[str, bytes], Deferred[Sent]]


class Delivery:
    """Delivers what is in a spool."""

    _log = Logger()

    def __init__(
        self, clock: IReactorTime, name: str, spool: Spool, send: Send, random: Random
    ) -> None:
        """:param name: of the sink, for the log."""
        self.delivered = 0  #: batches
        self.refused = 0  #: batches that will never be taken
        self.failures = 0  #: attempts that failed
        self.lost = 0  #: samples of delivered batches that were not taken
        self.trouble = ""  #: why the last attempt failed; empty: it did not
        self._clock = clock
        self._name = name
        self._spool = spool
        self._send = send
        self._random = random
        self._in_a_row = 0
        self._partly_again = clock.seconds()  # when it may be told again that a part is refused
        self._ends_untold = False  # that there is trouble was not told, nor is that it ended
        self._sending: Deferred[None] | None = None
        self._pause: IDelayedCall | None = None
        self._running = False

    @property
    def state(self) -> str:
        """``idle``, ``sending``, ``waiting`` (until the next attempt) or ``stopped``."""
        if not self._running:
            return "stopped"
        if self._sending is not None:
            return "sending"
        return "idle" if self._pause is None else "waiting"

    def start(self) -> None:
        """Deliver, from now on."""
        self._running = True
        self.wake()

    def stop(self) -> None:
        """Deliver nothing any more; what is on its way may have arrived, and is sent again."""
        self._running = False
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        if self._sending is not None:
            self._sending.cancel()

    def wake(self) -> None:
        """There is something new to be delivered."""
        if not self._running or self._sending is not None or self._pause is not None:
            return
        if self._spool.first() is None:
            return
        sending = self._sending = Deferred.fromCoroutine(self._deliver())
        sending.addErrback(self._broken).addBoth(self._go_on)

    async def _deliver(self) -> None:
        """Send one batch after the other, until there is none, or one has to be sent again."""
        while self._running and not self._pause and (first := self._spool.first()):
            await self._attempt(*first)

    async def _attempt(self, name: str, octets: bytes) -> None:
        try:
            sent = await self._send(name, octets)
        except CancelledError:
            raise
        except Exception as why:
            sent = Sent(Outcome.AGAIN, str(why) or type(why).__name__)
        if sent.outcome is Outcome.AGAIN:
            if self._running:
                self._failed(sent)
            return
        self._spool.done(name)
        self._in_a_row = 0
        if sent.outcome is Outcome.DONE:
            self.delivered += 1
            self.lost += sent.lost
            if sent.lost:
                self._partly(sent)
            elif self.trouble:
                self._well()
            self.trouble = sent.why if sent.lost else ""
        else:
            self.refused += 1
            self.trouble = sent.why
            self._ends_untold = False
            self._log.error("{sink}: a batch is refused: {why}", sink=self._name, why=sent.why)

    def _partly(self, sent: Sent) -> None:
        # a platform that refuses a point of every other batch fills no log
        now = self._clock.seconds()
        if not self.trouble and now >= self._partly_again:
            self._partly_again = now + RARELY
            self._log.warn("{sink}: {why}", sink=self._name, why=sent.why)
            self._ends_untold = False
        elif not self.trouble:
            self._ends_untold = True

    def _well(self) -> None:
        if not self._ends_untold:
            self._log.info("{sink}: batches are taken again", sink=self._name)
        self._ends_untold = False

    def _failed(self, sent: Sent) -> None:
        self.failures += 1
        if not self.trouble or self._ends_untold:
            self._ends_untold = False
            self._log.warn(
                "{sink}: batches wait: {why}; they are sent again", sink=self._name, why=sent.why
            )
        self.trouble = sent.why or "it did not work"
        longest = min(LONGEST, 2.0 ** min(self._in_a_row, 16))
        self._in_a_row += 1
        wait = self._random.uniform(0.0, longest)
        if sent.wait is not None:
            wait = min(max(LEAST_ASKED, sent.wait), LONGEST_ASKED)
        if self._running:
            self._pause = self._clock.callLater(wait, self._paused)

    def _paused(self) -> None:
        self._pause = None
        self.wake()

    def _broken(self, failure: Failure) -> None:
        if not failure.check(CancelledError):
            self._log.failure("{sink}: a batch was not sent", failure, sink=self._name)
            self._failed(Sent(Outcome.AGAIN, "a mistake of this program"))

    def _go_on(self, result: None) -> None:
        self._sending = None
        self.wake()
