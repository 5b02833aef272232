"""
What waits for its turn: lanes, and in each lane the clients one after the other.

A client that asks for a hundred things waits behind one that asks for a single one, after its
first. Lanes go strictly before each other for as long as that hurts nobody for good: what has
been overtaken ``PATIENCE`` times goes next, whatever is waiting above it, unless that is a thaw.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable, Iterator

from attrs import field, frozen
from attrs.validators import ge

from txqga.mux._job import Job
from txqga.mux._lanes import Lane

#: Turns that a lane lets those above it have in a row.
PATIENCE = 32


@frozen(kw_only=True)
class Bounds:
    """How much may wait for one guest."""

    jobs: int = field(default=1024, validator=ge(1))
    jobs_of_client: int = field(default=64, validator=ge(1))
    #: requests together: contents of files, mostly. One that waits for nobody is always taken.
    octets: int = field(default=256 << 20, validator=ge(1))


class Queue:
    """What waits for its turn."""

    def __init__(self, bounds: Bounds = Bounds()) -> None:
        self._bounds = bounds
        self._lanes: dict[Lane, OrderedDict[Hashable, deque[Job]]] = {
            lane: OrderedDict() for lane in Lane
        }
        self._overtaken = dict.fromkeys(Lane, 0)
        self._jobs = 0
        self._octets = 0
        self._jobs_of: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return self._jobs

    def __iter__(self) -> Iterator[Job]:
        """Go through all, lane by lane and client by client."""
        for clients in self._lanes.values():
            for jobs in clients.values():
                yield from jobs

    @property
    def depths(self) -> dict[Lane, int]:
        """How many wait in each lane."""
        return {
            lane: sum(len(jobs) for jobs in clients.values())
            for lane, clients in self._lanes.items()
        }

    def no_room(self, job: Job) -> str | None:
        """Say why there is no room for ``job``; None if there is."""
        bounds = self._bounds
        if self._jobs >= bounds.jobs:
            return f"{self._jobs} commands are waiting for this guest already"
        if self._jobs_of.get(job.client, 0) >= bounds.jobs_of_client:
            return f"{bounds.jobs_of_client} commands of this client are waiting already"
        if self._jobs and self._octets + job.octets > bounds.octets:
            return (
                f"{self._octets} octets are waiting for this guest already, and no more than "
                f"{bounds.octets} may"
            )
        return None

    def add(self, job: Job) -> None:
        """Let ``job`` wait, behind what its client asked before in the same lane."""
        self._lanes[job.lane].setdefault(job.client, deque()).append(job)
        self._jobs += 1
        self._octets += job.octets
        self._jobs_of[job.client] = self._jobs_of.get(job.client, 0) + 1

    def take(self) -> Job | None:
        """Take out the job whose turn it is."""
        if not self._jobs:
            return None
        waiting = [lane for lane in Lane if self._lanes[lane]]
        lane = self._next(waiting)
        for other in waiting:
            if other > lane:
                self._overtaken[other] += 1
        self._overtaken[lane] = 0
        clients = self._lanes[lane]
        client, jobs = next(iter(clients.items()))
        job = jobs.popleft()
        if jobs:
            clients.move_to_end(client)
        else:
            del clients[client]
        self._gone(job)
        return job

    def remove(self, job: Job) -> bool:
        """Take ``job`` out of the middle; say whether it was here."""
        clients = self._lanes[job.lane]
        jobs = clients.get(job.client, deque())
        if job not in jobs:
            return False
        jobs.remove(job)
        if not jobs:
            del clients[job.client]
        self._gone(job)
        return True

    def clear(self) -> list[Job]:
        """Take out everything."""
        out = []
        while (job := self.take()) is not None:
            out.append(job)
        return out

    def _next(self, waiting: list[Lane]) -> Lane:
        if waiting[0] is not Lane.THAW:
            for lane in waiting:
                if self._overtaken[lane] >= PATIENCE:
                    return lane
        return waiting[0]

    def _gone(self, job: Job) -> None:
        self._jobs -= 1
        self._octets -= job.octets
        self._jobs_of[job.client] -= 1
        if not self._jobs_of[job.client]:
            del self._jobs_of[job.client]
