"""What is served is made equal to what is wanted."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from twisted.application.service import MultiService, Service
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from txqga.mux._events import Event, Events
from txqga.mux._folder import FolderError
from txqga.mux._guest_service import GuestService
from txqga.mux._inventory import VM
from txqga.mux._options import Entry, MuxOptions
from txqga.mux._serving import AT_ONCE, RETRY, Serving


class Turns(Clock):
    """A clock that counts the turns of a reactor: what is to be called at once is the next."""

    def __init__(self) -> None:
        super().__init__()
        self.turn = 0
        self.made_in_turn: Counter[int] = Counter()

    def callLater(
        self, delay: float, callable: Callable[..., object], *args: object, **kw: object
    ) -> IDelayedCall:
        return super().callLater(delay, self._next_turn, callable, *args, **kw)

    def _next_turn(self, what: Callable[..., object], *args: object, **more: object) -> None:
        self.turn += 1
        what(*args, **more)

    def count(self) -> None:
        """Something was done in this turn."""
        self.made_in_turn[self.turn] += 1


class Fake(Service):
    """The service of one guest, which ends when the test says so."""

    def __init__(self, entry: Entry, stopping: Callable[[], None]) -> None:
        self.stopping = stopping
        self.setName(entry.vm.name)
        self.entry = entry
        self.adopted: list[MuxOptions] = []
        self.adopt = self.adopted.append
        self.gone: Deferred[None] = Deferred()

    def stopService(self) -> Deferred[None]:
        super().stopService()  # type: ignore[no-untyped-call]
        self.stopping()
        return self.gone


class ServingTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Turns()
        self.parent = MultiService()
        self.parent.startService()
        self.made: list[Fake] = []
        self.refused: dict[str, Exception] = {}
        self.claimed: list[str] = []
        self.events: list[Event] = []
        events = Events()
        events.subscribe(self.events.append)
        self.serving = Serving(self.clock, self.parent, self.make, self.claim, events)

    def make(self, entry: Entry) -> GuestService:
        if entry.vm.name in self.refused:
            raise self.refused[entry.vm.name]
        self.clock.count()
        fake: Any = Fake(entry, self.clock.count)
        self.made.append(fake)
        made: GuestService = fake
        return made

    @contextlib.contextmanager
    def claim(self, names: Iterable[str]) -> Iterator[None]:
        self.claimed += names
        yield

    def want(self, *channels: str) -> None:
        """Want these guests, each at ``unix:/NAME`` or as ``NAME@CHANNEL``."""
        entries = {}
        for each in channels:
            name, _, channel = each.partition("@")
            entries[name] = Entry(VM(name, f"unix:/{channel or name}"), MuxOptions())
        self.serving.want(entries)

    def turn(self) -> None:
        self.clock.advance(0)

    def running(self) -> list[str]:
        return [each.entry.vm.channel for each in self.made if each.running]

    def test_begin(self) -> None:
        """
        What is wanted is served, with room for its socket.
        """
        self.want("a", "b")
        self.turn()
        self.assertEqual(self.running(), ["unix:/a", "unix:/b"])
        self.assertEqual(self.claimed, ["a", "b"])
        self.assertEqual(set(self.serving.served), {"a", "b"})

    def test_untouched(self) -> None:
        """
        What stays as it was is left alone, whatever happens to others.
        """
        self.want("a", "b")
        self.turn()
        before = self.serving.served["a"]
        self.want("c", "a")
        self.turn()
        self.assertIs(self.serving.served["a"], before)
        self.assertEqual(self.running(), ["unix:/a", "unix:/c"])

    def test_changed(self) -> None:
        """
        What is wanted otherwise begins anew, when the old one has let go of the socket.
        """
        self.want("a")
        self.turn()
        self.want("a@other")
        self.turn()
        self.assertEqual(self.running(), [])
        self.made[0].gone.callback(None)
        self.turn()
        self.assertEqual(self.running(), ["unix:/other"])

    def test_adopted(self) -> None:
        """
        What can change while a guest is served changes, and is what it is compared with next.
        """
        self.want("a")
        self.turn()
        entry = Entry(VM("a", "unix:/a"), MuxOptions(by_user=True))
        for _ in range(2):
            self.serving.want({"a": entry})
            self.turn()
        self.assertEqual(self.made[0].adopted, [entry.options])
        self.assertEqual(self.running(), ["unix:/a"])
        self.assertEqual(len(self.made), 1)

    def test_changes_while_ending(self) -> None:
        """
        What counts is what is wanted when the old one is gone, not what was meanwhile.
        """
        self.want("a")
        self.turn()
        for wanted in ("a@2", "a@3"):
            self.want(wanted)
            self.turn()
        self.want()
        self.turn()
        self.want("a@4")
        self.turn()
        self.made[0].gone.callback(None)
        self.turn()
        self.assertEqual(self.running(), ["unix:/4"])
        self.assertEqual(len(self.made), 2)

    def test_events(self) -> None:
        """
        That a guest has come, and that it has gone, is told to who listens.
        """
        self.want("a")
        self.turn()
        self.want()
        self.turn()
        self.assertEqual(len(self.events), 1)
        self.made[0].gone.callback(None)
        added, removed = self.events
        self.assertEqual(added, Event(kind="guest-added", guest="a", data={"channel": "unix:/a"}))
        self.assertEqual(removed, Event(kind="guest-removed", guest="a"))

    def test_gone(self) -> None:
        """
        Whoever waits for a guest to be gone is told when its service has ended.
        """
        self.want("a")
        self.turn()
        self.want()
        gone = self.serving.gone("a")
        self.turn()
        self.assertNoResult(gone)
        self.made[0].gone.callback(None)
        self.successResultOf(gone)
        self.successResultOf(self.serving.gone("a"))
        self.successResultOf(self.serving.gone("never"))
        self.assertEqual(list(self.parent), [])

    def test_a_few_at_once(self) -> None:
        """
        A crowd is served a few in each turn of the reactor, so that others have their turns.
        """
        names = [f"vm{number}" for number in range(2000)]
        self.want(*names)
        self.clock.advance(0)
        self.assertEqual(len(self.made), len(names))
        self.want()
        self.clock.advance(0)
        self.assertFalse(any(each.running for each in self.made))
        self.assertEqual(max(self.clock.made_in_turn.values()), AT_ONCE)

    def test_trouble(self) -> None:
        """
        What cannot be served is told once, tried again, and keeps nobody else from being served.
        """
        self.refused["a"] = FolderError("somebody serves it")
        with capturedLogs() as seen:
            self.want("a", "b")
            self.turn()
            self.assertEqual(self.running(), ["unix:/b"])
            self.assertEqual(dict(self.serving.troubles), {"a": "somebody serves it"})
            self.clock.pump([RETRY, 0, RETRY, 0])
            self.assertEqual([each["guest"] for each in seen if "reason" in each], ["a"])
            self.refused.clear()
            self.clock.pump([RETRY, 0])
        self.assertEqual(self.running(), ["unix:/b", "unix:/a"])
        self.assertEqual(self.serving.troubles, {})
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_trouble_is_over(self) -> None:
        """
        What is not wanted any more is not tried again, and is no trouble.
        """
        self.refused["a"] = ValueError("no such endpoint")
        self.want("a")
        self.turn()
        self.want()
        self.turn()
        self.assertEqual(self.serving.troubles, {})
        self.clock.pump([RETRY, 0])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_stop(self) -> None:
        """
        When the mux stops, nothing more begins.
        """
        self.refused["a"] = ValueError("no")
        self.want("a")
        self.turn()
        self.want("a", "b")
        self.serving.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.assertEqual(self.made, [])

    def test_adopt(self) -> None:
        """
        What is served from the beginning is known, and not begun a second time.
        """
        entry = Entry(VM("a", "unix:/a"), MuxOptions())
        self.serving.adopt(entry, self.make(entry))
        self.want("a")
        self.turn()
        self.assertEqual(self.running(), ["unix:/a"])
