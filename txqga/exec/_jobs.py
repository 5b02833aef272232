"""The programs that an agent knows."""

from attrs import frozen

from txqga.errors import Misfit
from txqga.exec._patient import Patient
from txqga.exec._piece import Ended, ended
from txqga.schema import extended, structure


@frozen(kw_only=True)
class JobStatus:
    """A program that was started, and not collected."""

    name: str  #: what :meth:`Exec.attach` takes
    pid: int
    path: str  #: as it was started
    key: str | None  #: as it was called by who has started it
    ended: Ended | None  #: None as long as it runs


async def read_jobs(patient: Patient) -> list[JobStatus]:
    """
    List them, the oldest first.

    :raise CommandNotFound: the agent keeps no list.
    """
    told = await patient.guest.call("txqga-exec-list")
    if not isinstance(told, list):
        raise Misfit("[TxqgaExecStatus]", "array expected")
    found = []
    for each in told:
        said = structure(extended(), "TxqgaExecStatus", each)
        how = None if said.running else ended(said.exitcode, said.signal, said.timed_out)
        found.append(
            JobStatus(name=said.job, pid=said.pid, path=said.path, key=said.key, ended=how)
        )
    return found
