"""Questions to the agent that need no id, and how long it may take to answer them."""

from collections.abc import Callable
from random import Random

from attrs import define
from twisted.internet.interfaces import IReactorTime

from txqga.session._call import Reply
from txqga.session._fence import FENCE, Fence
from txqga.session._link import Link
from txqga.session._silence import Ear, Silence
from txqga.wire import REPLY_LIMITS, SENTINEL, Success, command

#: a sync is given up after so many time-outs, however much is heard meanwhile: what was asked on
#: an earlier connection may still be arriving, 42 MiB of it (measured: 16 s of it)
TIMEOUTS = 12

#: lines that may come instead of an answer: what was meant for others is mostly discarded unread,
#: and this much reading keeps the other guests waiting for some 30 ms
JUNK = 1000


@define
class Exchange:
    """A question to the agent, and the time it has to answer."""

    number: int  #: what the answer must be; 0: there is no number in it
    silence: Silence
    why: str = ""  #: what made us ask
    echoed: bool = False  #: meanwhile the id of the probe came back
    junk: int = 0  #: lines that came instead of the answer

    def drowns(self) -> bool:
        """Note a line that came instead of the answer; say whether there were too many."""
        self.junk += 1
        return self.junk > JUNK

    def is_answer(self, reply: Reply) -> bool:
        """Tell the answer from one to an earlier sync, of another connection or process."""
        return (
            isinstance(reply, Success)
            and not isinstance(reply.value, bool)
            and bool(reply.value == self.number)
        )


@define(kw_only=True)
class Asker:
    """Writes the questions."""

    clock: IReactorTime
    ear: Ear
    link: Link
    random: Random  #: draws the numbers
    timeout: float  #: the silence after which a question is given up, in seconds
    fence: Fence

    def first_sync(self, longest_late: int, silent: Callable[[], None]) -> Exchange:
        """
        Ask on a new connection, where anything may come first.

        :param longest_late: octets of the longest line that may settle a call of an earlier
            connection; 0: none may, and all before the sentinel is discarded unread.
        """
        if longest_late:
            self.link.expect(max(longest_late, REPLY_LIMITS.octets))
        else:
            self.link.skip()
        return self.sync("", silent)

    def sync(self, why: str, silent: Callable[[], None]) -> Exchange:
        """Ask what cannot be mistaken; 0xFF first, so that no half request spoils it."""
        # exact in a float64, which agents written in Go or JavaScript echo
        number = self.random.randrange(1, 2**53)
        self.link.write(SENTINEL + command("guest-sync-delimited", {"id": number}))
        return Exchange(number, self._silence(silent), why)

    def probe(self, silent: Callable[[], None]) -> Exchange:
        """Ask whether ids come back, and begin a fence with the same words if one is wanted."""
        if self.fence.is_wanted:
            self.link.write(command(FENCE, self.fence.another(), self.link.probe))
        else:
            self.link.write(command("guest-ping", id=self.link.probe))
        return Exchange(0, self._silence(silent))

    def _silence(self, silent: Callable[[], None]) -> Silence:
        cap = TIMEOUTS * self.timeout
        return Silence(self.clock, self.ear, silent, limit=self.timeout, cap=cap)
