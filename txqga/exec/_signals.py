"""The names of signals."""

from signal import Signals
from typing import TypeAlias

#: Those that a program can be sent: TxqgaExecSignal.
NAMES = frozenset(
    {
        *("hup", "int", "quit", "abrt", "kill", "usr1", "usr2", "alrm", "term", "cont", "stop"),
        *("tstp", "winch"),
    }
)

Signal: TypeAlias = "str | Signals"


def signal_name(signal: Signal) -> str:
    """
    Give the protocol's name of a signal.

    :param signal: ``"term"``, ``"SIGTERM"`` or ``signal.SIGTERM``.
    :raise ValueError: it is none that a program can be sent.
    """
    said = signal.name if isinstance(signal, Signals) else signal
    name = said.lower().removeprefix("sig")
    if name not in NAMES:
        raise ValueError(f"{said!r} is no signal that can be sent: {', '.join(sorted(NAMES))}")
    return name
