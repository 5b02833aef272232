"""Looking for sockets, and going on looking; what the kernel says, the test says."""

import errno
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import Clock
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from tests.mux.discovery.test_tree import make_socket
from txqga.mux._inventory import VM
from txqga.mux.discovery import _discovery
from txqga.mux.discovery._discovery import AGAIN, AT_ONCE, BLIND, SETTLE, Discovery
from txqga.mux.discovery._inotify import CREATE, DELETE, DELETE_SELF, IGNORED, OVERFLOW
from txqga.mux.discovery._pattern import Watch
from txqga.mux.discovery._tree import Tree


class Kernel:
    """Watches folders, and tells what the test says has happened in them."""

    def __init__(self) -> None:
        self.refusal: OSError | None = None
        self.watches: dict[int, str] = {}
        self.closed = 0
        self.told: Callable[[int, int, str], object] = lambda watch, mask, name: None

    def __call__(self, reactor: object, told: Callable[[int, int, str], object]) -> Any:
        self.told = told
        return self

    def watch(self, folder: str) -> int:
        if self.refusal is not None:
            raise self.refusal
        number = Path(folder).stat().st_ino
        self.watches[number] = folder
        return number

    def forget(self, watch: int) -> None:
        self.watches.pop(watch, None)

    def close(self) -> None:
        self.closed += 1
        self.watches.clear()

    def happens(self, mask: int, path: Path) -> None:
        """Something happens to a name in a folder."""
        self.told(path.parent.stat().st_ino, mask, path.name)


