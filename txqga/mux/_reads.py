"""Equal questions that change nothing: the agent is asked once."""

from collections.abc import Mapping

from txqga.mux._job import Job
from txqga.schema import CommandClass, Schema, command_class
from txqga.wire import JSON, encode

#: Octets of a request up to which it is compared with others; no read has long arguments.
LONGEST = 4096


class Reads:
    """
    The reads on their way to one agent, queued or written.

    Between a read that was written and its answer nothing else runs in the agent, so whoever asks
    the same meanwhile is told nothing older than what they would have been told.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._jobs: dict[tuple[str, bytes], Job] = {}

    def key(
        self, command: str, arguments: Mapping[str, JSON], octets: int
    ) -> tuple[str, bytes] | None:
        """Tell what equal questions have in common; None for one that has to be asked itself."""
        if octets > LONGEST or command_class(self._schema, command, arguments) is not _READ:
            return None
        return command, encode(dict(arguments)) if arguments else b"{}"

    def get(self, key: tuple[str, bytes]) -> Job | None:
        """Find a job that asks the same."""
        return self._jobs.get(key)

    def add(self, job: Job) -> None:
        """``job`` is on its way."""
        if job.key is not None:
            self._jobs[job.key] = job

    def over(self, job: Job) -> None:
        """``job`` has its answer, or will not be asked."""
        if job.key is not None:
            del self._jobs[job.key]


_READ = CommandClass.READ
