"""Load, and what the processors do."""

from txqga.monitor._draft import Draft
from txqga.monitor._figures import CPU, CPU_GUEST, CPUS, LOAD1, LOAD5, LOAD15
from txqga.monitor._said import entries, lines, member, number
from txqga.wire import JSON

#: Modes of node_exporter, by the agent's names, in the order of ``/proc/stat``.
_MODES = {
    "user": "user",
    "nice": "nice",
    "system": "system",
    "idle": "idle",
    "iowait": "iowait",
    "irq": "irq",
    "softirq": "softirq",
    "steal": "steal",
}

#: Those of guests inside the guest.
_GUESTS = {"guest": "user", "guestnice": "nice"}

#: ``USER_HZ``: what the kernel counts in toward programs, on every platform that Linux has here.
_TICK = 0.01


def load(said: JSON, draft: Draft) -> None:
    """Read ``guest-get-load``."""
    for figure, name in ((LOAD1, "load1m"), (LOAD5, "load5m"), (LOAD15, "load15m")):
        draft.add(figure, member(said, name))


def loadavg(text: str, draft: Draft) -> None:
    """Read ``/proc/loadavg``."""
    for words in lines(text):
        for figure, word in zip((LOAD1, LOAD5, LOAD15), words, strict=False):
            draft.add(figure, number(word))
        return


def cpu_times(said: JSON, draft: Draft) -> None:
    """Read ``guest-get-cpustats``, which counts in milliseconds."""
    for each in entries(said):
        if each.get("type") != "linux" or type(cpu := each.get("cpu")) is not int:
            continue
        for name, mode in _MODES.items():
            draft.add(CPU, each.get(name), str(cpu), mode, scale=0.001)
        for name, mode in _GUESTS.items():
            draft.add(CPU_GUEST, each.get(name), str(cpu), mode, scale=0.001)


def stat(text: str, draft: Draft) -> None:
    """Read ``/proc/stat``."""
    for words in lines(text):
        cpu = words[0].removeprefix("cpu")
        if cpu == words[0] or not cpu.isdecimal():
            continue
        values = iter(words[1:])
        for mode, word in zip(_MODES.values(), values, strict=False):
            draft.add(CPU, number(word), cpu, mode, scale=_TICK)
        for mode, word in zip(_GUESTS.values(), values, strict=False):
            draft.add(CPU_GUEST, number(word), cpu, mode, scale=_TICK)


def vcpus(said: JSON, draft: Draft) -> None:
    """Read ``guest-get-vcpus``."""
    online = [each.get("online") is True for each in entries(said)]
    if online:
        draft.add(CPUS, online.count(True), "online")
        draft.add(CPUS, online.count(False), "offline")
