"""What went wrong on one agent's channel, counted since the session was made."""

from collections import Counter

from attrs import Factory, define


@define
class Counters:
    """What went wrong on one agent's channel, counted since the session was made."""

    connections: int = 0  #: epochs begun
    resyncs: int = 0  #: syncs written because an answer was missing or in doubt
    late_replies: int = 0  #: replies that came after their call was given up or cancelled
    #: calls given up, by command; a command that is not in the schema counts as ``other``
    timeouts: Counter[str] = Factory(Counter)
    #: what no agent should say, by kind: ``malformed``, ``not a reply``, ``no id``,
    #: ``unknown id``, ``too long``
    protocol_errors: Counter[str] = Factory(Counter)
