"""guest-get-time, guest-set-time, guest-get-timezone: the guest's clock. Facts 9."""

import time
from collections.abc import Callable, Mapping

from txqga.agent._family import Served
from txqga.agent.platform import Platform
from txqga.errors import CommandFailed
from txqga.wire import JSON

_YEARS = range(1970, 2070)  #: to which the clock may be set, by the local calendar


class Clock:
    """
    What time it is in the guest, and where.

    :param now: nanoseconds since 1970.
    :param local: the local time now, or at so many seconds since 1970, by the zone that is in
        force when it is called.
    """

    def __init__(
        self,
        platform: Platform,
        now: Callable[[], int] = time.time_ns,
        local: Callable[[int | None], time.struct_time] | None = None,
    ) -> None:
        self._platform = platform
        self._now = now
        self._local = local or _local

    def commands(self) -> Mapping[str, Served]:
        return {
            "guest-get-time": Served(self._time),
            "guest-set-time": Served(self._set, blocking=True),
            "guest-get-timezone": Served(self._timezone),
        }

    def close(self) -> None:
        """There is nothing to let go of."""

    def _time(self, arguments: Mapping[str, JSON]) -> JSON:
        """Return nanoseconds since 1970, of which the last three digits are 0 as qemu-ga's."""
        return self._now() // 1000 * 1000

    def _set(self, arguments: Mapping[str, JSON]) -> JSON:
        """
        Set it, and the hardware's clock after it; without a time, set it by the hardware's.

        If the hardware's clock refuses, that is an error, although the guest's is set.
        """
        if "time" not in arguments:
            self._platform.clock_from_hardware()
            return None
        nanoseconds = arguments["time"]
        if self._local(_quotient(nanoseconds, 10**9)).tm_year not in _YEARS:
            raise CommandFailed("Invalid time")
        self._platform.set_clock(_quotient(nanoseconds, 1000))
        self._platform.clock_to_hardware()
        return None

    def _timezone(self, arguments: Mapping[str, JSON]) -> JSON:
        local = self._local(None)
        return {"offset": local.tm_gmtoff, "zone": local.tm_zone}


def _quotient(number: int, divisor: int) -> int:
    """Divide as C does, towards zero."""
    return number // divisor if number >= 0 else -(-number // divisor)


def _local(seconds: int | None) -> time.struct_time:
    time.tzset()  # /etc/localtime may have been changed while the agent runs
    return time.localtime(seconds)
