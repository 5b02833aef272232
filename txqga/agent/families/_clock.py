"""guest-get-time, guest-get-timezone: the guest's clock."""

import time
from collections.abc import Callable, Mapping

from txqga.agent._family import Served
from txqga.wire import JSON


class Clock:
    """
    What time it is in the guest, and where.

    :param now: nanoseconds since 1970.
    :param local: the local time, by the zone that is in force when it is called.
    """

    def __init__(
        self,
        now: Callable[[], int] = time.time_ns,
        local: Callable[[], time.struct_time] | None = None,
    ) -> None:
        self._now = now
        self._local = local or _local

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-time": Served(self._time),
            "guest-get-timezone": Served(self._timezone),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _time(self, arguments: Mapping[str, JSON]) -> JSON:
        """Return nanoseconds since 1970, of which the last three digits are 0 as qemu-ga's."""
        return self._now() // 1000 * 1000

    def _timezone(self, arguments: Mapping[str, JSON]) -> JSON:
        local = self._local()
        return {"offset": local.tm_gmtoff, "zone": local.tm_zone}


def _local() -> time.struct_time:
    time.tzset()  # /etc/localtime may have been changed while the agent runs
    return time.localtime()
