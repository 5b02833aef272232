"""
A program that is followed by ``txqga-exec``.

Each command says from where it means octets to be, so each is sent again when its reply was lost.
"""

from math import ceil
from secrets import token_hex

from attrs import define, field

from txqga.errors import CommandFailed, CommandNotFound, Misfit, OutcomeUnknown, ProgramLost
from txqga.exec._pace import LONGEST
from txqga.exec._patient import Patient
from txqga.exec._piece import Piece, ended
from txqga.exec._program import Program
from txqga.exec._way import Way
from txqga.schema import extended, structure, unstructure
from txqga.wire import JSON

#: Octets of one stream that one reply brings: as many as the agent keeps.
MOST = 256 * 1024


@define(kw_only=True)
class Streamed:
    """A program that is followed by ``txqga-exec``."""

    patient: Patient
    name: str
    pid: int
    merge: bool
    in_offset: int | None = None
    way: Way = field(default=Way.STREAMED, init=False)
    longest_pause: float = field(default=LONGEST, init=False)
    has_clock: bool = field(default=True, init=False)
    _out: int = field(default=0)  #: octets that have arrived
    _err: int = field(default=0)

    async def read(self, out_room: int, err_room: int) -> Piece:
        count = min(MOST, max(out_room, err_room))
        asked: dict[str, JSON] = {"job": self.name, "out-offset": self._out, "count": count}
        if not self.merge:
            asked["err-offset"] = self._err
        try:
            told = await self.patient.ask("txqga-exec-read", asked)
        except CommandNotFound:
            raise
        except CommandFailed as why:
            raise ProgramLost(self.name, why.desc) from why
        said = structure(extended(), "TxqgaExecOutput", told)
        out, out_end = self._new(said.out_offset, self._out, said.out_data, count, out_room)
        err, err_end = b"", True
        if not self.merge:
            offset = -1 if said.err_offset is None else said.err_offset
            err, err_end = self._new(offset, self._err, said.err_data or b"", count, err_room)
            err_end = err_end and bool(said.err_eof)
        self._out += len(out)
        self._err += len(err)
        return Piece(
            out=out,
            err=err,
            out_end=out_end and said.out_eof,
            err_end=err_end,
            ended=None
            if said.running
            else ended(said.exitcode, said.signal, timed_out=said.timed_out),
        )

    def _new(
        self, offset: int, expected: int, data: bytes, count: int, room: int
    ) -> tuple[bytes, bool]:
        """Give what there is room for, and whether that is all."""
        if offset != expected or len(data) > count:
            raise Misfit("TxqgaExecOutput", f"{len(data)} octets at {offset} were not asked for")
        return data[:room], len(data) <= room

    async def write(self, offset: int, data: bytes, end: bool) -> tuple[int, bool]:
        asked = {"job": self.name, "offset": offset, "buf-b64": unstructure(data), "eof": end}
        told = await self.patient.ask("txqga-exec-write", asked)
        said = structure(extended(), "TxqgaExecInput", told)
        if not offset <= said.offset <= offset + len(data):
            raise Misfit("TxqgaExecInput.offset", f"{said.offset} was not written")
        return said.offset, said.closed

    async def signal(self, name: str) -> None:
        asked = {"job": self.name, "signal": name}
        if name == "kill":  # twice is as good as once
            await self.patient.ask("txqga-exec-signal", asked)
        else:
            await self.patient.guest.call("txqga-exec-signal", asked)

    async def detach(self) -> None:
        await self.patient.ask("txqga-exec-detach", {"job": self.name})

    async def release(self) -> None:
        await self.patient.ask("txqga-exec-release", {"job": self.name})


async def start_streamed(patient: Patient, program: Program) -> Streamed:
    """
    Start a program, or find the one that has its key.

    :raise CommandFailed: it cannot be started.
    """
    has_input = program.stdin or bool(program.input)
    asked: dict[str, JSON] = {
        "path": program.path,
        "arg": list(program.args),
        "stdin": has_input,
        "merge": program.merge,
        "key": program.key or token_hex(16),
    }
    if program.detached:
        asked["detached"] = True
    if program.env is not None:
        asked["env"] = list(program.env)
    if program.cwd is not None:
        asked["cwd"] = program.cwd
    if program.time_out is not None:
        asked["time-out"] = ceil(program.time_out)
    try:
        told = await patient.guest.call("txqga-exec-start", asked)
    except OutcomeUnknown:
        told = await patient.ask("txqga-exec-start", asked)  # has the same key: is the same program
    said = structure(extended(), "TxqgaExecJob", told)
    if program.key is not None:  # it may have run for long
        return await attach_streamed(patient, said.job)
    in_offset = 0 if has_input else None
    return Streamed(
        patient=patient, name=said.job, pid=said.pid, merge=program.merge, in_offset=in_offset
    )


async def attach_streamed(patient: Patient, job: str) -> Streamed:
    """
    Find a program again, and go on where the last one who read it was.

    :raise ProgramLost: there is none.
    """
    try:
        told = await patient.ask("txqga-exec-status", {"job": job})
    except CommandNotFound:
        raise
    except CommandFailed as why:
        raise ProgramLost(job, why.desc) from why
    said = structure(extended(), "TxqgaExecStatus", told)
    return Streamed(
        patient=patient,
        name=said.job,
        pid=said.pid,
        merge=said.err_offset is None,
        in_offset=said.in_offset,
        out=said.out_offset,
        err=said.err_offset or 0,
    )
