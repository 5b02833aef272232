"""The groups that are frozen over HTTP."""

import json
from collections.abc import Iterable
from itertools import count

from twisted.internet.defer import Deferred, ensureDeferred

from tests.control._frozen import FREEZE, THAW, FrozenCase
from txqga.control import _groups
from txqga.control._group import GroupFreeze, State
from txqga.control._groups import KEPT, MOST, PATIENCE, Groups
from txqga.control._problem import Problem
from txqga.control._wanted import GroupHold
from txqga.errors import InvalidArguments
from txqga.mux import Caller, Peer, Policy, Rule, Whom, patterns

ROOT, ANN = Peer(pid=7, uid=0, gid=0), Peer(pid=8, uid=1000, gid=1000)


def rule(guests: str, *commands: str) -> Rule:
    """Ann may call these."""
    return Rule(
        name="ann's",
        who=Whom(uids=frozenset({1000})),
        guests=patterns([guests]),
        commands=patterns(commands),
    )


class GroupsTests(FrozenCase):
    def setUp(self) -> None:
        super().setUp()
        numbers = count(1)
        self.groups = Groups(self.clock, self.house, make_id=lambda: f"id-{next(numbers)}")

    def begin(
        self,
        *ranks: Iterable[str],
        who: Peer = ROOT,
        seconds: float | None = 60,
        mountpoints: dict[str, list[str]] | None = None,
    ) -> GroupFreeze:
        wanted = GroupHold(
            seconds=seconds,
            ranks=[list(rank) for rank in ranks],
            mountpoints=mountpoints or {},
        )
        group = self.groups.begin(self.caller(who), who, wanted)
        self.serve()
        return group

    def caller(self, who: Peer) -> Caller:
        return Caller(f"uid {who.uid}", None, who)

    def refused(self, code: str, *ranks: Iterable[str], who: Peer = ROOT) -> Problem:
        why = self.assertRaises(Problem, self.begin, *ranks, who=who)
        assert isinstance(why, Problem)
        self.assertEqual((why.code, self.ran), (code, []))
        return why

    def renew(
        self, group: GroupFreeze, seconds: float | None, who: Peer = ROOT
    ) -> "Deferred[None]":
        renewed = ensureDeferred(self.groups.renew(self.caller(who), who, group, seconds))
        self.serve()
        return renewed

    def thaw(self, group: GroupFreeze, who: Peer = ROOT) -> "Deferred[None]":
        thawed = ensureDeferred(self.groups.thaw(self.caller(who), who, group))
        self.serve()
        return thawed

    def told(self) -> list[tuple[str, str, str, str | None]]:
        """The audit."""
        lines = [json.loads(line) for line in self.lines]
        return [
            (line["guest"], line["command"], line["decision"], line.get("outcome"))
            for line in lines
        ]

    def test_held(self) -> None:
        """
        Those that are frozen are listed until they end; how they ended is known for a while.
        """
        group = self.begin(["web1"], ["db1"])
        self.assertEqual(self.groups.held(ROOT), [group])
        self.assertIs(self.groups.find(ROOT, "id-1"), group)
        self.successResultOf(self.thaw(group))
        self.assertEqual(self.groups.held(ROOT), [])
        self.assertIs(self.groups.find(ROOT, "id-1"), group)
        self.clock.advance(KEPT + 1)
        why = self.assertRaises(Problem, self.groups.find, ROOT, "id-1")
        self.assertEqual(why.code, "no-such-freeze")

    def test_remembered(self) -> None:
        """
        Of those that have ended only the newest are remembered.
        """
        self.patch(_groups, "REMEMBERED", 2)
        for _ in range(4):
            self.thaw(self.begin(["web1"]))
            self.clock.advance(1)
        for name in ("id-1", "id-2"):
            self.assertRaises(Problem, self.groups.find, ROOT, name)
        for name in ("id-3", "id-4"):
            self.groups.find(ROOT, name)

    def test_none_in_vain(self) -> None:
        """
        None is asked to freeze where another cannot be: it is not there, or frozen already.
        """
        self.refused("no-such-guest", ["web1", "web9"])
        self.assertRaises(InvalidArguments, self.begin, ["web1"], seconds=10**6)
        self.begin(["db1"])
        self.ran.clear()
        why = self.refused("not-all-frozen", ["web1"], ["db1"])
        self.assertEqual(why.more["guests"]["db1"]["code"], "guest-is-frozen")

    def test_policy(self) -> None:
        """
        Who may not freeze one of the guests freezes none; that is written down, and so is what
        comes of those that are frozen.
        """
        self.mux.authority.policy = Policy.of((rule("web*", FREEZE), rule("db1", "guest-ping")), 0)
        why = self.refused("forbidden", ["web1"], ["db1"], who=ANN)
        self.assertIn("db1: Command guest-fsfreeze-freeze has been disabled", why.detail)
        self.assertEqual(self.told(), [("db1", FREEZE, "refused", None)])
        self.mux.authority.policy = Policy.of((rule("web*", FREEZE),), 0)
        self.refused("no-such-guest", ["web1"], ["db1"], who=ANN)
        self.lines.clear()
        group = self.begin(["web1", "web2"], who=ANN)
        self.thaw(group, ANN)
        self.assertIs(group.state, State.THAWED)
        allowed = {
            (guest, command, "allowed", "returned")
            for command in (FREEZE, THAW)
            for guest in ("web1", "web2")
        }
        self.assertEqual((set(self.told()), len(self.told())), (allowed, len(allowed)))

    def test_mountpoints(self) -> None:
        """
        What is frozen in a guest is for the policy, too.
        """
        only = Rule(
            name="data",
            who=Whom(uids=frozenset({1000})),
            commands=patterns(["guest-fsfreeze-freeze-list"]),
            arguments={"mountpoints": patterns(["/data"])},
        )
        self.mux.authority.policy = Policy.of((only,), 0)
        for mountpoints in ({}, {"web1": ["/data", "/"]}):
            why = self.assertRaises(Problem, self.begin, ["web1"], who=ANN, mountpoints=mountpoints)
            self.assertEqual(why.code, "forbidden")
        group = self.begin(["web1"], who=ANN, mountpoints={"web1": ["/data"]})
        self.assertTrue(group.holds)

    def test_hidden(self) -> None:
        """
        A group is there for those who may know of all its guests.
        """
        self.mux.authority.policy = Policy.of((rule("web*", FREEZE),), 0)
        self.begin(["web1"], ["db1"])
        mine = self.begin(["web2"], who=ANN)
        self.assertEqual(self.groups.held(ANN), [mine])
        self.assertEqual(len(self.groups.held(ROOT)), 2)
        why = self.assertRaises(Problem, self.groups.find, ANN, "id-1")
        self.assertEqual(why.code, "no-such-freeze")

    def test_not_theirs(self) -> None:
        """
        Who may not thaw or renew each of the guests does neither to any.
        """
        self.mux.authority.policy = Policy.of((rule("web*", FREEZE), rule("db1", "guest-ping")), 0)
        group = self.begin(["web1"], ["db1"])
        self.ran.clear()
        for asked in (self.thaw(group, ANN), self.renew(group, 600, ANN)):
            self.assertEqual(self.failureResultOf(asked, Problem).value.code, "forbidden")
        self.assertTrue(group.holds)
        self.assertEqual(self.ran, [])

    def test_renewed(self) -> None:
        """
        The leases of all are begun anew, for as long as they were or for what is said.
        """
        group = self.begin(["web1"], ["db1"])
        self.pass_time(50)
        self.successResultOf(self.renew(group, None))
        self.pass_time(50)
        self.successResultOf(self.renew(group, 600))
        self.pass_time(599)
        self.assertTrue(group.holds)
        self.failureResultOf(self.renew(group, -1), InvalidArguments)
        self.pass_time(1)
        self.assertIs(group.state, State.LAPSED)
        why = self.failureResultOf(self.renew(group, 60), Problem).value
        self.assertEqual(why.code, "did-not-hold")

    def test_not_renewed(self) -> None:
        """
        What is not frozen any more has no leases; where one is not renewed that is told.
        """
        group = self.begin(["web1"], ["db1"])
        renewed = ensureDeferred(self.groups.renew(self.caller(ROOT), ROOT, group, 60))
        self.successResultOf(renewed)
        self.mux.guests["db1"].ask(self.caller(ROOT), THAW, {})
        self.pump()
        self.sessions["db1"].answer(3)  # nobody has looked at the group yet
        renewed = self.renew(group, 60)
        self.assertIn(
            self.failureResultOf(renewed, Problem).value.code, ("not-frozen", "did-not-hold")
        )
        other = self.begin(["web2"])
        self.thaw(other)
        why = self.failureResultOf(self.renew(other, 60), Problem).value
        self.assertEqual(why.code, "not-frozen")

    def test_looks(self) -> None:
        """
        When one of the guests is thawed by somebody else, all are.
        """
        group = self.begin(["web1"], ["db1"])
        self.ran.clear()
        self.mux.guests["db1"].ask(self.caller(ROOT), THAW, {})
        self.serve()
        self.assertEqual([self.ran[0], self.ran[-1]], ["db1 thaw", "web1 thaw"])
        self.assertIs(group.state, State.LAPSED)
        why = self.failureResultOf(self.thaw(group), Problem).value
        self.assertEqual(why.code, "did-not-hold")

    def test_bounded(self) -> None:
        """
        So many groups are frozen at a time, and no more.
        """
        self.patch(_groups, "MOST", 1)
        self.assertGreater(MOST, 1)
        self.begin(["web1"])
        self.ran.clear()
        self.refused("busy", ["web2"])

    def test_close(self) -> None:
        """
        When it ends, all are thawed, for so long at most.
        """
        group = self.begin(["web1"], ["db1"])
        other = self.begin(["web2"])
        self.silent.add("web2")
        closed = ensureDeferred(self.groups.close())
        self.serve()
        self.assertIs(group.state, State.THAWED)
        self.assertNoResult(closed)
        self.pass_time(PATIENCE)
        self.successResultOf(closed)
        self.assertIs(other.state, State.THAWING)
