"""The groups that are frozen over HTTP."""

import json
from collections.abc import Iterable
from itertools import count
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred, succeed

from tests.control._frozen import FREEZE, THAW, FrozenCase
from tests.mux._session import ScriptedSession
from txqga.control import _groups
from txqga.control._group import GroupFreeze, State
from txqga.control._groups import KEPT, MOST, MOST_OF_ONE, PATIENCE, Groups
from txqga.control._problem import Problem
from txqga.control._wanted import GroupHold
from txqga.errors import InvalidArguments
from txqga.fsfreeze import Lease, Stage, Standing
from txqga.mux import Caller, Guest, Peer, Policy, Rule, Whom, patterns

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

    def test_share(self) -> None:
        """
        One who asks freezes so many groups at a time, and leaves room for others.
        """
        self.patch(_groups, "MOST_OF_ONE", 1)
        self.assertGreater(MOST, MOST_OF_ONE)
        self.mux.authority.policy = Policy.of((rule("web*", "*"),), 0)
        self.begin(["web1"], who=ANN)
        self.ran.clear()
        why = self.refused("busy", ["web2"], who=ANN)
        self.assertIn("1 groups of yours are frozen", why.detail)
        self.assertIs(self.begin(["web2"]).state, State.FROZEN)

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


class KilledTests(FrozenCase):
    """Groups that were frozen when the last mux was killed."""

    def setUp(self) -> None:
        super().setUp()
        self.clock.advance(100)
        for guest in self.mux.guests.values():
            guest.freezing.close()
        self.groups = Groups(self.clock, self.house)
        self.stages = dict.fromkeys(("db1", "web1"), Stage.FROZEN)
        self.status = "frozen"

    def recall(self, guest: str) -> Standing | None:
        """As the journal does."""
        if guest not in self.stages:
            return None
        lease = Lease(
            owner="token ci, for a group of 2",
            seconds=60.0,
            since=90.0,
            deadline=150.0,
            group=("6f", 1 if guest == "db1" else 0),
        )
        return Standing(self.stages[guest], "it was frozen", 100.0, lease)

    def note(self, guest: str, standing: Standing) -> "Deferred[None]":
        return succeed(None)

    def recover(self, *names: str) -> None:
        """The guests are served by the next mux."""
        for name in names:
            session = self.sessions[name] = ScriptedSession(clock=self.clock)
            guest = Guest(
                self.clock, name, session, None, self.mux.events, self, self.mux.authority
            )
            self.mux.guests[name] = guest
            guest.start()
            session.ready()

    def described(self) -> Any:
        return self.groups.described(self.groups.find(ROOT, "6f"))

    def test_held_on(self) -> None:
        """
        A group is there under its id, from the beginning, and is held and thawed as before: the
        other way round, and with the hook.
        """
        self.recover("db1", "web1")
        told = self.described()
        self.assertEqual((told["state"], told["owner"]), ("frozen", "token ci, for a group of 2"))
        self.assertEqual({each["stage"] for each in told["guests"]}, {"doubtful"})
        self.assertNotIn("left", told)
        self.serve()
        told = self.described()
        self.assertEqual((told["state"], told["left"]), ("frozen", 50.0))
        self.assertEqual(
            [(each["guest"], each["rank"], each["stage"]) for each in told["guests"]],
            [("web1", 0, "frozen"), ("db1", 1, "frozen")],
        )
        (group,) = self.groups.held(ROOT)
        self.ran.clear()
        caller = Caller("uid 0", None, ROOT)
        self.successResultOf(ensureDeferred(self.groups.renew(caller, ROOT, group, 90)))
        self.assertEqual(self.described()["left"], 90.0)
        thawed = ensureDeferred(self.groups.thaw(caller, ROOT, group))
        self.serve()
        self.successResultOf(thawed)
        thaws = [each for each in self.ran if each.endswith("thaw")]
        self.assertEqual(thaws, ["db1 thaw", "web1 thaw"])
        self.assertEqual(self.described()["state"], "thawed")

    def test_did_not_hold(self) -> None:
        """
        Where one of them did not hold meanwhile the group has lapsed, which whoever comes learns.
        """
        self.stages["web1"] = Stage.LAPSED
        self.silent.add("web1")
        self.recover("db1", "web1")
        self.serve()
        self.silent.clear()
        self.serve()
        told = self.described()
        self.assertEqual(told["state"], "lapsed")
        self.assertIn("db1 thaw", self.ran)
        self.assertEqual(self.groups.held(ROOT), [])
        group = self.groups.find(ROOT, "6f")
        why = self.failureResultOf(
            ensureDeferred(self.groups.thaw(Caller("uid 0", None, ROOT), ROOT, group)), Problem
        ).value
        self.assertEqual(why.code, "did-not-hold")

    def test_ended(self) -> None:
        """
        A group of which no guest is frozen any more had ended when the last mux was stopped: it is
        not taken up, and its hook is not run once more.
        """
        self.stages, self.status = {"db1": Stage.LAPSED}, "thawed"
        self.recover("db1", "web1")
        self.serve()
        self.assertRaises(Problem, self.groups.find, ROOT, "6f")

    def test_served_no_more(self) -> None:
        """
        Where one of them is served no more, whoever thaws the group learns that it did not hold.
        """
        self.recover("db1", "web1")
        self.serve()
        group = self.groups.find(ROOT, "6f")
        self.stages["web1"] = Stage.LAPSED
        gone = self.mux.guests.pop("web1")
        gone.freezing.close()
        caller = Caller("uid 0", None, ROOT)
        thawed = ensureDeferred(self.groups.thaw(caller, ROOT, group))
        self.serve()
        why = self.failureResultOf(thawed, Problem).value
        self.assertEqual(why.code, "did-not-hold")

    def test_come_later(self) -> None:
        """
        Guests that are found later belong to it from then on; who may not know of all of them does
        not know of it.
        """
        self.recover("web1")
        self.serve()
        self.assertEqual([each["guest"] for each in self.described()["guests"]], ["web1"])
        self.recover("db1")
        self.serve()
        self.assertEqual([each["guest"] for each in self.described()["guests"]], ["web1", "db1"])
        self.mux.authority.policy = Policy.of((rule("web*", "guest-ping"),), 0)
        self.assertRaises(Problem, self.groups.find, ANN, "6f")
        self.assertRaises(Problem, self.groups.find, ROOT, "7a")

    def test_missing(self) -> None:
        """
        Where one of them is not known any more to have been frozen, nobody can say that all held.
        """
        del self.stages["web1"]
        self.recover("db1", "web1")
        self.serve()
        group = self.groups.find(ROOT, "6f")
        thawed = ensureDeferred(self.groups.thaw(Caller("uid 0", None, ROOT), ROOT, group))
        self.serve()
        why = self.failureResultOf(thawed, Problem).value
        self.assertEqual(why.code, "did-not-hold")
        self.assertIn("no more than 1 of 2 guests", why.detail)

    def test_lease_ends(self) -> None:
        """
        Its leases end it, as they would have: all are thawed.
        """
        self.recover("db1", "web1")
        self.serve()
        self.pass_time(50)
        self.assertEqual(self.described()["state"], "lapsed")
        self.assertLessEqual({"db1 thaw", "web1 thaw"}, set(self.ran))
