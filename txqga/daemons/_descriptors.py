"""Whether this process may have as many files open as its guests and their clients take."""

import resource

#: Descriptors of the process itself, whoever it serves.
OWN = 64

#: For each guest: the socket where it is served, its agent's channel, QEMU's monitor, and two
#: clients at a time.
OF_GUEST = 5


def raise_limit() -> int:
    """Take as many descriptors as this process may have; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def advice(limit: int, guests: int) -> str | None:
    """
    Say what to do where a limit is too low for so many guests; None where it is not.

    :param limit: ``RLIM_INFINITY`` is none.
    """
    needed = OWN + OF_GUEST * guests
    if limit == resource.RLIM_INFINITY or limit >= needed:
        return None
    return (
        f"{guests} guests with two clients each take about {needed} open files, and this process "
        f"may have {limit}: raise LimitNOFILE= in the unit, or `ulimit -n`"
    )
