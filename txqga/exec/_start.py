"""Programs started, or found again, in a way that the agent knows."""

from attrs import evolve

from txqga.errors import CommandNotFound, InvalidArguments, ProgramLost
from txqga.exec._followed import attach_followed, start_followed
from txqga.exec._job import Job
from txqga.exec._jobs import read_jobs
from txqga.exec._patient import Patient
from txqga.exec._program import Program
from txqga.exec._stock import Stock
from txqga.exec._streamed import attach_streamed, start_streamed
from txqga.exec._traits import Traits
from txqga.exec._way import Way
from txqga.exec._whole import Whole, start_whole

#: Why a program that shall be written to is not started.
NO_STREAM = "this agent cannot write to a program that runs: give it all of its input at once"


async def start(patient: Patient, program: Program, traits: Traits, way: Way) -> Job:
    """
    Start a program.

    :raise CommandFailed: it cannot be started.
    """
    if program.added:  # the protocol has whole environments only
        if traits.is_windows:
            why = "on Windows no variables are added to the agent's: give the whole environment"
            raise InvalidArguments(why, "guest-exec")
        argv = ("--", *program.added, program.path, *program.args)
        program = evolve(program, path="env", args=argv, added=None)
    if way is Way.STREAMED:
        return await start_streamed(patient, program)
    if program.stdin:
        raise CommandNotFound(NO_STREAM, "txqga-exec-write")
    if way is Way.FOLLOWED:
        return await start_followed(patient, program)
    return await start_whole(patient, program, traits)


async def attach(patient: Patient, traits: Traits, job: str) -> Job:
    """
    Find a program again.

    :param job: its name, or its key.
    :raise ProgramLost: there is none.
    """
    if job.isascii() and job.isdigit() and Way.WHOLE in traits.ways and len(job) < 16:
        return Whole(stock=Stock(patient, int(job)), is_posix=traits.is_posix)
    followed = attach_followed(patient, job) if Way.FOLLOWED in traits.ways else None
    if followed is not None:
        return followed
    if Way.STREAMED not in traits.ways:
        raise ProgramLost(job, "this agent knows programs by their pid only")
    named = [each.name for each in await read_jobs(patient) if each.key == job]
    return await attach_streamed(patient, named[0] if named else job)
