"""Whether this process may have as many files open as its guests and their clients take."""

import resource

from txqga.mux import needed

#: Clients of each guest at a time that there should be room for.
CLIENTS = 2


def raise_limit() -> int:
    """Take as many descriptors as this process may have; return how many, or RLIM_INFINITY."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def advice(limit: int, guests: int) -> str | None:
    """
    Say what to do where a limit is too low for so many guests; None where it is not.

    :param limit: ``RLIM_INFINITY`` is none.
    """
    wanted = needed(guests, CLIENTS * guests)
    if limit == resource.RLIM_INFINITY or limit >= wanted:
        return None
    return (
        f"{guests} guests with two clients each take about {wanted} open files, and this process "
        f"may have {limit}: raise LimitNOFILE= in the unit, or `ulimit -n`"
    )
