"""A group of guests that is frozen over HTTP."""

from twisted.internet.defer import Deferred, fail, succeed

from tests.control._frozen import FREEZE, THAW, FrozenCase
from txqga.control._group import GroupFreeze, State
from txqga.control._wanted import GroupHold
from txqga.errors import HookFailed
from txqga.fsfreeze import Hook
from txqga.mux import Caller, Peer

ANN, BOB = (Caller(name, None, Peer(pid=7, uid=0, gid=0)) for name in ("ann", "bob"))
WANTED = GroupHold(seconds=60, ranks=[["web1", "web2"], ["db1"]], mountpoints={"db1": ["/data"]})


class GroupFreezeTests(FrozenCase):
    def setUp(self) -> None:
        super().setUp()
        self.group = self.make()

    def make(self, hook: Hook | None = None) -> GroupFreeze:
        guests = {name: self.mux.guests[name] for name in WANTED.names}
        return GroupFreeze(self.clock, "id", ANN, guests, WANTED, hook)

    def begin(self) -> "Deferred[None]":
        self.group.start()
        settled = self.group.settled()
        self.serve()
        return settled

    def frozen(self) -> None:
        self.successResultOf(self.begin())
        self.assertIs(self.group.state, State.FROZEN)
        self.ran.clear()

    def thaw(self) -> "Deferred[None]":
        thawed = self.group.thaw(BOB)
        self.serve()
        return thawed

    def look(self) -> None:
        self.group.look()
        self.serve()

    def code(self) -> str | None:
        problem = self.group.problem()
        return None if problem is None else problem.code

    def test_frozen(self) -> None:
        """
        It is frozen rank by rank, and thawed the other way round by whoever wants that.
        """
        self.successResultOf(self.begin())
        freezes = [each for each in self.ran if "freeze-lease" not in each]
        self.assertEqual(sorted(freezes[:2]), ["web1 freeze", "web2 freeze"])
        self.assertEqual(freezes[2:], ["db1 freeze-list"])
        self.assertTrue(self.group.holds)
        lease = self.mux.guests["db1"].freezing.freezes.standing.lease
        self.assertEqual((lease.owner, lease.seconds), ("ann, for a group of 3", 60))
        self.ran.clear()
        self.successResultOf(self.thaw())
        self.assertEqual(self.ran, ["db1 thaw", "web1 thaw", "web2 thaw"])
        self.assertIs(self.group.state, State.THAWED)
        self.assertIsNone(self.group.problem())
        self.successResultOf(self.thaw())
        self.assertEqual(len(self.ran), 3)

    def test_described(self) -> None:
        """
        When each guest was frozen, and for how long it held, is told.
        """
        self.silent.add("db1")
        self.group.start()
        self.serve()
        self.pass_time(2)
        self.silent.clear()
        self.serve()
        told = self.group.described(str)
        self.assertEqual((told["state"], told["skew"], told["failures"]), ("frozen", 0.0, {}))
        self.assertEqual((told["left"], told["deadline"]), (60.0, "62.0"))
        web1, web2, db1 = told["guests"]
        self.assertEqual((web1["rank"], web2["rank"], db1["rank"]), (0, 0, 1))
        self.assertEqual(
            db1,
            {
                "guest": "db1",
                "rank": 1,
                "stage": "frozen",
                "filesystems": 1,
                "asked": "2.0",
                "frozen": "2.0",
            },
        )
        self.pass_time(10)
        self.thaw()
        told = self.group.described(str)
        self.assertNotIn("deadline", told)
        self.assertEqual([each["held"] for each in told["guests"]], [10.0, 10.0, 10.0])
        self.assertEqual(told["guests"][0]["thawed"], "12.0")

    def test_all_or_nothing(self) -> None:
        """
        Where one cannot be frozen none stays so, and it is told which one it was.
        """
        self.fails["db1"] = "guest-fsfreeze-freeze-list"
        self.successResultOf(self.begin())
        self.assertIs(self.group.state, State.FAILED)
        stages = {each.freezing.freezes.standing.stage.value for each in self.mux.guests.values()}
        self.assertEqual(stages, {"thawed"})
        problem = self.group.problem()
        assert problem is not None
        self.assertEqual(problem.code, "not-all-frozen")
        failures = {"db1": {"code": "command-failed", "detail": "no"}}
        self.assertEqual(problem.more["guests"], failures)
        self.assertEqual(self.group.described(str)["failures"], failures)

    def test_silent(self) -> None:
        """
        A guest that does not answer in time is the reason why none is frozen.
        """
        self.silent.add("web2")
        settled = self.begin()
        self.assertNoResult(settled)
        self.pass_time(10)
        self.assertEqual(self.ran, [])
        problem = self.group.problem()
        assert problem is not None
        self.assertEqual(problem.more["guests"]["web2"]["code"], "agent-unavailable")

    def test_one_lapses(self) -> None:
        """
        When one does not hold any more the others are thawed: what they hold is worth nothing.
        """
        self.frozen()
        self.mux.guests["web1"].ask(BOB, THAW, {})
        self.serve()
        self.look()
        self.assertIs(self.group.state, State.LAPSED)
        self.assertEqual(self.ran, ["web1 thaw", "db1 thaw", "web2 thaw"])
        self.assertIn("web1 did not hold", self.group.reason)
        self.assertEqual(self.code(), "did-not-hold")

    def test_deadline(self) -> None:
        """
        At the end of its leases it has lapsed; who thaws it then is told.
        """
        self.frozen()
        self.pass_time(61)
        self.look()
        self.assertIs(self.group.state, State.LAPSED)
        self.successResultOf(self.thaw())
        self.assertEqual(self.code(), "did-not-hold")

    def test_given_up(self) -> None:
        """
        A freeze that is given up while it is under way is undone.
        """
        self.silent.add("db1")
        self.group.start()
        self.serve()
        self.pass_time(1)
        self.silent.discard("db1")
        self.silent.add("web1")
        self.serve()
        thawed = self.thaw()
        self.assertIs(self.group.state, State.THAWING)
        self.assertNoResult(thawed)
        self.silent.clear()
        self.serve()
        self.successResultOf(thawed)
        self.assertIs(self.group.state, State.FAILED)
        stages = {each.freezing.freezes.standing.stage.value for each in self.mux.guests.values()}
        self.assertEqual(stages, {"thawed"})
        self.assertEqual(self.code(), "not-all-frozen")

    def test_nothing_there(self) -> None:
        """
        A guest with nothing to be frozen does not end what the others hold.
        """
        self.empty.add("web1")
        self.successResultOf(self.begin())
        self.look()
        self.assertTrue(self.group.holds)
        self.successResultOf(self.thaw())
        self.assertIs(self.group.state, State.THAWED)

    def test_hook(self) -> None:
        """
        A hook that fails before is why none is frozen; one that fails after is told.
        """
        for word, state in (("freeze", State.FAILED), ("thaw", State.THAWED)):
            self.patch(
                Hook,
                "run",
                lambda hook, reactor, said, guests, word=word: (
                    fail(HookFailed("/bin/quiet", "exit status 1"))
                    if said == word
                    else succeed(None)
                ),
            )
            self.group = self.make(Hook(["/bin/quiet"]))
            self.begin()
            self.thaw()
            self.assertIs(self.group.state, state)
            self.assertEqual(self.code(), "hook-failed")

    def test_mistake_of_ours(self) -> None:
        """
        A mistake of ours ends it, and is written down.
        """

        def broken(hook: object, *args: object) -> object:
            raise RuntimeError("ours")

        self.patch(Hook, "run", broken)
        self.group = self.make(Hook(["/bin/quiet"]))
        self.successResultOf(self.begin())
        self.assertIs(self.group.state, State.FAILED)
        self.assertEqual(self.code(), "internal-error")
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 1)
        self.assertNotIn(FREEZE, self.sessions["web1"].asked)
