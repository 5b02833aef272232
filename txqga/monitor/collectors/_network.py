"""Interfaces of the guest's network."""

from txqga.monitor import _figures as figures
from txqga.monitor._draft import Draft
from txqga.monitor._said import entries, member, number
from txqga.wire import JSON

#: Each figure: the agent's name, its place after the colon in a line of ``/proc/net/dev``.
_FIGURES = (
    (figures.RECEIVED_BYTES, "rx-bytes", 0),
    (figures.RECEIVED_PACKETS, "rx-packets", 1),
    (figures.RECEIVED_ERRORS, "rx-errs", 2),
    (figures.RECEIVED_DROPPED, "rx-dropped", 3),
    (figures.SENT_BYTES, "tx-bytes", 8),
    (figures.SENT_PACKETS, "tx-packets", 9),
    (figures.SENT_ERRORS, "tx-errs", 10),
    (figures.SENT_DROPPED, "tx-dropped", 11),
)


def interfaces(said: JSON, draft: Draft) -> None:
    """Read ``guest-network-get-interfaces``."""
    for each in entries(said):
        for figure, name, _ in _FIGURES:
            draft.add(figure, member(each.get("statistics"), name), each.get("name"))


def net_dev(text: str, draft: Draft) -> None:
    """Read ``/proc/net/dev``."""
    for line in text.splitlines()[2:]:
        name, colon, counted = line.rpartition(":")
        words = counted.split()
        if colon and len(words) >= 16:
            for figure, _, place in _FIGURES:
                draft.add(figure, number(words[place]), name.strip())
