"""Rules as an operator writes them."""

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._callers import Bearer, Peer
from txqga.mux.policy._file import Names, PolicyError, read_policy
from txqga.mux.policy._rules import Policy, decide, may_come

OWN = os.geteuid()
ANN = Peer(pid=1, uid=1000, gid=1000)


def number(name: str) -> int:
    return {"ann": 1000, "disk": 6}[name]


class ReadPolicyTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.path = Path(self.mktemp())

    def read(self, text: str) -> Policy:
        self.path.write_text(text)
        self.path.chmod(0o644)
        return read_policy(self.path, OWN, Names(number, number))

    def refused(self, text: str) -> str:
        why = str(self.assertRaises(PolicyError, self.read, text))
        self.assertTrue(why.startswith(str(self.path)))
        return why.removeprefix(f"{self.path}: ")

    def test_star(self) -> None:
        """
        Who is refused all commands of a guest does not see it, whichever way that is written.
        """
        for word in ("*", "**"):
            policy = self.read(f"""
                [[rule]]
                who = "user:ann"
                guests = "secret-*"
                commands = "{word}"
                allow = false

                [[rule]]
                who = "everybody"
                guests = "*"
                commands = "guest-ping"
            """)
            self.assertFalse(may_come(policy, ANN, "secret-1"))
            self.assertTrue(may_come(policy, ANN, "web1"))

    def test_rules(self) -> None:
        """
        A rule says who may call what, where, and how it is called.
        """
        policy = self.read("""
            [[rule]]
            name = "logs"
            who = ["user:ann", "bearer:ops"]
            guests = "db*"
            commands = ["guest-ping", "guest-file-open"]
            arguments.path = "/var/log/**"

            [[rule]]
            who = "everybody"
            commands = "guest-shutdown"
            allow = false
        """)
        given = {"path": "/var/log/x"}
        for who in (ANN, Bearer("ops")):
            decision = decide(policy, who, "db1", "guest-file-open", given)
            self.assertEqual((decision.allowed, decision.rule), (True, "logs"))
        self.assertFalse(decide(policy, ANN, "web1", "guest-file-open", given).allowed)
        root = Peer(pid=1, uid=0, gid=0)
        self.assertTrue(decide(policy, root, "db1", "guest-exec", {}).allowed)
        decision = decide(policy, root, "db1", "guest-shutdown", {})
        self.assertEqual((decision.allowed, decision.rule), (False, "rule 2"))

    def test_who(self) -> None:
        """
        Users and groups are told by number or by name.
        """
        for who, uid, gid in (
            ("uid:7", 7, 1),
            ("user:ann", 1000, 1),
            ("gid:7", 1, 7),
            ("group:disk", 1, 6),
        ):
            policy = self.read(f'[[rule]]\nwho = ["{who}"]\ncommands = ["**"]')
            self.assertTrue(decide(policy, Peer(pid=1, uid=uid, gid=gid), "x", "y", {}).allowed)
            self.assertFalse(decide(policy, Peer(pid=1, uid=99, gid=99), "x", "y", {}).allowed)

    def test_nothing(self) -> None:
        """
        A file without rules leaves root and the mux's own user.
        """
        policy = self.read("")
        self.assertFalse(decide(policy, Bearer("ops"), "x", "y", {}).allowed)
        self.assertTrue(decide(policy, Peer(pid=1, uid=OWN, gid=9), "x", "y", {}).allowed)

    def test_mistakes(self) -> None:
        """
        What is wrong is told with its place, and with what is allowed there.
        """
        good = 'who = "everybody"\ncommands = "x"\n'
        for text, why in (
            ("rules = 5", "rules: there is no such key; there are [[rule]] tables"),
            ("rule = 5", "rule: write [[rule]], once for each"),
            ("rule = [5]", "rule 1: it is no table"),
            ("[[rule]]", "rule 1: who is missing"),
            ('[[rule]]\nwho = "everybody"', "rule 1: commands is missing"),
            (f"[[rule]]\n{good}[[rule]]\n{good}guest = 5", "rule 2: guest: there is no such key;"),
            (f"[[rule]]\n{good}guests = 5", "rule 1: guests: a string or an array of them is"),
            (f"[[rule]]\n{good}guests = []", "rule 1: guests: a string or an array of them is"),
            (f"[[rule]]\n{good}guests = ['a', 5]", "rule 1: guests[1]: a string is allowed"),
            (f"[[rule]]\n{good}allow = 1", "rule 1: allow: true or false is allowed"),
            (f"[[rule]]\n{good}name = ''", "rule 1: name: a string of 1 to 64 characters"),
            (f"[[rule]]\n{good}arguments = 5", "rule 1: arguments: a table is allowed"),
            (f"[[rule]]\n{good}arguments.x = 5", "rule 1: x: a string or an array of them is"),
            (
                f"[[rule]]\n{good}allow = false\narguments.path = 'x'",
                "rule 1: arguments: a rule that refuses has none",
            ),
            ('[[rule]]\nwho = "ann"\ncommands = "x"', "rule 1: who[0]: 'ann' is none of uid:NUM"),
            ('[[rule]]\nwho = "bearer:"\ncommands = "x"', "rule 1: who[0]: 'bearer:' is none of"),
            ('[[rule]]\nwho = "uid:x"\ncommands = "x"', "rule 1: who[0]: 'x' is no number"),
            (
                '[[rule]]\nwho = "user:bob"\ncommands = "x"',
                "rule 1: who[0]: there is no user 'bob'",
            ),
            ("[[rule", "Expected"),
        ):
            self.assertIn(why, self.refused(text), text)

    def test_not_read(self) -> None:
        """
        What cannot be read is told.
        """
        why = self.assertRaises(PolicyError, read_policy, self.path)
        self.assertEqual(str(why), f"{self.path}: No such file or directory")
        self.assertIn("it has more than 1048576 octets", self.refused("#" * ((1 << 20) + 1)))
        self.path.write_bytes(b"\xff")
        self.assertRaises(PolicyError, read_policy, self.path)

    def test_others_may_write(self) -> None:
        """
        Who can write the policy could give themselves everything.
        """
        self.path.touch()
        for mode in (0o664, 0o646):
            self.path.chmod(mode)
            why = str(self.assertRaises(PolicyError, read_policy, self.path))
            self.assertIn(f"chmod go-w {self.path}", why)
        self.path.chmod(0o644)
        if OWN:
            return
        os.chown(self.path, 12345, -1)
        why = str(self.assertRaises(PolicyError, read_policy, self.path))
        self.assertIn("it belongs to uid 12345", why)


class NamesTests(SynchronousTestCase):
    def test_this_host(self) -> None:
        """
        Names are those of this host, unless told otherwise.
        """
        names = Names()
        self.assertEqual((names.user("root"), names.group("root")), (0, 0))
        self.assertRaises(KeyError, names.user, "no such user")
