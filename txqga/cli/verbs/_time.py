"""``txqga time``: the clock of a guest."""

from datetime import datetime, timezone

import click

from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb

SECOND = 10**9  #: nanoseconds


@verb(
    "time",
    examples="""
    txqga time db1
    txqga time db1 --set
    """,
)
@click.argument("guest", type=GUEST)
@click.option("--set", "sets", is_flag=True, help="Set the guest's clock by this host's.")
@click.option(
    "--from-rtc", is_flag=True, help="Set the guest's clock by the machine's own (its RTC)."
)
async def time(run: Run, guest: str | None, sets: bool, from_rtc: bool) -> None:
    """
    Say what time it is in GUEST, and by how much its clock differs from this host's.

    The difference is known to half the time that the question took, which is told with it.
    """
    if sets and from_rtc:
        raise click.UsageError("--set and --from-rtc exclude each other")
    async with run.callee(guest) as found:
        if sets:
            await found.set_time(time=run.now())
        elif from_rtc:
            await found.set_time()
        before = run.now()
        there = await found.get_time()
        after = run.now()
        here = (before + after) // 2
        told = {
            "guest": found.name,
            "time": there,
            "host": here,
            "difference": round((there - here) / SECOND, 6),
            "error": round((after - before) / 2 / SECOND, 6),
        }
        run.out.tell(told, words(there, here, after - before))


def words(there: int, here: int, took: int) -> str:
    """Say a guest's time, and how it differs from ours."""
    difference, error = (there - here) / SECOND, took / 2 / SECOND
    if abs(difference) <= error:
        said = f"as this host, as far as can be told (± {error:.3f} s)"
    else:
        ahead = "ahead of" if difference > 0 else "behind"
        said = f"{abs(difference):.3f} s {ahead} this host (± {error:.3f} s)"
    return f"{date(there)}, {said}"


def date(nanoseconds: int) -> str:
    """Write nanoseconds since 1970; a guest may say any number."""
    try:
        moment = datetime.fromtimestamp(nanoseconds / SECOND, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return f"{nanoseconds} ns since 1970"
    return moment.isoformat(sep=" ", timespec="milliseconds").replace("+00:00", " UTC")
