"""
Programs by ``guest-exec``, which every agent has.

It tells of a program once more after its end, and then forgets it: what was told is kept here.
"""

from collections.abc import Sequence

from attrs import define

from txqga.errors import CommandFailed, CommandNotFound, InvalidArguments, Misfit, ProgramLost
from txqga.exec._patient import AWAY, Patient
from txqga.exec._piece import Ended, ended
from txqga.exec._settled import settled
from txqga.schema import extended, structure, unstructure
from txqga.wire import JSON

#: Octets of input in one command: what agents and muxes take in one line, and some less.
INPUT = 4 * 1024 * 1024

#: Octets that an agent keeps of each stream (``GUEST_EXEC_MAX_OUTPUT`` in QEMU's qga/commands.c).
KEPT = 16 * 1024 * 1024


@define
class Told:
    """What an agent has told of a program at its end."""

    ended: Ended
    out: bytes
    err: bytes
    out_truncated: bool
    err_truncated: bool


@define
class Stock:
    """A program that was started by ``guest-exec``."""

    patient: Patient
    pid: int
    told: Told | None = None

    async def ask(self) -> Told | None:
        """
        Ask whether it has ended.

        :raise ProgramLost: the agent does not know it.
        """
        if self.told is None:
            try:
                value = await self._status()
            except CommandNotFound:
                raise
            except CommandFailed as why:
                raise ProgramLost(str(self.pid), why.desc) from why
            said = structure(extended(), "GuestExecStatus", value)
            if said.exited:
                out, err = said.out_data or b"", said.err_data or b""
                self.told = Told(
                    ended(said.exitcode, said.signal),
                    out,
                    err,
                    _is_cut(out, said.out_truncated),
                    _is_cut(err, said.err_truncated),
                )
        return self.told

    async def _status(self) -> JSON:
        asked = {"pid": self.pid}
        # not by `ask` of the patient: a late reply is the only one that tells the end
        return await self.patient.insist(lambda: settled(self.patient, "guest-exec-status", asked))


def _is_cut(data: bytes, flag: bool | None) -> bool:
    """Agents of 7.2.0 and 10.0.2 say false, and say it only of what they have cut."""
    if len(data) > KEPT:
        raise Misfit("GuestExecStatus", f"{len(data)} octets are more than any agent keeps")
    return bool(flag) or (flag is not None and len(data) == KEPT)


async def start_stock(
    patient: Patient,
    argv: Sequence[str],
    *,
    env: Sequence[str] | None = None,
    input: bytes = b"",
    capture: JSON = None,
) -> Stock:
    """
    Start a program.

    :param argv: its path and its arguments.
    :param capture: ``capture-output``; None: it is not said, as agents of old want it.
    :raise CommandFailed: it cannot be started.
    """
    if len(input) > INPUT:
        why = f"this agent takes {INPUT} octets of input at most, not {len(input)}"
        raise InvalidArguments(why, "guest-exec")
    asked: dict[str, JSON] = {"path": argv[0], "arg": list(argv[1:])}
    if env is not None:
        asked["env"] = list(env)
    if input:
        asked["input-data"] = unstructure(input)
    if capture is not None:
        asked["capture-output"] = capture
    value = await settled(patient, "guest-exec", asked)
    return Stock(patient, structure(extended(), "GuestExec", value).pid)


async def finish_stock(patient: Patient, argv: Sequence[str]) -> Told:
    """
    Run a program to its end: a short one of ours.

    :raise CommandFailed: it cannot be started, or does not end.
    """
    stock = await start_stock(patient, argv, capture=True)
    pace, ends = patient.pace(), patient.clock.seconds() + AWAY
    while (told := await stock.ask()) is None:
        if patient.clock.seconds() >= ends:
            raise CommandFailed(f"{argv[0]} does not end within {AWAY:g} s", "guest-exec")
        await pace.pause()
    return told
