"""
One file out of the guest.

It is written beside the one that it shall be, and takes its place when it is whole and known to be
good.
"""

from attrs import define, field

from txqga.errors import CommandFailed, TooLarge
from txqga.files._chunk import Chunk
from txqga.files._digest import Verified, check_digest, guest_digest
from txqga.files._guest_file import GuestFile, open_guest_file
from txqga.files._kit import Kit
from txqga.files._names import shown
from txqga.files._options import Options
from txqga.files._progress import Meter
from txqga.files._reading import Reading
from txqga.files._report import Report
from txqga.files._system import Stat, System
from txqga.files._target import Target

#: Octets of what has no size before it is read, such as a file of /proc, if nobody says otherwise.
UNSAID = 64 * 1024 * 1024


@define(kw_only=True)
class Pull:
    """
    One file out of the guest.

    :param stat: what is known of it, if it was asked for already.
    :param most: octets that it may be of.
    """

    kit: Kit
    system: System
    options: Options
    meter: Meter
    path: str
    target: Target
    stat: Stat | None = None
    most: int | None = None
    counts: bool = True  #: whether the meter's total is this file's size
    _resumed: int = field(default=0, init=False)

    async def run(self) -> Report:
        """Copy it."""
        file = await open_guest_file(self.kit.guest, self.path, "rb")
        try:
            octets, verified = await self._copy(file)
            await self._settle()
        except Exception:
            await self.kit.aside.idle()
            self.target.give_up()
            raise
        finally:
            await file.drop()
        return Report(
            octets=octets,
            resumed=self._resumed,
            digest=self.target.made.hexdigest(),
            verified=frozenset({verified}),
            in_place=self.target.in_place,
        )

    async def _copy(self, file: GuestFile) -> tuple[int, Verified]:
        size = await file.size()
        if size is not None and self.most is not None and size > self.most:
            raise TooLarge(shown(self.path), self.most)
        if self.counts:
            self.meter.total = size or None
        aside = self.kit.aside
        if size and self.options.resume and await aside.run(self.target.adopt, size):
            digest = await guest_digest(self.kit, self.path, size)
            if digest.count == size and digest.hexadecimal == self.target.made.hexdigest():
                self._resumed = size
                self.meter.skip(size)
                return size, digest.by
        there = await aside.run(lambda: self.target.open(resume=self.options.resume))
        await self._go_on(there, size)
        if self._resumed:
            await file.seek(self._resumed)
        if size:
            await self._room(file, size - self._resumed)
        reading = Reading(
            file=file,
            aside=aside,
            chunk=Chunk(self.kit.clock),
            meter=self.meter,
            take=self.target.take,
            count=size - self._resumed if size else None,
            most=self._most(size),
        )
        octets = self._resumed + await reading.run()
        # what has no size is made as it is read: it need not be the same twice
        if not self.options.verify or not size:
            return octets, Verified.NO if octets else Verified.READ_BACK
        digest = await guest_digest(self.kit, self.path, octets)
        check_digest(digest, self.target.made.hexdigest(), octets, shown(self.path))
        return octets, digest.by

    async def _room(self, file: GuestFile, octets: int) -> None:
        """See that there is room for it here."""
        try:
            await self.kit.aside.run(self.target.room, octets)
        except OSError:
            await file.read(1)  # a folder has a size beyond all bounds, and fails for what it is
            raise

    def _most(self, size: int | None) -> int | None:
        if self.most is not None:
            return self.most
        return None if self.target.in_place else UNSAID

    async def _go_on(self, there: int, size: int | None) -> None:
        if not there:
            return
        if size and there <= size:
            told = await guest_digest(self.kit, self.path, there)
            if told.count == there and told.hexadecimal == self.target.made.hexdigest():
                self._resumed = there
                self.meter.skip(there)
                return
        await self.kit.aside.run(self.target.begin_anew)

    async def _settle(self) -> None:
        mode, mtime = self.options.mode, None
        if self.options.keep:
            stat = self.stat or await self._stat()
            if stat is not None:
                mode, mtime = stat.mode if mode is None else mode, stat.mtime
        await self.kit.aside.run(self.target.settle, mode, mtime)

    async def _stat(self) -> Stat | None:
        try:
            return await self.system.stat(self.path)
        except CommandFailed:
            return None
