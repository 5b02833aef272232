"""How long a command may take before the mux gives it up."""

from attrs import field, frozen
from attrs.validators import gt

from txqga.mux._lanes import Lane
from txqga.schema import Schema


@frozen(kw_only=True)
class Caps:
    """
    How long the agent may take, in seconds; then the outcome is unknown.

    The client owns its own deadline, which is shorter: these only keep an agent that will never
    answer from holding everybody for ever.
    """

    freeze: float = field(default=3600.0, validator=gt(0))  #: freezing and trimming
    other: float = field(default=600.0, validator=gt(0))  #: thawing, and all the rest
    #: For shutdown and suspend, which answer only when refused. Silence means that they work, so
    #: nobody learns more by waiting longer, and a guest that has booted again can be asked again.
    silent: float = field(default=60.0, validator=gt(0))
    #: For what nobody in particular asks. A guest that is reset takes with it what it was asked,
    #: and where nobody hears of that from QEMU, everybody else would wait for a poll's answer.
    polls: float = field(default=60.0, validator=gt(0))

    def of(self, schema: Schema, command: str, lane: Lane = Lane.INTERACTIVE) -> float:
        """Tell the cap of a command that waits in that lane."""
        if command in _SLOW:
            return self.freeze
        if lane is Lane.POLLS:
            return self.polls
        return self.silent if is_silent(schema, command) else self.other


_SLOW = frozenset({"guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list", "guest-fstrim"})


def is_silent(schema: Schema, command: str) -> bool:
    """Whether the command has no reply when it works."""
    found = schema.commands.get(command)
    return found is not None and not found.success_response
