"""guest-fsfreeze-*, txqga-freeze-lease: the guest's filesystems, held still and let go."""

from collections.abc import Callable, Mapping
from typing import cast

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from txqga.agent._family import Encoded, Served
from txqga.errors import CommandFailed
from txqga.fsfreeze import GuestFreeze
from txqga.wire import JSON

_LONGEST = 1 << 31  #: seconds; more is more than a kernel's clock was made for


class Fsfreeze:
    """
    Filesystems held still.

    The status is the agent's own doing, not the filesystems': what others froze does not count.

    :param is_frozen: whether it holds some.
    """

    _log = Logger()

    def __init__(self, freeze: GuestFreeze, is_frozen: Callable[[], bool]) -> None:
        self._freeze = freeze
        self._is_frozen = is_frozen

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-fsfreeze-status": Served(self._status),
            "guest-fsfreeze-freeze": Served(self._freeze_all),
            "guest-fsfreeze-freeze-list": Served(self._freeze_list),
            "guest-fsfreeze-thaw": Served(self._thaw),
            "txqga-freeze-lease": Served(self._renew),
        }

    def close(self) -> None:
        """The agent has let go already."""

    def _status(self, arguments: Mapping[str, JSON]) -> JSON:
        return "frozen" if self._is_frozen() else "thawed"

    def _freeze_all(self, arguments: Mapping[str, JSON]) -> Deferred[JSON | Encoded]:
        return self._freeze_list({})

    def _freeze_list(self, arguments: Mapping[str, JSON]) -> Deferred[JSON | Encoded]:
        self._log.info("guest-fsfreeze called")
        folders = cast("list[str] | None", arguments.get("mountpoints"))
        return self._freeze.freeze(folders).addCallback(_same)

    def _thaw(self, arguments: Mapping[str, JSON]) -> Deferred[JSON | Encoded]:
        def told(count: int) -> "JSON | Encoded":
            self._log.info("guest-fsthaw called")
            return count

        return self._freeze.thaw().addCallback(told)

    def _renew(self, arguments: Mapping[str, JSON]) -> Deferred[JSON | Encoded]:
        seconds = cast("int | None", arguments.get("seconds"))
        if seconds is not None and not 0 < seconds <= _LONGEST:
            raise CommandFailed(f"value '{seconds}' is invalid for argument seconds")

        def told(left: int | None) -> "JSON | Encoded":
            return {} if left is None else {"seconds": left}

        return self._freeze.renew(seconds).addCallback(told)


def _same(value: int) -> "JSON | Encoded":
    return value
