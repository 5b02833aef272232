"""``txqga shutdown`` and ``txqga reboot``."""

import click

from txqga.cli._names import GUEST
from txqga.cli._verb import Run, verb


@verb(
    "shutdown",
    examples="""
    txqga shutdown db1
    txqga shutdown db1 --halt
    """,
)
@click.argument("guest", type=GUEST)
@click.option("--halt", is_flag=True, help="Halt, and leave the power on.")
async def shutdown(run: Run, guest: str | None, halt: bool) -> None:
    """
    Tell GUEST to shut down and power off.

    It is good when the agent did not refuse: there is no reply when it works. Whether the guest
    goes, it shows by going.
    """
    await _tell(run, guest, "halt" if halt else "powerdown")


@verb("reboot", examples="txqga reboot db1 && txqga wait db1")
@click.argument("guest", type=GUEST)
async def reboot(run: Run, guest: str | None) -> None:
    """
    Tell GUEST to start anew.

    It is good when the agent did not refuse: there is no reply when it works.
    """
    await _tell(run, guest, "reboot")


async def _tell(run: Run, name: str | None, mode: str) -> None:
    async with run.callee(name) as guest:
        await guest.shutdown(mode=mode, deadline=run.timeout)
        told = {"guest": guest.name, "mode": mode}
        run.out.tell(told, f"{guest.name} was told to {_WORDS[mode]}, and did not refuse")


_WORDS = {"powerdown": "shut down", "halt": "halt", "reboot": "start anew"}
