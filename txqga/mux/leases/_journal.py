"""
How the guests of a mux stand, written down before it matters.

A line for each change, one file for all guests; lines that come while others are being written go
to the disk together with the next ones. What the last line of a guest says is what the next process
begins with. One mux has a state folder at a time: it holds a lock on the folder itself.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import gmtime, strftime

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from txqga.fsfreeze import Stage, Standing
from txqga.mux._folder import FolderError, check_owner
from txqga.mux.leases._boot import boot_id, boot_time
from txqga.mux.leases._hooks import read, take_note, written
from txqga.mux.leases._log_file import LogFile, free_octets
from txqga.mux.leases._record import Frame, Record

#: The file in the state folder.
NAME = "freezes.jsonl"

#: Octets beyond which the file is written anew, if most of its lines do not matter any more; fewer
#: where the disk has not as much room left as the file has taken.
OCTETS = 1 << 20

#: Lines that may not matter any more, however little room there is.
FEW = 8

#: Guests that are remembered; beyond it the oldest are forgotten.
MOST = 16384


class Journal:
    """How the guests of a mux stand, written down."""

    _log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        folder: Path,
        run: Callable[[Callable[[], None]], Deferred[None]],
        boot_time: Callable[[], float] = boot_time,
        boot_id: Callable[[], str] = boot_id,
        free: Callable[[int], int] = free_octets,
    ) -> None:
        """
        :param run: runs what waits for the disk, one at a time, in another thread.
        :param free: as of :class:`LogFile`.
        """
        self._clock = clock
        self._folder = folder
        self._run = run
        self._boot_time = boot_time
        self._boot_id = boot_id()
        self._file = LogFile(folder / NAME, free)
        self._lock = -1
        self._records: dict[str, Record] = {}  #: of the guests that are not simply thawed
        self.hooked: dict[str, tuple[str, ...]] = {}  #: of each group whose hook was run, by its id
        self._lines: list[bytes] = []  #: to be written
        self._waiting: list[Deferred[None]] = []  #: for that
        self._is_writing = False
        self._idle: list[Deferred[None]] = []

    def open(self) -> None:
        """
        Read what the last process has left.

        :raise FolderError: another mux is here, or the folder or the file is not what it should be.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            check_owner(self._folder, os.fstat(self._lock))
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            self._unlock()
            raise FolderError(f"{self._folder}: another mux keeps its state there") from why
        except OSError as why:
            self._unlock()
            raise FolderError(f"{self._folder}: {why.strerror}") from why
        except FolderError:
            self._unlock()
            raise
        try:
            self._file.open(self._take)
        except FolderError:
            self.abandon()
            raise

    async def close(self) -> None:
        """Write what is to be written, and no more; then let others have the folder."""
        while self._is_writing:
            idle: Deferred[None] = Deferred()
            self._idle.append(idle)
            await idle
        self.abandon()

    def abandon(self) -> None:
        """Let others have the folder."""
        self._file.close()
        self._unlock()

    def recall(self, guest: str) -> Standing | None:
        """Say how a guest stood; None: nothing is known, and nothing owed."""
        record = self._records.get(guest)
        return None if record is None else self._frame().standing(record)

    def note(self, guest: str, standing: Standing) -> Deferred[None]:
        """Write down how a guest stands; see :class:`txqga.fsfreeze.Ledger`."""
        record = self._frame().record(guest, standing, _now())
        self._keep(record)
        return self._put(record.line())

    def note_hook(self, id: str, guests: Sequence[str] | None) -> Deferred[None]:
        """Write down for whom the hook is run; see :class:`txqga.mux.leases._hooks.HookBook`."""
        take_note(self.hooked, id, guests)
        return self._put(written(id, guests, _now()))

    @property
    def groups(self) -> set[str]:
        """The ids of the groups with which guests were frozen that are not thawed."""
        return {each.group[0] for each in self._records.values() if each.group is not None}

    # -- inside

    def _put(self, line: bytes) -> Deferred[None]:
        self._lines.append(line)
        noted: Deferred[None] = Deferred()
        self._waiting.append(noted)
        if not self._is_writing:
            self._write()
        return noted

    def _frame(self) -> Frame:
        return Frame(
            clock=self._clock.seconds(), boot_time=self._boot_time(), boot_id=self._boot_id
        )

    def _take(self, line: bytes) -> None:
        try:
            if (hook := read(line)) is not None:
                take_note(self.hooked, *hook)
            else:
                self._keep(Record.parse(line))
        except (ValueError, RecursionError) as why:
            self._log.error(
                "{path}: a line that cannot be read is left out: {why}",
                path=str(self._file.path),
                why=str(why),
            )

    def _keep(self, record: Record) -> None:
        self._records.pop(record.guest, None)
        if record.stage is not Stage.THAWED:
            self._records[record.guest] = record
        if len(self._records) > MOST:
            oldest = next(iter(self._records))
            self._log.warn("{guest}: how it stood is forgotten", guest=oldest)
            del self._records[oldest]

    def _write(self) -> None:
        lines, self._lines = self._lines, []
        waiting, self._waiting = self._waiting, []
        file, kept = self._file, None
        few = max(FEW, 4 * (len(self._records) + len(self.hooked)))
        if file.octets > min(OCTETS, file.free) and file.lines > few:
            kept = [each.line() for each in self._records.values()]
            kept += [written(*each, _now()) for each in self.hooked.items()]
        self._is_writing = True
        self._run(partial(self._append, lines, kept)).addBoth(self._written, waiting)

    def _append(self, lines: list[bytes], kept: list[bytes] | None) -> None:
        try:
            self._file.append(lines)
        except OSError:
            if kept is None:
                raise
            self._file.renew(kept)  # it has what these lines say, and needs less room
            return
        if kept is not None:
            with contextlib.suppress(OSError):  # it is as it was, and may grow a little longer
                self._file.renew(kept)

    def _written(self, result: object, waiting: list[Deferred[None]]) -> None:
        self._is_writing = False
        if self._lines:
            self._write()
        for each in waiting:
            if isinstance(result, Failure):
                each.errback(result)
            else:
                each.callback(None)
        if not self._is_writing:
            idle, self._idle = self._idle, []
            for each in idle:
                each.callback(None)

    def _unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _now() -> str:
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime())
