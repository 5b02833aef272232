"""Who may call what, where."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._callers import Bearer, Peer
from txqga.mux.policy._patterns import Patterns, patterns
from txqga.mux.policy._rules import LONGEST, Decision, Policy, Rule, Whom, carried, decide, may_come

OWN = 500
ROOT, MUX = Peer(pid=1, uid=0, gid=0), Peer(pid=2, uid=OWN, gid=OWN)
ANN = Peer(pid=3, uid=1000, gid=1000, groups=frozenset({27}))
TOKEN = Bearer("ops")
SOMEBODY = (ROOT, MUX, ANN, TOKEN)


class WhomTests(SynchronousTestCase):
    def test_user(self) -> None:
        """
        A user is included by number, or by any group; a bearer by name.
        """
        self.assertTrue(Whom(uids=frozenset({1000})).includes(ANN))
        self.assertTrue(Whom(gids=frozenset({1000})).includes(ANN))
        self.assertTrue(Whom(gids=frozenset({27})).includes(ANN))
        self.assertFalse(Whom(uids=frozenset({27}), gids=frozenset({28})).includes(ANN))
        self.assertFalse(Whom(bearers=frozenset({"1000"})).includes(ANN))

    def test_bearer(self) -> None:
        """
        A bearer is included by name, and by nothing else.
        """
        self.assertTrue(Whom(bearers=frozenset({"ops"})).includes(TOKEN))
        self.assertFalse(Whom(bearers=frozenset({"dev"})).includes(TOKEN))
        self.assertFalse(Whom(uids=frozenset({0}), gids=frozenset({0})).includes(TOKEN))

    def test_everybody(self) -> None:
        """
        Everybody is everybody, and without words it is nobody.
        """
        for who in SOMEBODY:
            self.assertTrue(Whom(everybody=True).includes(who))
            self.assertFalse(Whom().includes(who))


class DefaultTests(SynchronousTestCase):
    def test_no_rules(self) -> None:
        """
        Unless something else is said, root, the user of the mux and who has a token may everything,
        and others nothing.
        """
        policy = Policy.default(OWN)
        allowed = [decide(policy, who, "db1", "guest-exec", {}).allowed for who in SOMEBODY]
        self.assertEqual(allowed, [True, True, False, True])
        self.assertEqual(
            [may_come(policy, who, "db1") for who in SOMEBODY], [True, True, False, True]
        )

    def test_some_rules(self) -> None:
        """
        Where there are rules, a token may do what they say; root and the mux what they do not
        forbid.
        """
        policy = Policy.of((), OWN)
        allowed = [decide(policy, who, "db1", "guest-exec", {}).allowed for who in SOMEBODY]
        self.assertEqual(allowed, [True, True, False, False])
        never = Rule(
            name="never", who=Whom(everybody=True), commands=Patterns(("guest-exec",)), allow=False
        )
        for who in SOMEBODY:
            decision = decide(Policy.of((never,), OWN), who, "db1", "guest-exec", {})
            self.assertEqual(decision, Decision(allowed=False, rule="never"))


class DecideTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.rules: list[Rule] = []

    def rule(self, **given: Any) -> None:
        for name in ("guests", "commands"):
            if name in given:
                given[name] = patterns(given[name].split())
        given["arguments"] = {
            name: patterns(words) for name, words in given.get("arguments", {}).items()
        }
        who = Whom(uids=frozenset({ANN.uid}))
        self.rules.append(Rule(name=f"rule {len(self.rules) + 1}", who=who, **given))

    def ask(self, command: str, guest: str = "db1", **arguments: Any) -> Decision:
        return decide(Policy.of(tuple(self.rules), OWN), ANN, guest, command, arguments)

    def test_first_that_fits(self) -> None:
        """
        The first rule that fits decides, and its name is told.
        """
        self.rule(commands="guest-exec", guests="web*", allow=False)
        self.rule(commands="guest-exec guest-get-*")
        self.assertEqual(self.ask("guest-exec"), Decision(allowed=True, rule="rule 2"))
        self.assertEqual(self.ask("guest-exec", "web1"), Decision(allowed=False, rule="rule 1"))
        self.assertTrue(self.ask("guest-get-time", "web1").allowed)
        self.assertEqual(self.ask("guest-ping"), Decision(allowed=False))

    def test_arguments(self) -> None:
        """
        Arguments that a rule names have to fit; the others are free.
        """
        self.rule(commands="guest-file-open", arguments={"path": ["/var/log/**"]})
        path: Any
        self.assertTrue(self.ask("guest-file-open", path="/var/log/a/b", mode="w").allowed)
        for path in ("/etc/shadow", "/var/log/../../etc/shadow", 5, None, ["/var/log/x", "/x"], {}):
            self.assertEqual(
                self.ask("guest-file-open", path=path), Decision(allowed=False, by_arguments=True)
            )
        self.assertEqual(self.ask("guest-ping", path="/"), Decision(allowed=False))

    def test_missing_argument(self) -> None:
        """
        What is not given is an empty text.
        """
        self.rule(commands="guest-file-open", arguments={"path": ["**"], "mode": ["", "r"]})
        self.assertTrue(self.ask("guest-file-open", path="/x").allowed)
        self.assertTrue(self.ask("guest-file-open", path="/x", mode="r").allowed)
        self.assertFalse(self.ask("guest-file-open", path="/x", mode="w").allowed)

    def test_other_values(self) -> None:
        """
        What is no text is compared as JSON; of an array each element is.
        """
        self.rule(commands="x", arguments={"a": ["5", "true", "y*"]})
        value: Any
        for value in (5, True, "yes", ["yes", 5], []):
            self.assertTrue(self.ask("x", a=value).allowed)
        for value in (6, False, ["yes", "no"], {"y": 1}, None):
            self.assertFalse(self.ask("x", a=value).allowed)

    def test_long_values(self) -> None:
        """
        A value that is too long to be looked at fits nothing but everything.
        """
        self.rule(commands="a", arguments={"x": ["y*"]})
        self.rule(commands="b", arguments={"x": ["**"]})
        self.assertTrue(self.ask("a", x="y" * LONGEST).allowed)
        self.assertFalse(self.ask("a", x="y" * (LONGEST + 1)).allowed)
        self.assertTrue(self.ask("b", x="y" * (LONGEST + 1)).allowed)

    def test_later_rule(self) -> None:
        """
        Where one rule's arguments do not fit, a later rule may.
        """
        self.rule(commands="a", arguments={"x": ["1"]})
        self.rule(commands="a", arguments={"x": ["2"]})
        self.rule(commands="a", allow=False)
        self.assertEqual(self.ask("a", x=2), Decision(allowed=True, rule="rule 2"))
        self.assertEqual(
            self.ask("a", x=3), Decision(allowed=False, rule="rule 3", by_arguments=True)
        )

    def test_carried(self) -> None:
        """
        A command that carries another is allowed if both are.
        """
        self.rule(commands="txqga-* guest-ping")
        inner: Any
        for inner in ("guest-exec", 5, None, ""):
            self.assertFalse(self.ask("txqga-fenced", token="x", execute=inner).allowed)
        self.assertTrue(self.ask("txqga-fenced", token="x", execute="guest-ping").allowed)
        self.rule(commands="guest-file-open", arguments={"path": ["/a"]})
        for path, allowed in (("/a", True), ("/b", False)):
            given = {"path": path}
            decision = self.ask("txqga-fenced", execute="guest-file-open", arguments=given)
            self.assertEqual(decision.allowed, allowed)
        self.assertFalse(
            self.ask("txqga-fenced", execute="guest-file-open", arguments="/a").allowed
        )

    def test_thaw(self) -> None:
        """
        Who may freeze a guest may thaw it, whatever the rules say of that.
        """
        self.assertFalse(self.ask("guest-fsfreeze-thaw").allowed)
        self.rule(commands="guest-fsfreeze-freeze-list", arguments={"mountpoints": ["/data"]})
        self.assertTrue(self.ask("guest-fsfreeze-thaw").allowed)
        self.rules = []
        self.rule(commands="guest-fsfreeze-thaw", allow=False)
        self.rule(commands="guest-fsfreeze-freeze")
        self.assertTrue(self.ask("guest-fsfreeze-thaw").allowed)
        self.assertTrue(self.ask("txqga-fenced", execute="guest-fsfreeze-thaw").allowed is False)

    def test_not_carried(self) -> None:
        """
        Other commands carry nothing.
        """
        self.assertEqual(list(carried("x", {"execute": "y"})), [("x", {"execute": "y"})])

    def test_may_come(self) -> None:
        """
        Who may ask nothing of a guest need not come.
        """
        self.rule(guests="web*", allow=False)
        self.rule(guests="db*", commands="guest-ping", arguments={"x": ["y"]})
        policy = Policy.of(tuple(self.rules), OWN)
        self.assertTrue(may_come(policy, ANN, "db1"))
        self.assertFalse(may_come(policy, ANN, "web1"))
        self.assertFalse(may_come(policy, TOKEN, "db1"))
        self.assertTrue(may_come(policy, ANN, None))
        self.assertFalse(may_come(policy, TOKEN, None))

    def test_refused_everything(self) -> None:
        """
        What a rule allows after one that refuses everything counts nothing.
        """
        self.rule(guests="db1", allow=False)
        self.rule(guests="db*", commands="guest-ping")
        policy = Policy.of(tuple(self.rules), OWN)
        self.assertEqual([may_come(policy, ANN, each) for each in ("db1", "db2")], [False, True])
        self.assertTrue(may_come(policy, ANN, None))
        self.rules.insert(0, Rule(name="never", who=Whom(everybody=True), allow=False))
        policy = Policy.of(tuple(self.rules), OWN)
        self.assertFalse(may_come(policy, ROOT, None))

    @given(
        st.lists(
            st.tuples(st.sampled_from(["a", "b", "a*", "**"]), st.booleans(), st.booleans()),
            max_size=5,
        ),
        st.sampled_from(["a", "b", "ab"]),
        st.sampled_from(["1", "2"]),
    )
    def test_never_more_than_a_rule(
        self, rules: list[tuple[str, bool, bool]], command: str, x: str
    ) -> None:
        """
        Whatever the rules are, what is allowed is allowed by one of them that fits.
        """
        self.rules = []
        for words, allow, by_argument in rules:
            arguments = {"x": ["1"]} if allow and by_argument else {}
            self.rule(commands=words, allow=allow, arguments=arguments)
        decision = self.ask(command, x=x)
        by_name = {rule.name: rule for rule in self.rules}
        if decision.rule:
            rule = by_name[decision.rule]
            self.assertEqual(decision.allowed, rule.allow)
            self.assertTrue(rule.commands.fit(command))
            self.assertTrue(not rule.arguments or x == "1")
        else:
            self.assertFalse(decision.allowed)
