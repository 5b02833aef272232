"""
Looks for the sockets of guests, and goes on looking.

The kernel says where something has happened, and a moment later it is looked at there, a few
places in each turn of the reactor. Now and again everything is looked at anyway: a folder that
something was mounted on, one that was reached through a link, one that could not be watched. All
of it is the same act, so nothing depends on having understood what happened.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from txqga.mux._inventory import VM
from txqga.mux.discovery._inotify import IGNORED, OVERFLOW, SELF, Inotify, advice
from txqga.mux.discovery._pattern import Watch
from txqga.mux.discovery._tree import Place, Tree

#: Seconds after a change until it is looked at: QEMU makes a socket, and then listens at it.
SETTLE = 0.05

#: Places looked at in one turn of the reactor.
AT_ONCE = 64

#: Places looked at before it is told what was found, if there are so many.
TELLING = 1024

#: Seconds until everything is looked at again; and where folders could not be watched.
AGAIN, BLIND = 60.0, 2.0


class Discovery:
    """Looks for the sockets of guests."""

    _log = Logger()

    def __init__(
        self,
        reactor: Any,
        changed: Callable[[Mapping[str, VM], Mapping[str, str]], None],
        notifier: Callable[[Any, Callable[[int, int, str], object]], Inotify] = Inotify,
    ) -> None:
        """
        :param reactor: provides ``IReactorTime`` and ``IReactorFDSet``.
        :param changed: is told the guests that there are, and why other sockets are left alone,
            both by path; only while this runs, and only when something was looked at.
        """
        self._reactor = reactor
        self._changed = changed
        self._notifier = notifier
        self._inotify: Inotify | None = None
        self._trees: dict[Watch, Tree] = {}
        self._marks: dict[int, dict[tuple[Tree, Place], None]] = {}  #: by watch
        self._agenda: dict[tuple[Tree, Place], None] = {}
        self._looked = 0  #: at so many places since it was told what was found
        self._next: IDelayedCall | None = None
        self._rescan: IDelayedCall | None = None
        self._blind: str | None = None  #: why not everything is watched
        self._complained: str | None = None  #: what was last said of that
        self._runs = False

    @property
    def watches(self) -> list[Watch]:
        """What is looked for."""
        return list(self._trees)

    def watch(self, watches: Iterable[Watch]) -> None:
        """Look for these, and for nothing else."""
        before, self._trees = self._trees, {}
        for watch in watches:
            kept = before.pop(watch, None)
            self._trees[watch] = kept or Tree(watch, self._mark, self._unmark)
        for tree in before.values():
            tree.close()
        if self._runs:
            self._look_everywhere()

    def start(self) -> None:
        """Begin to look; what is there already is told soon."""
        self._runs = True
        self._look_everywhere()

    def stop(self) -> None:
        """Look no more."""
        self._runs = False
        for tree in self._trees.values():
            tree.close()
        self._agenda.clear()
        for call in (self._next, self._rescan):
            if call is not None and call.active():
                call.cancel()
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    # -- what happens

    def _told(self, watch: int, mask: int, name: str) -> None:
        if mask & OVERFLOW:
            self._look_everywhere()
            return
        for tree, place in self._marks.get(watch, ()):
            there = place if mask & SELF else tree.child(place, name)
            if there is not None:
                self._agenda[tree, there] = None
        if mask & IGNORED:
            self._marks.pop(watch, None)
        if self._agenda:
            self._go_on(SETTLE)

    def _look_everywhere(self) -> None:
        if self._trees and self._inotify is None:
            try:
                self._inotify = self._notifier(self._reactor, self._told)
            except OSError as why:
                self._cannot(why)
        for tree in self._trees.values():
            self._agenda[tree, tree.root] = None
        self._looked += 1  # for nothing may be there to be looked at, and that is to be told too
        self._go_on(0)

    # -- looking

    def _go_on(self, seconds: float) -> None:
        if self._next is None or not self._next.active():
            self._next = self._reactor.callLater(seconds, self._turn)

    def _turn(self) -> None:
        for tree, place in list(islice(self._agenda, AT_ONCE)):
            del self._agenda[tree, place]
            if self._trees.get(tree.watch) is not tree:
                continue
            self._looked += 1
            for there in tree.look(place):
                self._agenda[tree, there] = None
        if self._looked > TELLING or not self._agenda:
            self._tell()
        if self._agenda:
            self._go_on(0)
        else:
            self._look_again_later()

    def _tell(self) -> None:
        self._looked = 0
        found: dict[str, VM] = {}
        faults: dict[str, str] = {}
        for tree in self._trees.values():
            found.update((path, vm) for path, vm in tree.found.items() if path not in found)
            faults.update(tree.faults)
        self._changed(found, faults)

    def _look_again_later(self) -> None:
        if self._rescan is None or not self._rescan.active():
            self._rescan = self._reactor.callLater(AGAIN, self._look_again)
        if self._blind is not None:
            self._rescan.reset(BLIND)

    def _look_again(self) -> None:
        self._complained, self._blind = self._blind, None
        self._look_everywhere()

    # -- watching

    def _mark(self, tree: Tree, place: Place) -> int:
        if self._inotify is None:
            return -1
        try:
            watch = self._inotify.watch(place[0])
        except (FileNotFoundError, NotADirectoryError):
            raise
        except OSError as why:
            self._cannot(why)
            return -1
        self._marks.setdefault(watch, {})[tree, place] = None
        return watch

    def _unmark(self, tree: Tree, place: Place, watch: int) -> None:
        marks = self._marks.get(watch)
        if marks is None:
            return
        marks.pop((tree, place), None)
        if not marks:
            del self._marks[watch]
            if self._inotify is not None:
                self._inotify.forget(watch)

    def _cannot(self, why: OSError) -> None:
        self._blind = advice(why)
        if self._blind != self._complained:
            self._complained = self._blind
            self._log.warn(
                "new guests are found late, by looking every {seconds} s: {why}",
                seconds=BLIND,
                why=self._blind,
            )
