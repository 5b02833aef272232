"""A file of the guest that is read as it grows, or written at once."""

from attrs import define, field

from txqga.errors import AgentUnavailable, CommandFailed, CommandNotFound, Misfit, OutcomeUnknown
from txqga.exec._patient import Patient
from txqga.exec._settled import settled
from txqga.schema import extended, structure, unstructure
from txqga.wire import JSON

#: Octets of one command.
CHUNK = 1024 * 1024


@define
class GuestFile:
    """
    A file that is read from its beginning, and while it grows.

    A handle that is lost, as all are when the agent is started anew, is opened again.
    """

    patient: Patient
    path: str
    _offset: int = field(default=0, init=False)  #: octets that have arrived
    _handle: int | None = field(default=None, init=False)
    _is_there: bool = field(default=True, init=False)  #: whether the handle is at the offset

    async def read(self, room: int) -> bytes:
        """
        Give what is new, at most so many octets; nothing is no end.

        :raise CommandFailed: it cannot be read.
        """
        if room <= 0:
            return b""
        count = min(room, CHUNK)
        told = await self.patient.insist(lambda: self._read(count))
        said = structure(extended(), "GuestFileRead", told)
        if len(said.buf) > count:
            raise Misfit("GuestFileRead.buf-b64", f"{len(said.buf)} octets were not asked for")
        self._offset += len(said.buf)
        return bytes(said.buf)

    async def close(self) -> None:
        """Close it, if it can be closed."""
        handle, self._handle = self._handle, None
        if handle is not None:
            await self.patient.guest.call("guest-file-close", {"handle": handle})

    async def open(self) -> None:
        """
        Open it, which reading does too.

        :raise CommandFailed: it is not there.
        """
        asked: dict[str, JSON] = {"path": self.path, "mode": "r"}
        self._handle = _handle(await settled(self.patient, "guest-file-open", asked))
        self._is_there = self._offset == 0

    async def _read(self, count: int) -> JSON:
        if self._handle is not None:
            try:
                return await self._read_on(count)
            except CommandNotFound:
                raise
            except CommandFailed:  # the handle is not known any more
                self._handle = None
        await self.open()
        return await self._read_on(count)

    async def _read_on(self, count: int) -> JSON:
        call, handle = self.patient.guest.call, self._handle
        if not self._is_there:
            await call(
                "guest-file-seek", {"handle": handle, "offset": self._offset, "whence": "set"}
            )
            self._is_there = True
        try:
            return await call("guest-file-read", {"handle": handle, "count": count})
        except (AgentUnavailable, OutcomeUnknown):
            self._is_there = False
            raise


async def write_file(patient: Patient, path: str, data: bytes) -> None:
    """
    Write a new file.

    :raise CommandFailed: it cannot be written.
    """
    call = patient.guest.call
    handle = _handle(await settled(patient, "guest-file-open", {"path": path, "mode": "w"}))
    try:
        rest = memoryview(data)
        while rest:
            piece = rest[:CHUNK]
            asked = {"handle": handle, "buf-b64": unstructure(piece)}
            told = await call("guest-file-write", asked)
            count = structure(extended(), "GuestFileWrite", told).count
            if not 0 < count <= len(piece):
                raise Misfit("GuestFileWrite.count", f"{count} octets were not written")
            rest = rest[count:]
    finally:
        await call("guest-file-close", {"handle": handle})


def _handle(value: JSON) -> int:
    if type(value) is not int:
        raise Misfit("int", "a handle is a number")
    return value