class DiscoveryTests(SynchronousTestCase):
    def setUp(self) -> None:
        home = tempfile.TemporaryDirectory(prefix="find", dir="/tmp")
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.clock, self.kernel = Clock(), Kernel()
        self.found: list[str] = []
        self.faults: Mapping[str, str] = {}
        self.told = 0
        self.discovery = Discovery(self.clock, self.changed, self.kernel)
        self.discovery.watch([Watch.parse(f"{self.folder}/{{name}}/agent")])

    def changed(self, found: Mapping[str, VM], faults: Mapping[str, str]) -> None:
        self.found = [vm.name for vm in found.values()]
        self.faults = faults
        self.told += 1

    def start(self) -> None:
        self.discovery.start()
        self.clock.advance(0)

    def appears(self, name: str) -> None:
        """A guest appears, and the kernel says so of its folder."""
        make_socket(self.folder / name / "agent")
        self.kernel.happens(CREATE, self.folder / name)

    def test_what_is_there(self) -> None:
        """
        What is there when it starts is found.
        """
        make_socket(self.folder / "a/agent")
        self.start()
        self.assertEqual(self.found, ["a"])

    def test_nothing_is_there(self) -> None:
        """
        That nothing is there is told as well.
        """
        self.start()
        self.assertEqual((self.found, self.told), ([], 1))

    def test_appears(self) -> None:
        """
        What appears is found a moment later, and what vanishes is missed.
        """
        self.start()
        self.appears("a")
        self.assertEqual(self.found, [])
        self.clock.advance(SETTLE)
        self.assertEqual(self.found, ["a"])
        (self.folder / "a/agent").unlink()
        self.kernel.happens(DELETE, self.folder / "a/agent")
        self.clock.advance(SETTLE)
        self.assertEqual(self.found, [])

    def test_folder_appears_first(self) -> None:
        """
        A socket in a folder that is new is found, whether it was made before we watched or after.
        """
        self.start()
        (self.folder / "a").mkdir()
        self.kernel.happens(CREATE, self.folder / "a")
        self.clock.advance(SETTLE)
        self.assertEqual(self.found, [])
        make_socket(self.folder / "a/agent")
        self.kernel.happens(CREATE, self.folder / "a/agent")
        self.clock.advance(SETTLE)
        self.assertEqual(self.found, ["a"])

    def test_folder_goes_and_comes(self) -> None:
        """
        The watched folder itself may go, and come again.
        """
        self.start()
        self.appears("a")
        self.clock.advance(SETTLE)
        number = self.folder.stat().st_ino
        shutil.rmtree(self.folder)
        self.kernel.told(number, DELETE_SELF, "")
        self.kernel.told(number, IGNORED, "")
        self.clock.advance(SETTLE)
        self.assertEqual(self.found, [])
        make_socket(self.folder / "b/agent")
        self.kernel.happens(CREATE, self.folder)
        self.clock.advance(SETTLE)
        self.assertEqual(self.found, ["b"])

    def test_events_lost(self) -> None:
        """
        When the kernel has lost events, everything is looked at.
        """
        self.start()
        make_socket(self.folder / "a/agent")
        self.kernel.told(-1, OVERFLOW, "")
        self.clock.advance(0)
        self.assertEqual(self.found, ["a"])

    def test_now_and_again(self) -> None:
        """
        Everything is looked at now and again, whatever the kernel says.
        """
        self.start()
        make_socket(self.folder / "a/agent")
        self.clock.advance(AGAIN)
        self.assertEqual(self.found, ["a"])
        make_socket(self.folder / "b/agent")
        self.clock.advance(AGAIN)
        self.assertEqual(self.found, ["a", "b"])

    def test_other_names(self) -> None:
        """
        Names that do not fit are of no interest: nothing is looked at.
        """
        self.start()
        told = self.told
        self.kernel.happens(CREATE, self.folder.parent / "other")
        self.clock.advance(SETTLE)
        self.assertEqual(self.told, told)

    def test_no_watches_left(self) -> None:
        """
        Where folders cannot be watched, the reason is said once, and all are looked at often.
        """
        self.kernel.refusal = OSError(errno.ENOSPC, "no space")
        with capturedLogs() as seen:
            self.start()
            make_socket(self.folder / "a/agent")
            self.clock.advance(BLIND)
            self.assertEqual(self.found, ["a"])
            self.clock.pump([BLIND] * 5)
        warned = [each["why"] for each in seen if "why" in each]
        self.assertEqual(len(warned), 1)
        self.assertIn("max_user_watches", warned[0])
        self.kernel.refusal = None
        self.clock.advance(BLIND)
        told = self.told
        self.clock.advance(BLIND)
        self.assertEqual(self.told, told)
        self.appears("b")
        self.clock.advance(SETTLE)
        self.assertEqual(self.found, ["a", "b"])

    def test_no_inotify(self) -> None:
        """
        Where the kernel tells nothing at all, it is looked all the same.
        """

        def refuse(*_: object) -> Any:
            raise OSError(errno.EMFILE, "too many")

        discovery = Discovery(self.clock, self.changed, refuse)
        discovery.watch(self.discovery.watches)
        with capturedLogs() as seen:
            discovery.start()
            self.clock.advance(0)
            make_socket(self.folder / "a/agent")
            self.clock.advance(BLIND)
        self.assertEqual(self.found, ["a"])
        self.assertIn("max_user_instances", next(each["why"] for each in seen if "why" in each))
        discovery.stop()

    def test_two_patterns(self) -> None:
        """
        Of two patterns that find the same socket the first decides; one that is looked for no
        longer is forgotten, and one that stays is not looked for anew.
        """
        first, second = self.discovery.watches[0], Watch.parse(f"{self.folder}/a{{name}}/agent")
        make_socket(self.folder / "ab/agent")
        self.discovery.watch([first, second])
        self.start()
        self.assertEqual(self.found, ["ab"])
        self.discovery.watch([second])
        self.clock.advance(0)
        self.assertEqual(self.found, ["b"])
        self.discovery.watch([])
        self.clock.advance(0)
        self.assertEqual(self.found, [])
        self.assertEqual(self.kernel.watches, {})

    def test_crowd(self) -> None:
        """
        Of a crowd a few are looked at in each turn of the reactor.
        """
        self.start()
        for number in range(1000):
            self.appears(f"vm{number}")
        turns: Counter[int] = Counter()
        turn = 0

        class Counting(Tree):
            def look(self, place: Any) -> Any:
                turns[turn] += 1
                return super().look(place)

        (tree,) = self.discovery._trees.values()
        tree.__class__ = Counting
        later: Callable[..., IDelayedCall] = self.clock.callLater

        def count(seconds: float, what: Callable[..., object], *args: object) -> IDelayedCall:
            nonlocal turn
            turn += 1
            return later(seconds, what, *args)

        self.patch(self.clock, "callLater", count)
        self.clock.advance(SETTLE)
        self.assertEqual(len(self.found), 1000)
        self.assertLessEqual(max(turns.values()), AT_ONCE)
        self.assertEqual(sum(turns.values()), 2000)

    def test_told_now_and_then(self) -> None:
        """
        What was found of a crowd is told before the last of it was looked at.
        """
        self.patch(_discovery, "TELLING", 100)
        for number in range(500):
            make_socket(self.folder / f"vm{number}/agent")
        self.start()
        self.assertEqual(len(self.found), 500)
        self.assertGreater(self.told, 3)

    def test_faults(self) -> None:
        """
        Sockets that are left alone are told with the reasons.
        """
        make_socket(self.folder / "a b/agent")
        self.start()
        self.assertEqual(list(self.faults), [f"{self.folder}/a b/agent"])

    def test_stop(self) -> None:
        """
        When it stops, nothing is left: no watch, no timer.
        """
        self.start()
        self.appears("a")
        self.discovery.stop()
        self.assertEqual((self.kernel.closed, self.clock.getDelayedCalls()), (1, []))

    def test_idle(self) -> None:
        """
        Where nothing is looked for, nothing is watched.
        """
        self.discovery.watch([])
        self.start()
        self.assertEqual(self.kernel.watches, {})
