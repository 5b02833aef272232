"""What every state of the sync machine may use, and what it does on the way from one to another."""

from attrs import define, field

from txqga.session._calls import Calls
from txqga.session._exchange import Asker
from txqga.session._link import Link
from txqga.session._reasons import HELD, HUNG, STRANGER
from txqga.session._standing import Standing
from txqga.session._states import State


@define(kw_only=True)
class Core:
    """
    What every state of the sync machine may use.

    The order in each method is what callers see: the door is shut before anybody is told, and
    everybody is told before a call fails, so that whoever reacts finds things as they are said.
    """

    asker: Asker
    link: Link
    calls: Calls
    standing: Standing
    #: what to think of a first sync that nobody answers: it depends on what was seen before
    silent: State = field(default=State.HELD, init=False)

    def retry(self, why: str) -> None:
        """No connection can be made now."""
        self.silent = State.HELD
        self.standing.tell(State.ABSENT, why)
        self.link.reconnect()

    def open(self, *, named: bool) -> None:
        """The agent answers: let calls be written."""
        self.silent = State.HELD
        self.link.proven()
        self.calls.opened(self.link.prefix if named else None)
        how = "" if named else ", one call at a time: it knows no ids (it is older than QEMU 4.0)"
        self.standing.tell(State.READY, f"the agent answers{how}")

    def resync(self, why: str) -> None:
        """The agent does not answer: write nothing until a sync is."""
        self.calls.shut()
        self.standing.tell(State.DESYNCED, f"{why}; asking whether the agent is still there")

    def recover(self, why: str) -> None:
        """The sync was answered; what was written before it never will be."""
        unanswered = self.calls.reopen()
        self.standing.tell(State.READY, "the agent answers again")
        self.calls.conclude(unanswered, why)

    def leave_unheard(self, *, heard: bool) -> None:
        """Nobody answered the first sync; octets may have come, but no answer among them."""
        if heard:
            self.standing.tell(State.DESYNCED, STRANGER)
        else:
            self.standing.tell(self.silent, HELD if self.silent is State.HELD else HUNG)
        self.link.reconnect()

    def leave_hung(self, why: str) -> None:
        """An agent that did answer answers no more."""
        self.leave(State.DESYNCED, HUNG, why)
        self.silent = State.DESYNCED

    def leave_flood(self, why: str) -> None:
        """What came made no sense; it is not read again for a late reply."""
        self.leave(State.DESYNCED, why, why)
        self.calls.flight.forget()

    def leave(self, state: State, reason: str, why: str) -> None:
        """
        Give the connection up, and try for another one.

        :param reason: what to say of the state.
        :param why: what to say to those whose calls end with the connection.
        """
        self.silent = State.HELD
        self.calls.shut()
        self.standing.tell(state, reason)
        self.link.reconnect()
        self.calls.lost(why)

    def close(self) -> None:
        """Give the connection up, and try no more."""
        self.calls.shut()
        self.link.close()
        self.standing.tell(State.CLOSED, "stopped")
        self.calls.lost("the session was stopped")
        self.calls.flight.forget()
