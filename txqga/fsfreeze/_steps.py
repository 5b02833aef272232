"""What a freeze in the guest is made of: the steps that the gate takes, and what is kept of it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from attrs import frozen
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from txqga.errors import CommandFailed


@frozen
class Span:
    """How long a freeze may last, in seconds of CLOCK_BOOTTIME."""

    since: float
    until: float | None  #: None: as long as nobody ends it


@frozen
class Lapsed:
    """A freeze that the agent ended by itself, which nobody has been told yet."""

    seconds: int  #: how long it had lasted

    def told(self) -> Failure:
        """Return what the first client hears that would end it."""
        desc = f"thawed by itself after {self.seconds} s: the snapshot may be inconsistent"
        return Failure(CommandFailed(desc))


@frozen
class Released:
    """Everything was let go."""

    count: int  #: filesystems that were frozen
    failure: Failure | None = None  #: of the hook


class Steps(Protocol):
    """
    What the gate sets going.

    Nothing of it raises: what fails is logged, or told by a Deferred, with
    :class:`txqga.errors.CommandFailed`.
    """

    def freeze(self, folders: Sequence[str] | None, began: Callable[[Span], None]) -> Deferred[int]:
        """
        Run the hook, shut the gate, hold filesystems still; how many.

        After a failure, and with none to be held, all is as before.

        :param folders: where they are mounted; None: everywhere.
        :param began: called when the gate was shut, and the first one is about to be held.
        """

    def give_up(self, why: CommandFailed, *, for_good: bool = False) -> None:
        """
        Let the freeze under way fail, when everything was let go again.

        :param for_good: the agent ends: what does not answer is not waited for.
        """

    def note(self, span: Span) -> None:
        """Remember that the freeze may last longer, or less long."""

    def release(self, lapsed: Lapsed | None) -> Deferred[Released]:
        """
        Let everything go, then open the gate, then run the hook.

        A failure: not everything could be let go, and nothing else was done.

        :param lapsed: to be remembered, even if the agent is killed. What cannot be let go is then
            tried again and again, since nobody else does.
        """

    def forget(self) -> None:
        """Whoever froze has been told that the freeze had lapsed, or freezes again."""
