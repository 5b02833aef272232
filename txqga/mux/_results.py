"""
Results of processes that the agent has told already, and whose owner has not heard them yet.

The agent forgets a result with the first answer that has it. Where that answer came too late, or
to the mux, which looked after a process that its owner had not asked about, it is kept here.
"""

from collections import OrderedDict
from collections.abc import Callable

from attrs import define
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from txqga.mux._handles import Handle
from txqga.wire import JSON, encode

#: Seconds that a result is kept.
KEPT = 300.0

#: Octets of output that the results of one guest hold together; the oldest go first. A single
#: result, of twice 16 MiB in base64, always fits.
OCTETS = 64 << 20


@define
class Result:
    """What became of a process."""

    value: JSON  #: a GuestExecStatus
    octets: int
    expiry: IDelayedCall


class Results:
    """Results of processes whose owner has not heard them yet."""

    def __init__(self, clock: IReactorTime, expired: Callable[[Handle], None]) -> None:
        """
        :param expired: told of a result that nobody asked for.
        """
        self._clock = clock
        self._expired = expired
        self._results: OrderedDict[Handle, Result] = OrderedDict()
        self._octets = 0

    def __contains__(self, handle: Handle) -> bool:
        return handle in self._results

    def keep(self, handle: Handle, value: JSON) -> None:
        """Keep the result of ``handle``."""
        self.take(handle)
        octets = len(encode(value))  # its members may be anything, if the guest is hostile
        while self._results and self._octets + octets > OCTETS:
            self._drop(next(iter(self._results)))
        expiry = self._clock.callLater(KEPT, self._drop, handle)
        self._results[handle] = Result(value, octets, expiry)
        self._octets += octets

    def take(self, handle: Handle) -> JSON | None:
        """Hand out the result of ``handle``, and forget it; None if there is none."""
        found = self._results.pop(handle, None)
        if found is None:
            return None
        if found.expiry.active():
            found.expiry.cancel()
        self._octets -= found.octets
        return found.value

    def stop(self) -> None:
        """Forget all."""
        for handle in list(self._results):
            self.take(handle)

    def _drop(self, handle: Handle) -> None:
        self.take(handle)
        self._expired(handle)
