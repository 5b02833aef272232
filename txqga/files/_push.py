"""
One file into the guest.

It is written beside the one that it shall be, and takes its place when it is whole and known to be
good. Where a guest cannot rename files it is written where it belongs.
"""

from contextlib import suppress
from secrets import token_hex

from attrs import define, field

from txqga.errors import CommandFailed, CommandNotFound, TxqgaError
from txqga.files._chunk import Chunk
from txqga.files._digest import Verified, check_digest, guest_digest
from txqga.files._guest_file import open_guest_file
from txqga.files._kit import Kit
from txqga.files._names import beside
from txqga.files._options import Options
from txqga.files._progress import Meter
from txqga.files._report import Report, Skipped
from txqga.files._source import Source
from txqga.files._system import Kind, Stat, System
from txqga.files._target import PART
from txqga.files._writing import Writing

#: What a new file's mode is, if nobody has a wish.
_MODE = 0o644


@define(kw_only=True)
class Push:
    """One file into the guest."""

    kit: Kit
    system: System
    options: Options
    meter: Meter
    source: Source
    path: str
    _written: str = field(default="", init=False)  #: the file that is written to
    _resumed: int = field(default=0, init=False)

    async def run(self) -> Report:
        """Copy it."""
        there = await self._look()
        in_place = not self.system.can_rename or (there is not None and there.kind is Kind.OTHER)
        if in_place:
            self._written = self.path
        elif self.options.resume:
            self._written = beside(self.path, PART)
        else:
            self._written = beside(self.path, f"{token_hex(4)}.{PART}")
        try:
            if not in_place and await self._is_done(there):
                await self.system.remove(self._written)  # left by an earlier copy, if at all
                self._written = self.path
            else:
                await self._write(await self._begin(in_place))
            verified = await self._verify(in_place, there)
            lost = await self._settle(in_place, there)
        except Exception:
            await self._give_up(in_place)
            raise
        return Report(
            octets=self.source.given,
            resumed=self._resumed,
            digest=self.source.made.hexdigest(),
            verified=frozenset({verified}),
            in_place=in_place,
            lost=[Skipped(self.source.name, f"not kept: {each}") for each in lost],
        )

    async def _look(self) -> Stat | None:
        """
        See what is there.

        :raise CommandFailed: a folder is.
        """
        there = await self.system.stat(self.path)
        if there is not None and there.kind is Kind.FOLDER:
            raise CommandFailed(f"{self.path}: there is a folder of that name")
        return there

    async def _is_done(self, there: Stat | None) -> bool:
        """Say whether an earlier copy is whole."""
        if not self.options.resume or there is None or not there.size:
            return False
        if there.kind is not Kind.FILE or there.size != self.source.size:
            return False
        return await self._begins_with(self.path, there.size)

    async def _begin(self, in_place: bool) -> str:
        """Say how to open what is written to, and go on behind what is there already."""
        if self.options.resume and await self._go_on():
            return "rb+"
        if in_place:
            return "wb"
        await self.system.create(self._written)
        return "rb+"

    async def _go_on(self) -> bool:
        try:
            file = await open_guest_file(self.kit.guest, self._written, "rb")
        except CommandNotFound:
            raise
        except CommandFailed:  # it is not there
            return False
        try:
            there = await file.size()
        finally:
            await file.drop()
        if not there or (self.source.size is not None and there > self.source.size):
            return False
        return await self._begins_with(self._written, there)

    async def _begins_with(self, path: str, count: int) -> bool:
        told = await guest_digest(self.kit, path, count)
        made = await self.kit.aside.run(self.source.begins_with, count)
        if told.count != count or told.hexadecimal != made:
            await self.kit.aside.run(self.source.rewind)
            return False
        self._resumed = count
        self.meter.skip(count)
        return True

    async def _write(self, mode: str) -> None:
        file = await open_guest_file(self.kit.guest, self._written, mode)
        is_closed = False
        try:
            if self._resumed:
                await file.seek(self._resumed)
            writing = Writing(
                file=file,
                aside=self.kit.aside,
                chunk=Chunk(self.kit.clock),
                meter=self.meter,
                give=self.source.give,
                offset=self._resumed,
            )
            await writing.run()
            is_closed = True
            await file.close()
        finally:
            if not is_closed:
                await file.drop()

    async def _verify(self, in_place: bool, there: Stat | None) -> Verified:
        is_device = in_place and there is not None and there.kind is Kind.OTHER
        if not self.options.verify or is_device:
            return Verified.NO
        digest = await guest_digest(self.kit, self._written, self.source.given)
        check_digest(digest, self.source.made.hexdigest(), self.source.given, self.path)
        return digest.by

    async def _settle(self, in_place: bool, there: Stat | None) -> list[str]:
        mode = self.options.mode
        mtime = self.source.mtime if self.options.keep else None
        if mode is None and self.options.keep:
            mode = self.source.mode
        if not in_place:
            if mode is None:
                mode = _MODE if there is None or there.mode is None else there.mode
        elif there is not None and there.kind is Kind.OTHER:
            return []
        return await self.system.settle(self._written, self.path, mode, mtime)

    async def _give_up(self, in_place: bool) -> None:
        if in_place or self.options.resume:
            return
        with suppress(TxqgaError):  # the guest is away: what is left has a name that tells all
            await self.system.remove(self._written)
