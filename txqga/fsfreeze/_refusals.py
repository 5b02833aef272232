"""What the lifecycle refuses, and what it only passes on."""

from twisted.python.failure import Failure

from txqga.errors import AgentUnavailable, GuestIsFrozen, NotFrozen
from txqga.fsfreeze._core import Core
from txqga.fsfreeze._lease import Lease, Standing
from txqga.fsfreeze._moves import Moves
from txqga.fsfreeze._wishes import FREEZE, LEASE, Freeze, Renewal, Thaw
from txqga.wire import JSON


def is_frozen(standing: Standing, command: str, now: float) -> GuestIsFrozen:
    """Refuse what cannot be done meanwhile, with the class that the agent has for it."""
    why = f"the guest is {standing.stage.value}: {standing.told(now)}"
    return GuestIsFrozen(f"Command {command} is not allowed now: {why}", command)


def not_frozen(standing: Standing) -> NotFrozen:
    """Refuse to renew a lease that there is not."""
    why = f"there is no lease to renew: the guest is {standing.stage.value}: {standing.reason}"
    return NotFrozen(why, LEASE)


def closed() -> AgentUnavailable:
    """Refuse everything."""
    return AgentUnavailable("closed", "the guest is let go of: it is frozen and thawed no more")


def refuse_freeze(moves: Moves, core: Core, wish: Freeze) -> None:
    wish.answer.errback(is_frozen(core.standing, FREEZE, core.now()))


def refuse_renewal(moves: Moves, core: Core, renewal: Renewal) -> None:
    renewal.answer.errback(not_frozen(core.standing))


def refuse_renewed(moves: Moves, core: Core, lease: Lease, renewal: Renewal) -> None:
    renewal.answer.errback(not_frozen(core.standing))


def refuse_freeze_closed(moves: Moves, core: Core, wish: Freeze) -> None:
    wish.answer.errback(closed())


def refuse_thaw_closed(moves: Moves, core: Core, wish: Thaw) -> None:
    wish.answer.errback(closed())


def pass_value(moves: Moves, core: Core, wish: Thaw, value: JSON) -> None:
    wish.answer.callback(value)


def pass_failure(moves: Moves, core: Core, wish: Thaw, failure: Failure) -> None:
    wish.answer.errback(failure)
