"""What somebody may ask, told before they ask it."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._callers import Peer
from txqga.mux.policy._patterns import EVERYTHING, patterns
from txqga.mux.policy._rights import Right, may_add, may_call, refused, rights
from txqga.mux.policy._rules import Policy, Rule, Whom

ANN = Peer(pid=3, uid=1000, gid=1000)
_ANN, _BOB = Whom(uids=frozenset({1000})), Whom(uids=frozenset({1001}))
GUESTS = ("db1", "web1", "web2")
COMMANDS = ("guest-ping", "guest-exec", "guest-file-open", "mux-add-guest")

_RULES = st.builds(
    Rule,
    name=st.just("r"),
    who=st.sampled_from([_ANN, _BOB]),
    guests=st.sampled_from([EVERYTHING, patterns(["web*"]), patterns(["db1"])]),
    commands=st.sampled_from([EVERYTHING, patterns(["guest-*"]), patterns(["guest-ping"])]),
    arguments=st.sampled_from([{}, {"path": patterns(["/var/**"])}]),
    allow=st.booleans(),
)


class RightsTests(SynchronousTestCase):
    def test_together(self) -> None:
        """
        Guests that have the same rules are told together, and those that have none not at all.
        """
        logs = Rule(
            name="logs",
            who=_ANN,
            guests=patterns(["web*"]),
            commands=patterns(["guest-file-*", "guest-ping"]),
            arguments={"path": patterns(["/var/log/**"])},
        )
        found = rights(Policy(rules=(logs,)), ANN, GUESTS, COMMANDS)
        self.assertEqual(found, [Right(["guest-ping", "guest-file-open"], ["web1", "web2"])])

    @given(st.lists(_RULES, max_size=5))
    def test_one_by_one(self, rules: list[Rule]) -> None:
        """
        What is told of all guests together is what holds of each command of each.
        """
        policy = Policy(rules=tuple(rules))
        told = {
            (guest, command)
            for each in rights(policy, ANN, GUESTS, COMMANDS)
            for guest in each.guests
            for command in each.commands
        }
        held = {
            (guest, command)
            for guest in GUESTS
            for command in COMMANDS
            if may_call(policy, ANN, guest, command)
        }
        self.assertEqual(told, held)
        for guest in GUESTS:
            no = {each for each in COMMANDS if (guest, each) not in held}
            self.assertEqual(refused(policy, ANN, guest, COMMANDS), no)


class AddTests(SynchronousTestCase):
    def test_add(self) -> None:
        """
        Who may add guests of some names may add; who is refused it for every name may not.
        """
        some = Rule(name="some", who=_ANN, guests=patterns(["x*"]), commands=patterns(["mux-*"]))
        never = Rule(name="never", who=_ANN, commands=patterns(["mux-add-guest"]), allow=False)
        here = Rule(name="here", who=_ANN, guests=patterns(["db1"]), allow=False)
        for rules, may in (
            ((some,), True),
            ((), False),
            ((never, some), False),
            ((here, some), True),
        ):
            self.assertEqual(may_add(Policy(rules=rules), ANN), may, rules)
