"""
Whose command runs.

The agent is one thread: it runs one command, and reads the next when the first is answered. What
was written to it cannot be called back, and goes before everything else. So the mux writes one
command at a time and keeps the rest to itself, where a thaw can overtake and a client that has
gone takes its commands with it. A command that was written keeps its turn until the agent has
answered or is given up, whether anybody still waits for it or not.
"""

from collections.abc import Callable
from typing import Protocol

from attrs import define
from automat import TypeMachineBuilder
from twisted.internet.defer import Deferred

from txqga.errors import AgentUnavailable
from txqga.mux._job import Job
from txqga.mux._queue import Queue

#: Says why a job should not wait for its turn any longer; None: it should.
WhyNot = Callable[[Job], Exception | None]


class Inputs(Protocol):
    """What a guest tells the machine."""

    def ask(self, job: Job) -> None:
        """Run ``job`` when its turn comes."""

    def withdraw(self, job: Job) -> None:
        """Nobody waits for ``job`` any more."""

    def sift(self, why_not: WhyNot) -> None:
        """Let those wait no longer for which there is a reason."""

    def close(self) -> None:
        """Run nothing more."""

    def _finished(self) -> None:
        """What was written is over."""


@define
class Core:
    """What every state may use."""

    queue: Queue
    #: Runs a job and gives it its answer. The Deferred fires when the agent is free again: it
    #: never fails, and never fires before it is returned.
    run: Callable[[Job], Deferred[None]]
    dropped: Callable[[Job], None]  #: told of a job that will not run


builder = TypeMachineBuilder(Inputs, Core)
IDLE = builder.state("idle")
RUNNING = builder.state("running")
CLOSED = builder.state("closed")


def start(inputs: Inputs, core: Core, job: Job) -> None:
    core.run(job).addCallback(lambda _: inputs._finished())


def wait(inputs: Inputs, core: Core, job: Job) -> None:
    why = core.queue.no_room(job)
    if why is None:
        core.queue.add(job)
    else:
        drop(core, job, AgentUnavailable("busy", f"{why}; try again later"))


def forget(inputs: Inputs, core: Core, job: Job) -> None:
    if core.queue.remove(job):
        core.dropped(job)


def sift(inputs: Inputs, core: Core, why_not: WhyNot) -> None:
    for job in list(core.queue):
        why = why_not(job)
        if why is not None:
            core.queue.remove(job)
            drop(core, job, why)


def next_turn(inputs: Inputs, core: Core) -> None:
    job = core.queue.take()
    if job is not None:
        inputs.ask(job)  # at once: it goes before whatever else is said meanwhile


def refuse(inputs: Inputs, core: Core, job: Job) -> None:
    drop(core, job, AgentUnavailable("closed", "the mux is stopping"))


def refuse_all(inputs: Inputs, core: Core) -> None:
    for job in core.queue.clear():
        refuse(inputs, core, job)


def drop(core: Core, job: Job, why: Exception) -> None:
    core.dropped(job)
    job.fail(why)


IDLE.upon(Inputs.ask).to(RUNNING)(start)
IDLE.upon(Inputs.withdraw).loop().returns(None)
IDLE.upon(Inputs.sift).loop().returns(None)
IDLE.upon(Inputs.close).to(CLOSED).returns(None)

RUNNING.upon(Inputs.ask).loop()(wait)
RUNNING.upon(Inputs.withdraw).loop()(forget)
RUNNING.upon(Inputs.sift).loop()(sift)
RUNNING.upon(Inputs.close).to(CLOSED)(refuse_all)
RUNNING.upon(Inputs._finished).to(IDLE)(next_turn)

CLOSED.upon(Inputs.ask).loop()(refuse)
CLOSED.upon(Inputs.withdraw).loop().returns(None)
CLOSED.upon(Inputs.sift).loop().returns(None)
CLOSED.upon(Inputs.close).loop().returns(None)
CLOSED.upon(Inputs._finished).loop().returns(None)  # written before, answered behind our back

machine = builder.build()
