"""When a guest is asked."""

from collections.abc import Mapping
from random import Random

from attrs import evolve
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound
from txqga.monitor._data import Datum
from txqga.monitor._draft import Draft
from txqga.monitor._figures import LOAD1, USERS
from txqga.monitor._rounds import BUDGET, BURST, BURST_LASTS, PAUSE, SHARE, STRETCH, Rounds
from txqga.monitor._source import Answer, Command, File
from txqga.wire import JSON

FILES = ("guest-file-open", "guest-file-read", "guest-file-close")


def _load(answer: Answer, draft: Draft) -> None:
    draft.add(LOAD1, answer.said)


def _loadavg(answer: Answer, draft: Draft) -> None:
    draft.add(LOAD1, float(str(answer.said)))


def _users(answer: Answer, draft: Draft) -> None:
    draft.add(USERS, answer.said)


LOAD = Datum("load", 10.0, (Command("get-load", _load), File("/proc/loadavg", _loadavg)))
PEOPLE = Datum("users", 40.0, (Command("get-users", _users),))


class Guest:
    """Answers at once, or as it is told."""

    def __init__(self) -> None:
        self.can_be_asked = True
        self.asked: list[str] = []
        self.commands = {"get-load", "get-users", "guest-get-osinfo"}
        self.system = "debian"
        self.said: dict[str, JSON | Exception] = {"get-load": 0.5, "get-users": 3}
        self.held: list[Deferred[JSON]] = []

    def poll(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        self.asked.append(command)
        if self.held:
            return self.held[-1]
        said = self._answer(command)
        return fail(said) if isinstance(said, Exception) else succeed(said)

    def _answer(self, command: str) -> JSON | Exception:
        match command:
            case "guest-info":
                listed: list[JSON] = [{"name": each, "enabled": True} for each in self.commands]
                listed.append({"name": "get-other", "enabled": False})
                return {"version": "7.2", "supported_commands": listed}
            case "guest-get-osinfo":
                return {"id": self.system}
            case "guest-file-open":
                return 1000
            case "guest-file-read":
                return {"count": 4, "buf-b64": "MC43NQ==", "eof": True}
            case "guest-file-close":
                return {}
        return self.said[command]

    def count(self, command: str) -> int:
        return self.asked.count(command)


class RoundsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock, self.guest = Clock(), Guest()
        self.rounds = Rounds(
            self.clock, self.clock.seconds, "db1", self.guest, [LOAD, PEOPLE], Random(3)
        )

    def begin(self) -> None:
        """The burst is over."""
        self.rounds.begin()
        self.pass_by(BURST_LASTS + 2 * PAUSE)
        self.guest.asked.clear()

    def pass_by(self, seconds: float) -> None:
        self.clock.pump([0.5] * int(seconds * 2))

    def told(self) -> dict[str, float]:
        return {
            sample.figure.name: sample.value
            for _, reading in self.rounds.snapshot.fresh(self.clock.seconds())
            for sample in reading.samples
        }

    def test_periods(self) -> None:
        """
        Each datum is asked at its own period; what the agent has, once.
        """
        self.begin()
        self.pass_by(400)
        self.assertEqual(self.guest.count("get-load"), 40)
        self.assertEqual(self.guest.count("get-users"), 10)
        self.assertEqual(self.guest.count("guest-info"), 0)
        self.assertEqual(self.told(), {"qga_guest_load1": 0.5, "qga_guest_users": 3.0})

    def change(self, pace: float) -> None:
        """Make all periods longer."""
        self.rounds.change([evolve(each, period=each.period * pace) for each in (LOAD, PEOPLE)])

    def test_periods_changed(self) -> None:
        """
        Periods can be made longer or shorter while it goes on: what was far off comes in time, and
        not for all guests at once.
        """
        self.begin()
        self.change(6.0)
        self.pass_by(10)
        self.guest.asked.clear()
        self.pass_by(720)
        self.assertEqual((self.guest.count("get-load"), self.guest.count("get-users")), (12, 3))
        self.change(0.5)
        self.pass_by(20)
        self.assertGreater(self.guest.count("get-users"), 3)
        self.guest.asked.clear()
        self.pass_by(100)
        self.assertEqual((self.guest.count("get-load"), self.guest.count("get-users")), (20, 5))

    def test_more_and_less(self) -> None:
        """
        What is asked no more is not known any more; what is new is asked, and the rest goes on.
        """
        self.begin()
        self.rounds.change([LOAD, Datum("more", 10.0, (Command("get-more", _users),))])
        self.guest.commands.add("get-more")
        self.guest.said["get-more"] = 7
        self.pass_by(100)
        self.assertEqual(self.guest.count("get-users"), 0)
        self.assertEqual(self.guest.count("get-load"), 10)
        self.assertEqual(self.told(), {"qga_guest_load1": 0.5})  # it had not told of more
        self.rounds.begin()
        self.pass_by(20)
        self.assertEqual(self.told(), {"qga_guest_load1": 0.5, "qga_guest_users": 7.0})

    def test_from_elsewhere(self) -> None:
        """
        What comes from elsewhere now is not known as it was, and neither is how often it failed.
        """
        self.begin()
        self.assertEqual(self.told()["qga_guest_load1"], 0.5)
        self.rounds.snapshot.failures["load"] = 1
        self.rounds.change([evolve(LOAD, sources=PEOPLE.sources), PEOPLE])
        self.assertEqual(self.told(), {"qga_guest_users": 3.0})
        self.assertEqual(self.rounds.snapshot.failures, {})

    def test_asked_in_vain(self) -> None:
        """
        The answer to what is not to be asked any more is not taken, whatever it is.
        """
        for said in (3, Failure(CommandFailed("no"))):
            self.rounds.change([LOAD, PEOPLE])
            self.begin()
            self.guest.held.append(Deferred())
            self.pass_by(50)
            self.assertEqual(len(self.guest.asked), 1)
            self.rounds.change([])
            self.guest.held.pop().callback(said)
            self.assertEqual((self.told(), self.rounds.snapshot.failures), ({}, {}))

    def test_not_together(self) -> None:
        """
        Guests that came together are not asked together.
        """
        random, moments = Random(5), set()
        for _ in range(20):
            clock = Clock()
            Rounds(clock, clock.seconds, "db1", Guest(), [LOAD], random).begin()
            (call,) = clock.getDelayedCalls()
            self.assertLessEqual(call.getTime(), BURST)
            moments.add(call.getTime())
        self.assertEqual(len(moments), 20)

    def test_budget(self) -> None:
        """
        A guest that gives a file away octet by octet is asked no more, and the file is closed.
        """
        self.guest.commands = set(FILES)
        self.begin()
        self.guest.poll = self.dribble  # type: ignore[method-assign]
        self.pass_by(BUDGET + 20)
        self.assertEqual(self.guest.asked[0], "guest-file-open")
        self.assertEqual(self.guest.asked[-1], "guest-file-close")
        self.assertLess(self.guest.count("guest-file-read"), BUDGET + 2)
        self.assertEqual(self.rounds.snapshot.failures, {"load": 1})

    def dribble(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        self.guest.asked.append(command)
        if command != "guest-file-read":
            return succeed(1000)
        said: Deferred[JSON] = Deferred()
        self.clock.callLater(1.0, said.callback, {"count": 1, "buf-b64": "MA==", "eof": False})
        return said

    def test_changed_while_away(self) -> None:
        """
        A guest that is away is not asked because there is something new to ask.
        """
        self.begin()
        self.rounds.end()
        self.rounds.change([LOAD])
        self.pass_by(100)
        self.assertEqual(self.guest.asked, [])

    def test_nothing_at_first(self) -> None:
        """
        A guest that is asked nothing is asked when there is something.
        """
        self.rounds.change([])
        self.begin()
        self.rounds.change([LOAD])
        self.pass_by(20)
        self.assertEqual(self.guest.count("get-load"), 2)

    def test_share(self) -> None:
        """
        Of a guest that takes long to answer no more than a part of its time is taken.
        """
        self.begin()
        self.guest.held.append(Deferred())
        self.pass_by(10)  # one is asked
        waiting = self.guest.held.pop()
        asked = self.clock.seconds()
        self.pass_by(16)
        waiting.callback(1.0)
        self.guest.asked.clear()
        took = self.clock.seconds() - asked
        self.pass_by((took - STRETCH) / SHARE - took - 1)
        self.assertEqual(self.guest.asked, [])
        self.pass_by(30)
        self.assertNotEqual(self.guest.asked, [])

    def test_busy_host(self) -> None:
        """
        One answer that took a little longer makes no question late.
        """
        self.rounds.change([LOAD])
        self.begin()
        waiting: Deferred[JSON] = Deferred()
        self.guest.held.append(waiting)
        while not self.guest.asked:
            self.pass_by(0.5)
        self.pass_by(STRETCH / 2)
        self.guest.held.clear()
        waiting.callback(1.0)
        self.pass_by(LOAD.period - STRETCH / 2)
        self.assertEqual(self.guest.count("get-load"), 2)

    def test_burst(self) -> None:
        """
        A guest that has just come is asked more often.
        """
        self.rounds.begin()
        self.pass_by(BURST_LASTS)
        self.assertEqual(self.guest.count("get-users"), BURST_LASTS / BURST)

    def test_one_at_a_time(self) -> None:
        """
        A guest that takes its time has one question at a time, and none piled up afterwards.
        """
        self.begin()
        self.guest.held.append(Deferred())
        self.pass_by(100)
        self.assertEqual(len(self.guest.asked), 1)
        waiting = self.guest.held.pop()
        waiting.callback(1.0)
        self.pass_by(1)
        self.assertLessEqual(len(self.guest.asked), 3)

    def test_file_instead(self) -> None:
        """
        Where the command is missing the file is read, and no handle stays open.
        """
        self.guest.commands = {"get-users", *FILES}
        self.begin()
        self.pass_by(10)
        self.assertEqual(self.guest.asked[:3], list(FILES))
        self.assertEqual(self.told()["qga_guest_load1"], 0.75)

    def test_closed_whatever_happens(self) -> None:
        """
        A file that cannot be read is closed.
        """
        self.guest.commands = set(FILES)
        self.begin()
        self.guest.poll = self.unreadable  # type: ignore[method-assign]
        self.pass_by(10)
        self.assertEqual(self.guest.asked, list(FILES))
        self.assertEqual(self.rounds.snapshot.failures, {"load": 1})

    def unreadable(self, command: str, arguments: Mapping[str, JSON]) -> Deferred[JSON]:
        self.guest.asked.append(command)
        if command == "guest-file-read":
            return fail(CommandFailed("failed to read file"))
        return succeed(1000)

    def test_missing(self) -> None:
        """
        Where there is no source nothing is asked, and the figure is missing: it is not 0.
        """
        for commands, system in (({"get-users"}, "debian"), ({"get-users", *FILES}, "mswindows")):
            self.guest.commands, self.guest.system = {*commands, "guest-get-osinfo"}, system
            self.begin()
            self.pass_by(60)
            self.assertEqual(set(self.guest.asked), {"get-users"})
            self.assertEqual(self.told(), {"qga_guest_users": 3.0})

    def test_not_there_after_all(self) -> None:
        """
        A command that turns out to be missing is not asked again, and the next source is.
        """
        self.guest.commands |= set(FILES)
        self.guest.said["get-load"] = CommandNotFound("no get-load")
        self.begin()
        self.pass_by(60)
        self.assertEqual(self.guest.count("get-load"), 0)
        self.assertEqual(self.told()["qga_guest_load1"], 0.75)

    def test_refused(self) -> None:
        """
        A datum that the guest refuses rests for a while, the others do not; then it is too old.
        """
        self.begin()
        self.guest.said["get-load"] = CommandFailed("no")
        self.pass_by(10 + 2 * PAUSE)
        self.assertEqual(self.guest.count("get-load"), 3)
        self.assertIn(self.guest.count("get-users"), (3, 4))
        self.assertEqual(self.told(), {"qga_guest_users": 3.0})
        self.assertEqual(self.rounds.snapshot.failures, {"load": 3})

    def test_silent(self) -> None:
        """
        A guest that does not answer is left in peace as a whole.
        """
        self.begin()
        self.guest.said["get-load"] = AgentUnavailable("absent", "nobody listens")
        self.pass_by(10)
        self.guest.asked.clear()
        self.pass_by(PAUSE - 10)
        self.assertEqual(self.guest.asked, [])

    def test_frozen(self) -> None:
        """
        A frozen guest is not asked, and asked again when it is thawed.
        """
        self.begin()
        self.guest.can_be_asked = False
        self.pass_by(100)
        self.assertEqual(self.guest.asked, [])
        self.guest.can_be_asked = True
        self.pass_by(10)
        self.assertEqual(self.guest.count("get-load"), 1)

    def test_ends(self) -> None:
        """
        Who ends it gets no more questions, whatever was under way.
        """
        self.begin()
        self.guest.held.append(Deferred())
        self.pass_by(10)
        self.rounds.end()
        self.assertEqual(len(self.guest.asked), 1)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.pass_by(100)
        self.assertEqual(len(self.guest.asked), 1)
        self.assertEqual(self.told(), {})

    def test_comes_back(self) -> None:
        """
        When it comes back, what it has is found out anew.
        """
        self.begin()
        self.rounds.end()
        self.guest.commands = {"get-users"}
        self.rounds.begin()
        self.pass_by(20)
        self.assertEqual(self.guest.count("guest-info"), 1)
        self.assertEqual(self.guest.count("get-load"), 0)
