"""
Who may call what, where.

The first rule that fits decides; what no rule fits is refused. Nothing here keeps a state: what is
decided depends on what is asked, and on the rules.
"""

import json
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from txqga.mux._callers import Bearer, Peer
from txqga.mux.policy._patterns import EVERYTHING, Patterns
from txqga.wire import JSON

#: Longer values of arguments fit no pattern: they are no paths, and would take long to look at.
LONGEST = 4096

_FREEZES = ("guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list")


@frozen(kw_only=True)
class Whom:
    """Some of those who may ask."""

    uids: frozenset[int] = frozenset()
    gids: frozenset[int] = frozenset()
    bearers: frozenset[str] = frozenset()  #: names of tokens and certificates
    everybody: bool = False

    def includes(self, who: Peer | Bearer) -> bool:
        """Tell whether ``who`` is one of them."""
        if self.everybody:
            return True
        if isinstance(who, Bearer):
            return who.name in self.bearers
        return who.uid in self.uids or who.gid in self.gids or not self.gids.isdisjoint(who.groups)


@frozen(kw_only=True)
class Rule:
    """
    What some may do, or may not.

    One that refuses has no arguments: there are too many ways to write the same path.
    """

    name: str  #: for the audit
    who: Whom
    guests: Patterns = EVERYTHING
    commands: Patterns = EVERYTHING
    #: What the values of arguments have to be; one that is not given is an empty text.
    arguments: Mapping[str, Patterns] = field(factory=dict)
    allow: bool = True


@frozen(kw_only=True)
class Policy:
    """Rules, in the order in which they are asked."""

    rules: tuple[Rule, ...]

    @classmethod
    def default(cls, own_uid: int) -> "Policy":
        """Give root, the daemon's own user and whoever has a token everything, others nothing."""
        return cls(rules=(_owners(own_uid), _BEARERS))

    @classmethod
    def of(cls, rules: tuple[Rule, ...], own_uid: int) -> "Policy":
        """Give what ``rules`` say; and root and the daemon's own user what they do not mention."""
        return cls(rules=(*rules, _owners(own_uid)))


@frozen(kw_only=True)
class Decision:
    """Whether a command may be called."""

    allowed: bool
    rule: str = ""  #: the name of the one that decided; empty: none fits
    by_arguments: bool = False  #: with other arguments it may


def _owners(own_uid: int) -> Rule:
    return Rule(name="default", who=Whom(uids=frozenset({0, own_uid})))


class _Anyone(frozenset[str]):
    """The names of all bearers."""

    def __contains__(self, name: object) -> bool:
        return True


_BEARERS = Rule(name="default", who=Whom(bearers=_Anyone()))


def may_come(policy: Policy, who: Peer | Bearer, guest: str | None) -> bool:
    """
    Tell whether there is anything at all that ``who`` may ask of a guest.

    So it is where a rule allows something, and none before it refuses everything.

    :param guest: None: of any guest.
    """
    for rule in policy.rules:
        if rule.who.includes(who) and (guest is None or rule.guests.fit(guest)):
            if rule.allow:
                return True
            if rule.commands == EVERYTHING and (guest is not None or rule.guests == EVERYTHING):
                return False
    return False


def decide(
    policy: Policy,
    who: Peer | Bearer,
    guest: str,
    command: str,
    arguments: Mapping[str, JSON],
) -> Decision:
    """
    Tell whether ``who`` may call a command.

    One that carries another is decided by both. Who may freeze a guest may thaw it: nobody is to
    leave a guest frozen for want of a right.

    :param arguments: as the client sent them, not checked.
    """
    decision = Decision(allowed=False)
    for name, given in carried(command, arguments):
        decision = _decide(policy, who, guest, name, given)
        if name == "guest-fsfreeze-thaw" and not decision.allowed:
            for freeze in _FREEZES:
                frozen = _decide(policy, who, guest, freeze, {})
                if frozen.allowed or frozen.by_arguments:
                    decision = Decision(allowed=True, rule=frozen.rule)
        if not decision.allowed:
            break
    return decision


def carried(
    command: str, arguments: Mapping[str, JSON]
) -> Iterator[tuple[str, Mapping[str, JSON]]]:
    """Give a command, and the one that it carries."""
    yield command, arguments
    if command == "txqga-fenced":
        inner, given = arguments.get("execute"), arguments.get("arguments", {})
        # What is not a call is refused by the agent; here it is a command that has no name.
        yield (
            inner if isinstance(inner, str) else "",
            given if isinstance(given, dict) else {},
        )


def _decide(
    policy: Policy, who: Peer | Bearer, guest: str, command: str, arguments: Mapping[str, JSON]
) -> Decision:
    by_arguments = False
    for rule in policy.rules:
        if rule.who.includes(who) and rule.guests.fit(guest) and rule.commands.fit(command):
            if all(_fits(each, arguments.get(name, "")) for name, each in rule.arguments.items()):
                return Decision(
                    allowed=rule.allow, rule=rule.name, by_arguments=by_arguments and not rule.allow
                )
            by_arguments = by_arguments or rule.allow
    return Decision(allowed=False, by_arguments=by_arguments)


def _fits(patterns: Patterns, value: JSON) -> bool:
    """Tell whether a value fits; of an array each element has to."""
    if isinstance(value, list):
        return all(_fits(patterns, each) for each in value)
    text = value if isinstance(value, str) else json.dumps(value)
    return patterns == EVERYTHING or (len(text) <= LONGEST and patterns.fit(text))
