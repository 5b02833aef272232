"""What a reply says about frozen filesystems."""

from txqga.session._call import Reply
from txqga.wire import Success

_FREEZES = frozenset({"guest-fsfreeze-freeze", "guest-fsfreeze-freeze-list"})
_THAW = "guest-fsfreeze-thaw"
_STATUS = "guest-fsfreeze-status"

#: commands whose reply tells whether the guest's filesystems are frozen
TELLING = _FREEZES | {_THAW, _STATUS}


def frozen_after(command: str, reply: Reply) -> bool | None:
    """
    Tell whether filesystems are frozen after ``command`` was answered with ``reply``.

    A freeze that found nothing to freeze leaves the frozen state at once. A refusal proves
    nothing: a freeze may have been half done, a thaw complete but for its hook.

    :return: None when the reply does not tell.
    """
    if not isinstance(reply, Success):
        return None
    value = reply.value
    if command == _THAW:
        return False
    if command in _FREEZES:
        return isinstance(value, int) and value > 0
    return {"frozen": True, "thawed": False}.get(value) if isinstance(value, str) else None
