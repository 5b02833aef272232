"""What somebody may ask, told before they ask it: for pages and programs that offer what works."""

from collections.abc import Iterable

from attrs import field, frozen

from txqga.mux._callers import Bearer, Peer
from txqga.mux.policy._patterns import EVERYTHING
from txqga.mux.policy._rules import Policy, decide

#: What can be asked of the mux itself, by the names that a policy has for it.
ADD, REMOVE = "mux-add-guest", "mux-remove-guest"


@frozen
class Right:
    """What may be asked of some guests, of all of them the same."""

    commands: list[str]  #: those that may be called, with some arguments at least
    guests: list[str] = field(factory=list)


def may_call(policy: Policy, who: Peer | Bearer, guest: str, command: str) -> bool:
    """Tell whether ``who`` may call a command of a guest, with some arguments at least."""
    decision = decide(policy, who, guest, command, {})
    return decision.allowed or decision.by_arguments


def refused(
    policy: Policy, who: Peer | Bearer, guest: str, commands: Iterable[str]
) -> frozenset[str]:
    """Give those of the commands of a guest that ``who`` may not call, whatever the arguments."""
    here = tuple(rule for rule in policy.rules if rule.who.includes(who) and rule.guests.fit(guest))
    if here and here[0].allow and here[0].commands == EVERYTHING and not here[0].arguments:
        return frozenset()
    rules = Policy(rules=here)
    return frozenset(each for each in commands if not may_call(rules, who, guest, each))


def may_add(policy: Policy, who: Peer | Bearer) -> bool:
    """Tell whether there is a name under which ``who`` may add a guest."""
    for rule in policy.rules:
        if rule.who.includes(who) and rule.commands.fit(ADD):
            if rule.allow:
                return True
            if rule.guests == EVERYTHING:
                return False
    return False


def rights(
    policy: Policy, who: Peer | Bearer, guests: Iterable[str], commands: Iterable[str]
) -> list[Right]:
    """
    Say what ``who`` may ask of which guests; those of which they may ask nothing are left out.

    Guests for which the same rules are there have the same rights: each set of rules is asked once,
    however many guests there are.
    """
    names = [*commands]
    theirs = [rule for rule in policy.rules if rule.who.includes(who)]
    found: dict[tuple[int, ...], Right] = {}
    for guest in guests:
        fitting = tuple(place for place, rule in enumerate(theirs) if rule.guests.fit(guest))
        if fitting not in found:
            here = Policy(rules=tuple(theirs[place] for place in fitting))
            found[fitting] = Right([each for each in names if may_call(here, who, guest, each)])
        found[fitting].guests.append(guest)
    return [right for right in found.values() if right.commands]
