"""The freezes of one guest, as whoever wants one sees them."""

from collections.abc import Callable, Sequence

from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.errors import (
    AgentUnavailable,
    CommandFailed,
    CommandNotFound,
    FencedOff,
    OutcomeUnknown,
)
from txqga.fsfreeze._core import Core
from txqga.fsfreeze._lease import HOLDING, Lease, Stage, Standing
from txqga.fsfreeze._ledger import Ledger, Unwritten
from txqga.fsfreeze._lifecycle import Lifecycle
from txqga.fsfreeze._refusals import is_frozen
from txqga.fsfreeze._terms import Terms
from txqga.fsfreeze._wishes import STATUS, Ask, Freeze, Renewal, Send, Thaw
from txqga.wire import JSON

#: Seconds until a guest that did not say whether it is frozen is asked once more.
AGAIN = 5.0

#: Longest pause between attempts to reach the agent of a guest that may be frozen, in seconds.
HURRY = 1.0

#: Mount points that are remembered of a freeze, and characters of each.
MOST, LONGEST = 64, 1024


class Freezes:
    """
    The freezes of one guest: each is a lease, and ends.

    :param ask: asks the agent, for the host itself.
    :param name: of the guest, for the log.
    :param ledger: where it is written down; by default nowhere.
    :param told: called with each new standing.
    :param retried: called when a thaw is asked for again.
    :param hurry: told the longest pause that there may be between two attempts to reach the agent,
        in seconds; None: any. A thaw that is owed does not wait for a session that has given up.
    """

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        ask: Ask,
        *,
        name: str = "",
        terms: Terms = Terms(),  # noqa: B008 - it is frozen
        ledger: Ledger | None = None,
        told: Callable[[Standing], None] = lambda standing: None,
        retried: Callable[[], None] = lambda: None,
        hurry: Callable[[float | None], None] = lambda longest: None,
    ) -> None:
        self._clock = clock
        self._ask = ask
        self._name = name
        self._terms = terms
        self._listener = told
        self._hurry = hurry
        self._epoch: int | None = None  #: in which the guest was asked whether it is frozen
        self._later: IDelayedCall | None = None
        self._asking: Deferred[None] = succeed(None)
        self._thawed: list[Deferred[None]] = []
        self._core = Core(
            clock=clock,
            ask=ask,
            ledger=Unwritten() if ledger is None else ledger,
            tell=self._tell,
            seconds=terms.lease,
            retried=retried,
        )
        self._lifecycle = Lifecycle(self._core)

    @property
    def standing(self) -> Standing:
        """How the guest stands, now."""
        return self._core.standing

    @property
    def terms(self) -> Terms:
        """For how long it may be frozen by those who ask from now on, or is found frozen."""
        return self._terms

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self._terms = terms
        self._core.seconds = terms.lease

    # -- what is wanted

    def freeze(
        self,
        owner: str,
        send: Send,
        seconds: float | None = None,
        mountpoints: Sequence[str] | None = None,
        group: tuple[str, int] | None = None,
        begun: Callable[[Lease], object] = lambda lease: None,
    ) -> Deferred[JSON]:
        """
        Freeze, once that is written down.

        :param owner: who wants it, for people.
        :param send: sends the command; the agent is free.
        :param seconds: how long at most; None: as the terms say.
        :param mountpoints: what it freezes, for people; None: all there is.
        :param group: the id of the group that it is frozen with, and the rank in it, to be written
            down; None: it is frozen for itself.
        :param begun: told the lease, before anything is sent; not where it is refused.
        :return: the agent's answer; fails as ``send`` does, and with
            :class:`~txqga.errors.GuestIsFrozen` where it is frozen already.
        """
        try:
            held = self.terms.of(seconds)
        except CommandFailed:
            return fail()
        shown = (
            None if mountpoints is None else tuple(each[:LONGEST] for each in mountpoints[:MOST])
        )
        wish = Freeze(
            owner=owner, seconds=held, send=send, mountpoints=shown, group=group, begun=begun
        )
        self._lifecycle.freeze(wish)
        return wish.answer.addErrback(self._refused)

    def thaw(self, send: Send) -> Deferred[JSON]:
        """
        Thaw; whatever comes of ``send``, from now on the guest is thawed until it is.

        :return: the agent's answer; fails with :class:`~txqga.errors.CommandFailed` also where
            the guest did not stay frozen until now.
        """
        wish = Thaw(send)
        self._lifecycle.thaw(wish)
        return wish.answer

    def renew(self, seconds: JSON = None) -> Deferred[float]:
        """
        Begin the lease anew.

        :return: how long it is, in seconds.
        """
        try:
            held = self.terms.of(seconds)
        except CommandFailed:
            return fail()
        renewal = Renewal(held)
        self._lifecycle.renew(renewal)
        return renewal.answer

    def release(self, why: str) -> Deferred[None]:
        """
        Thaw without whoever froze it.

        :return: fires when the guest is thawed.
        """
        if self._is_thawed():
            return succeed(None)
        thawed: Deferred[None] = Deferred(self._thawed.remove)
        self._thawed.append(thawed)
        self._lifecycle.release(why)
        return thawed

    def refusal(self, command: str) -> CommandNotFound | None:
        """Say why a command that the agent does not take while frozen is not sent; None: send."""
        standing = self.standing
        if standing.stage not in HOLDING:
            return None
        return is_frozen(standing, command, self._clock.seconds())

    # -- what happens

    def recover(self, standing: Standing) -> None:
        """So it stood when the last process ended; to be called first."""
        self._lifecycle.recover(standing)
        self._hasten()

    def ready(self, epoch: int) -> None:
        """
        The agent can be asked.

        :param epoch: the connection; on a new one the guest is asked whether it is frozen.
        """
        if epoch == self._epoch:
            self._lifecycle.ready()
        else:
            self._epoch = epoch
            self._look()

    def stop(self) -> None:
        """Do nothing more."""
        self._let_be()
        self._lifecycle.stop()

    # -- inside

    def _refused(self, failure: Failure) -> Failure:
        if failure.check(CommandNotFound, FencedOff, AgentUnavailable) and self._is_thawed():
            self._look()  # somebody else may have frozen it; what was found meanwhile did not count
        return failure

    def _look(self) -> None:
        self._let_be()
        self._asking = self._ask(STATUS, {}).addCallbacks(self._told, self._not_told)

    def _let_be(self) -> None:
        if self._later is not None and self._later.active():
            self._later.cancel()
        self._later = None
        self._asking.cancel()

    def _told(self, value: JSON) -> None:
        self._lifecycle.found(value == "frozen")

    def _not_told(self, failure: Failure) -> None:
        if failure.check(AgentUnavailable):
            self._epoch = None  # asked when it is ready
        elif failure.check(OutcomeUnknown):
            self._later = self._clock.callLater(AGAIN, self._look)
        elif failure.check(CommandFailed):
            # it cannot be asked: believe what was written down, and nothing else
            if self.standing.stage is Stage.DOUBTFUL:
                self._lifecycle.found(True)
        elif not failure.check(CancelledError):
            self._log.failure("{guest}: is it frozen?", failure, guest=self._name)

    def _is_thawed(self) -> bool:
        return self.standing.stage in (Stage.THAWED, Stage.LAPSED)

    def _hasten(self) -> None:
        self._hurry(None if self._is_thawed() else HURRY)

    def _tell(self, standing: Standing) -> None:
        self._hasten()
        say = self._log.warn if standing.stage is Stage.LAPSED else self._log.info
        say(
            "{guest}: {stage}: {reason}",
            guest=self._name,
            stage=standing.stage.value,
            reason=standing.reason,
        )
        if self._is_thawed():
            waiting, self._thawed = self._thawed, []
            for each in waiting:
                each.callback(None)
        try:
            self._listener(standing)
        except Exception:
            self._log.failure("{guest}: a listener failed", guest=self._name)
