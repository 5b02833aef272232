"""Short programs of ours in the guest, by ``guest-exec``."""

from collections.abc import Sequence

from attrs import frozen
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from txqga.errors import CommandFailed
from txqga.files._asked import Asked
from txqga.schema import extended, structure

_FIRST, _LONGEST, _GROWTH = 0.005, 1.0, 1.5  #: seconds between two questions, and their ratio

#: Octets of output that an agent keeps (``GUEST_EXEC_MAX_OUTPUT`` in QEMU's qga/commands.c).
KEPT = 16 * 1024 * 1024


@frozen
class Done:
    """What became of a program."""

    code: int | None  #: None: a signal has ended it
    out: bytes
    err: bytes
    is_cut: bool  #: whether it has said more than was kept


async def run(
    clock: IReactorTime, guest: Asked, argv: Sequence[str], seconds: float = 60.0
) -> Done:
    """
    Run a program of the guest to its end.

    :param seconds: how long it may take.
    :raise CommandFailed: it cannot be started, or does not end.
    """
    asked = {"path": argv[0], "arg": list(argv[1:]), "capture-output": True}
    pid = structure(extended(), "GuestExec", await guest.call("guest-exec", asked)).pid
    pause, ends = _FIRST, clock.seconds() + seconds
    while True:
        told = await guest.call("guest-exec-status", {"pid": pid}, deadline=seconds)
        said = structure(extended(), "GuestExecStatus", told)
        if said.exited:
            out, err = said.out_data or b"", said.err_data or b""
            is_cut = bool(said.out_truncated) or len(out) >= KEPT
            return Done(said.exitcode if said.signal is None else None, out, err, is_cut)
        if clock.seconds() >= ends:
            raise CommandFailed(f"{argv[0]} does not end within {seconds:g} s", "guest-exec")
        await _later(clock, pause)
        pause = min(pause * _GROWTH, _LONGEST)


async def shell(
    clock: IReactorTime,
    guest: Asked,
    script: str,
    *arguments: str,
    seconds: float = 60.0,
) -> Done:
    """
    Run a script by the guest's ``/bin/sh``.

    :param arguments: ``$1`` and so on.
    :raise CommandFailed: there is none.
    """
    return await run(clock, guest, ["/bin/sh", "-c", script, "sh", *arguments], seconds)


def complaint(done: Done) -> str:
    """What a program has said before it failed, in short."""
    said = done.err.decode("utf-8", "replace").strip()[:200]
    return said or ("it was killed" if done.code is None else f"exit code {done.code}")


def _later(clock: IReactorTime, seconds: float) -> Deferred[None]:
    waiting: Deferred[None] = Deferred(lambda _: timer.cancel())
    timer = clock.callLater(seconds, waiting.callback, None)
    return waiting
