"""Jobs for tests that care about little of what is in one."""

from collections.abc import Hashable

from txqga.mux._handles import Handle, used
from txqga.mux._job import Job
from txqga.mux._lanes import Lane
from txqga.wire import JSON


def ignore(job: Job) -> None:
    """Nobody needs to know that a job is abandoned."""


def make(
    command: str = "guest-get-time",
    *,
    client: Hashable = "ann",
    lane: Lane = Lane.INTERACTIVE,
    octets: int = 0,
    **arguments: JSON,
) -> Job:
    """A job of ``client``, who is the owner of what it makes."""
    handle: Handle | None = used(command, arguments)
    return Job(
        command=command,
        arguments=arguments,
        lane=lane,
        client=client,
        owner=client,
        octets=octets,
        handle=handle,
        abandoned=ignore,
    )
